"""How much the turns of a run may write: the same for every arm."""

from dataclasses import asdict, replace

from agents.budget import Limits
from slmtui.agents_table import LimitsTable
from slmtui.settings import Settings
from slmtui.settings_tools import ToolsTable
from slmtui.suites.plan import Plan


def limits_of(settings: Settings, max_tokens: int | None, budget_tokens: int | None) -> tuple[Limits, Limits]:
    """Return the limits of a turn and those of each agent in it.

    `max_tokens` is what a turn may write, in output tokens. With `budget_tokens` no agent has a lower limit
    of its own, so that every arm may spend as much: what an agent thinks and calls, `vote` has for its
    samples, and base for its answer.
    """
    turn = settings.limits_of_turn()
    own = settings.agents.limits.limits() if settings.agents.limits else turn
    if budget_tokens is not None:
        return replace(turn, max_tokens=budget_tokens), replace(own, max_tokens=budget_tokens)
    if max_tokens is None:
        return turn, own
    agent = own if settings.agents.limits else replace(own, max_tokens=max_tokens)
    return replace(turn, max_tokens=max_tokens), agent


def settings_for(plan: Plan, model: str, settings: Settings) -> Settings:
    """Return the settings of an engine that answers for a plan: its model and limits.

    They name no tools, notes or servers: every turn of a run brings its own box.
    """
    agent = _table(plan.agent_limits)
    changed = {
        "limits": _table(plan.limits),
        "agents": settings.agents.model_copy(update={"limits": agent}),
        "tools": ToolsTable(),
        "notes": None,
        "model": model or plan.model or None,
    }
    return settings.model_copy(update=changed)


def _table(limits: Limits) -> LimitsTable:
    return LimitsTable.model_validate(asdict(limits))
