"""Why an answer is not right: the earliest cause on the way from the request to it.

What comes after the first thing that went wrong could hardly have gone well, so a turn has one cause.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.events import AgentStarted, Event, HandOff, LimitReached, RungTaken
from agents.paradigms import PARADIGMS
from agents.specialists import available, specialist_for
from sessions.records import CallRecord
from sessions.tally import records_of
from slmtui.suites.item import NO_TOOL, Called, Item, Kind, Outcome
from slmtui.suites.outcomes import outcome_of_records
from slmtui.suites.scorers import score
from tools.arguments import complaint
from tools.registry import Toolbox

CAUSES = {
    "failed": "the turn did not end well",
    "mis-route": "the task went to a specialist without the right tool",
    "cut": "a call or the answer was cut off by the limit of tokens",
    "invalid call": "what was written as a call could not be read, or its tool's schema refused it",
    "no tool": "a tool was needed and none was called",
    "wrong tool": "other tools were called than the right one, or one where none was needed",
    "tool error": "a right tool was called, and could not answer",
    "wrong arguments": "a right tool was called, and what it was asked did not lead to the right answer",
    "loop": "the agent repeated itself, or went on to its limit of steps",
    "empty": "there is no answer",
    "misreported": "a result held the right answer, and the answer does not",
    "wrong words": "no tool was called or known to be needed, and the answer is wrong",
}
"""Every cause with what it means, the earliest on the way to an answer first."""

_AS_GOOD = {"query_table": "table_figure"}
"""Tools that answer what another is asked for, at least as well."""

_SHARED_TOOLS = frozenset({"multi-union"})

_READ_OFF: frozenset[Kind] = frozenset(
    {"exact", "number", "contains", "regex", "date", "word", "first", "sequence", "text"}
)
"""Kinds of answers that a tool's result can hold."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a turn went: `routed` agents were handed a task, `cut` are the purposes of calls that were cut."""

    item: Item
    outcome: Outcome
    paradigm: str
    tools: Toolbox
    routed: frozenset[str]
    limits: frozenset[str]
    rungs: frozenset[str]
    cut: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether it is known which tool is right, if any."""
        return self.item.tool != ""

    @property
    def needed(self) -> bool:
        """Whether a tool is needed, by an arm that has tools."""
        arm = PARADIGMS.get(self.paradigm)
        return self.item.tool not in ("", NO_TOOL) and (arm is None or "tools" in arm.factors)

    @property
    def right(self) -> list[Called]:
        """The calls of a right tool; all calls, where it is not known which that is."""
        return [call for call in self.outcome.called if not self.known or _serves(call.name, self.item)]

    @property
    def held(self) -> bool:
        """Whether a result held the right answer."""
        return self.item.expected.kind in _READ_OFF and any(
            not call.error and score(self.item, Outcome(call.result, "ok")).flexible
            for call in self.outcome.called
        )


def cause_of(item: Item, events: Sequence[Event], tools: Toolbox, paradigm: str) -> str:
    """Return the cause, one of `CAUSES`, of an answer that is not right, from all events of its turn.

    `tools` are those that the turn had. Arms that have no tools are not blamed for calling none. Raises
    `SuiteError` where the item's own pattern fails.
    """
    return next(_causes(_way(item, events, tools, paradigm)), "wrong words")


def tool_right(item: Item, outcome: Outcome) -> bool | None:
    """Return whether the first tool that was called is right, or none was where none is; None: not known."""
    if not item.tool:
        return None
    return _serves(outcome.called[0].name if outcome.called else NO_TOOL, item)


def _way(item: Item, events: Sequence[Event], tools: Toolbox, paradigm: str) -> _Way:
    records = records_of(events)
    return _Way(
        item=item,
        outcome=outcome_of_records(records),
        paradigm=paradigm,
        tools=tools,
        routed=frozenset(_routed(events)),
        limits=frozenset(event.limit for event in events if isinstance(event, LimitReached)),
        rungs=frozenset(event.rung for event in events if isinstance(event, RungTaken)),
        cut=frozenset(_last_purpose(call) for call in records.calls if call.finish_reason == "length"),
    )


def _causes(way: _Way) -> Iterator[str]:
    """Yield the causes that show, the earliest first."""
    outcome, right, held = way.outcome, way.right, way.held
    # A route of one token always ends by its limit.
    words_cut = outcome.cut or not {"answer", "handoff"}.isdisjoint(way.cut)
    shows = {
        "failed": outcome.status != "ok",
        "mis-route": way.needed and not right and _misrouted(way),
        # Cut after the result was there, it is the answer that was cut.
        "cut": "call" in way.cut or (words_cut and (held or not way.needed)),
        "invalid call": _invalid(way),
        "no tool": way.needed and not outcome.called,
        "wrong tool": bool(outcome.called) and not right and not (way.needed and held),
        "tool error": bool(right) and all(call.error for call in right),
        "wrong arguments": not held and _answerable(way) and any(not call.error for call in right),
        "loop": not {"repeat", "text", "steps", "tool_calls"}.isdisjoint(way.limits),
        "empty": not outcome.answer.strip(),
        "misreported": held,
    }
    return (cause for cause, shown in shows.items() if shown)


def _answerable(way: _Way) -> bool:
    """Whether a right call of a right tool would have settled the matter."""
    return way.known or way.item.expected.kind in _READ_OFF


def _serves(name: str, item: Item) -> bool:
    """Whether a tool is a right one for an item, or as good as one."""
    right = {item.tool, *(call.name for call in item.expected.calls)}
    return name in right or _AS_GOOD.get(name) in right


def _routed(events: Iterable[Event]) -> Iterator[str]:
    """Yield the agents that were handed a task by another, but for one that had begun before."""
    begun: set[str] = set()
    for event in events:
        if isinstance(event, AgentStarted):
            begun.add(event.agent)
        elif isinstance(event, HandOff) and event.target not in begun:
            yield event.target


def _last_purpose(call: CallRecord) -> str:
    """Return what a call's last tokens were for, as far as the counts tell: a call of a tool, or its own."""
    return "call" if call.call_tokens or call.repair_tokens else call.purpose


def _misrouted(way: _Way) -> bool:
    """Whether specialists were handed the task, and not the right one; an agent may hand it on to others."""
    specialists = available(way.tools)
    routed = {specialist.name for specialist in specialists} & way.routed
    if not routed or way.paradigm in _SHARED_TOOLS:
        return False
    return specialist_for(way.item.tool, specialists).name not in routed


def _invalid(way: _Way) -> bool:
    mended = not {"repair", "reask", "no_tools"}.isdisjoint(way.rungs)
    return mended or any(_refused(call, way.tools) for call in way.outcome.called)


def _refused(call: Called, tools: Toolbox) -> bool:
    return (
        call.name not in tools.names or complaint(call.arguments, tools.get(call.name).parameters) is not None
    )
