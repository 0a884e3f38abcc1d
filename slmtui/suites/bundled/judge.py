"""The judgement of a turn: right answer, right tool, valid calls, and the first thing that went wrong.

A turn has one cause of failure, the earliest on the way from the request to the answer, since what
comes after it could hardly have gone well. `signs` are all that were seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.specialists import available, specialist_for
from tests.benchmarks.agent_items import NO_TOOL, Item
from tests.benchmarks.agent_outcomes import Called, Outcome
from tests.benchmarks.agent_scoring import score
from tools.arguments import complaint
from tools.registry import Toolbox

CAUSES = {
    "failed": "the turn did not end well",
    "mis-route": "the task went to a specialist without the right tool",
    "cut": "a call or the answer was cut off by the limit of tokens",
    "invalid call": "what was written as a call could not be read, or its tool's schema refused it",
    "no tool": "a tool was needed and none was called",
    "wrong tool": "other tools were called than the right one, or one where none was needed",
    "tool error": "the right tool was called, and could not answer",
    "wrong arguments": "the right tool was called, and its result does not hold the right answer",
    "loop": "the agent repeated itself, or went on to its limit of steps",
    "empty": "there is no answer",
    "misreported": "a result held the right answer, and the answer does not",
    "wrong words": "no tool was needed, none was called, and the answer is wrong",
}

_AS_GOOD = {"query_table": "table_figure"}
"""Tools that answer what another is asked for, at least as well."""

_SHARED_TOOLS = frozenset({"multi-union"})


@dataclass(frozen=True)
class Judged:
    """How a turn did. `cause` is empty where the answer is right; `tool` says that the first was right."""

    right: bool
    flexible: bool
    tool: bool
    valid: bool
    called: bool
    cause: str
    signs: tuple[str, ...]


def judge(item: Item, outcome: Outcome, paradigm: str, tools: Toolbox) -> Judged:
    """Judge a turn. Where no tool is right, an answer counts only if none was called."""
    scored = score(outcome.answer, item.expected)
    first = _named(outcome.called[0]) if outcome.called else NO_TOOL
    spared = item.tool != NO_TOOL or not outcome.called
    right = scored.strict and spared and outcome.status == "ok"
    signs = () if right else tuple(_signs(item, outcome, paradigm, tools))
    return Judged(
        right=right,
        flexible=scored.flexible and spared,
        tool=first == item.tool,
        valid=not _invalid(outcome, tools),
        called=bool(outcome.called or _unread(outcome)),
        cause="" if right else signs[0],
        signs=signs,
    )


def _signs(item: Item, outcome: Outcome, paradigm: str, tools: Toolbox) -> Iterator[str]:
    """Yield the causes that show, the earliest on the way to the answer first; there is always one."""
    right = [call for call in outcome.called if _named(call) == item.tool]
    held = any(not c.error and score(c.result, item.expected).flexible for c in outcome.called)
    needed = item.tool != NO_TOOL
    # A route of one token, and a vote with its share of them, always end by their limits.
    words_cut = not {"answer", "handoff"}.isdisjoint(outcome.cut)
    limits = {"repeat", "text", "steps", "tool_calls"}
    shows = {
        "failed": outcome.status != "ok",
        "mis-route": not right and paradigm not in _SHARED_TOOLS and _misrouted(item, outcome, tools),
        # Cut after the result was there, it is the answer that was cut.
        "cut": "call" in outcome.cut or (words_cut and (held or not needed)),
        "invalid call": _invalid(outcome, tools),
        "no tool": needed and not outcome.called,
        "wrong tool": bool(outcome.called) and not right,
        "tool error": bool(right) and all(call.error for call in right),
        "wrong arguments": any(not call.error for call in right) and not held,
        "loop": not limits.isdisjoint(outcome.limits),
        "empty": not outcome.answer.strip(),
        "misreported": held,
    }
    yield from (cause for cause, shown in shows.items() if shown)
    if not any(shows.values()):
        yield "wrong words"


def _named(call: Called) -> str:
    return _AS_GOOD.get(call.name, call.name)


def _misrouted(item: Item, outcome: Outcome, tools: Toolbox) -> bool:
    """Whether specialists were handed the task, and not the right one; an agent may hand it on to others."""
    specialists = available(tools)
    routed = {specialist.name for specialist in specialists}.intersection(outcome.routed)
    return bool(routed) and specialist_for(item.tool, specialists).name not in routed


def _invalid(outcome: Outcome, tools: Toolbox) -> bool:
    return _unread(outcome) or any(_refused(call, tools) for call in outcome.called)


def _unread(outcome: Outcome) -> bool:
    """Whether something that was written as a call needed mending, or was cut off."""
    return any(rung in ("repair", "reask", "no_tools") for rung in outcome.rungs) or "call" in outcome.cut


def _refused(call: Called, tools: Toolbox) -> bool:
    return (
        call.name not in tools.names or complaint(call.arguments, tools.get(call.name).parameters) is not None
    )
