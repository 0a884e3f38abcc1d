"""Under what the arms of a comparison answer, settled before anything runs, and kept with the run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.budget import Limits
from agents.helps import Helps
from agents.message import Sampling
from sessions.run_records import BY_HAND, ArmRecord
from slmtui.suites.arms import arms_of
from slmtui.suites.plan import Plan, as_json

MOST_ARMS = 9
"""As many as there are keys to mark them with."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a comparison by hand is: every paradigm with every model, and what is the same for all.

    `models` begins with the name of the one that is loaded in the chat, `loaded`, if it takes part; others
    are paths. `at_once` says that the arms answer at the same time and so share the machine. `history_of`
    is the session whose conversation comes before each prompt, empty for none. `system` is the user's own
    system prompt. A run has one set of these: whatever changes begins another.
    """

    paradigms: tuple[str, ...] = ("base", "single", "multi")
    models: tuple[str, ...] = ("",)
    loaded: str = ""
    at_once: bool = True
    history_of: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    helps: Helps = field(default_factory=Helps)
    system: str | None = None
    limits: Limits = field(default_factory=Limits)
    agent_limits: Limits | None = None

    @property
    def shared(self) -> bool:
        """Whether arms answer beside each other: seconds and joules hold the neighbours' then."""
        return self.at_once and len(self.paradigms) * len(self.models) > 1

    @property
    def arms(self) -> tuple[ArmRecord, ...]:
        """The arms, the baseline first, named as a suite's are."""
        return in_order(arms_of(self._plan))

    @property
    def plan(self) -> dict[str, Any]:
        """The plan of the run: that of a suite without suites, and what a suite has not."""
        own = {"kind": BY_HAND, "history_of": self.history_of, "system": self.system or ""}
        return as_json(self._plan) | own

    @property
    def _plan(self) -> Plan:
        return Plan(
            suites=(),
            paradigms=self.paradigms,
            models=self.models,
            model=self.loaded,
            helps=self.helps,
            sampling=self.sampling,
            limits=self.limits,
            agent_limits=self.agent_limits or self.limits,
            seed=self.sampling.seed,
            at_once=len(self.paradigms) * len(self.models) if self.at_once else 1,
        )


def in_order(arms: Sequence[ArmRecord]) -> tuple[ArmRecord, ...]:
    """Return the arms with the baseline first: base where it takes part, as a comparison has it."""
    return tuple(sorted(arms, key=lambda arm: arm.paradigm != "base"))
