"""What a stored turn of a suite ran with beside what it recorded of itself: its limits, and its item."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sessions.records import TurnRecord
from sessions.what_if_store import WhatIfs
from slmtui.suites.item import Item
from slmtui.suites.plan import Plan, plan_of
from slmtui.suites.stored_items import item_of

LIMITS = ("limits.", "agents.limits")


@dataclass(frozen=True, slots=True)
class Attempted:
    """The attempt that a stored turn was: at an item, under the plan of its run."""

    plan: Plan
    item: Item

    @property
    def limits(self) -> dict[str, Any]:
        """The limits that it ran under, as the settings take them."""
        turn, agent = asdict(self.plan.limits), asdict(self.plan.agent_limits)
        return {"limits": turn} | ({"agents": {"limits": agent}} if agent != turn else {})


@dataclass(frozen=True, slots=True)
class WasRun:
    """What is known of how a stored turn ran beside what it recorded of itself.

    `attempt` is what it was in a run of suites, None for a turn of a chat. `limits` are its limits as the
    settings take them: none of a chat's turn, which does not tell, but those that a what-if changed.
    `at_once` is how many turns of its run may have run at once: a what-if runs alone.
    """

    attempt: Attempted | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    at_once: int = 1


NOTHING_KNOWN = WasRun()


def was_run(turn: TurnRecord, kept: WhatIfs) -> WasRun:
    """Return what is known of how a turn ran; a what-if ran as the turn that it ran again, but for changes.

    Raises `UnknownTurnError` when that one is gone, and `SuiteError` for a run that cannot be read.
    """
    found = kept.attempt_of(turn)
    attempt = None if found is None else Attempted(plan_of(found.plan), item_of(found.item))
    limits = {} if attempt is None else attempt.limits
    before = kept.before(turn.turn)
    for record in before:
        for name, (_, now) in record.changes.items():
            if name.startswith(LIMITS):
                _put(limits, name.split("."), now)
    return WasRun(attempt, limits, 1 if attempt is None or before else attempt.plan.at_once)


def _put(tables: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        tables = tables.setdefault(name, {})
    tables[path[-1]] = value
