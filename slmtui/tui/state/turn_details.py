"""A turn taken apart: each call of the model with what it saw and wrote, each tool call, each hand-off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from agents import events as ev
from agents.message import Message
from sessions.attributing.cells import InputCell
from sessions.attributing.facts import facts_of
from sessions.attributing.tables import input_cells
from sessions.records import CallRecord, TurnRecord
from slmtui.tui.state import notices

EntryKind = Literal["turn", "call", "tool", "hand-off"]


@dataclass(slots=True)
class CallDetails:
    """One call of the model: its events and its record. `notes` say what became of it, in words.

    `cells` are its prompt tokens by origin, as the ledger has them; they sum to the prompt.
    """

    record: CallRecord
    started: ev.CallStarted | None = None
    trimmed: ev.ContextTrimmed | None = None
    finished: ev.CallFinished | None = None
    deltas: list[ev.TextDelta] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cells: list[InputCell] = field(default_factory=list)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The prompt before anything was left out."""
        return self.started.messages if self.started else ()

    @property
    def left_out(self) -> frozenset[int] | None:
        """The numbers of the messages that were left out; None where nobody told which."""
        dropped = self.trimmed.dropped_messages if self.trimmed else 0
        return left_out(self.messages, dropped)


@dataclass(slots=True)
class ToolDetails:
    """One call of a tool. `finished` is None where it was not heard to end."""

    started: ev.ToolStarted
    finished: ev.ToolFinished | None = None
    decision: ev.Decision | None = None


Entry: TypeAlias = "CallDetails | ToolDetails | ev.HandOff | TurnDetails"


@dataclass(slots=True)
class TurnDetails:
    """One turn: its record, its first event if it was told, what happened to it, and its parts in order."""

    record: TurnRecord
    started: ev.TurnStarted | None = None
    notes: list[str] = field(default_factory=list)
    parts: list[CallDetails | ToolDetails | ev.HandOff] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """The turn itself, then its parts."""
        return [self, *self.parts]


def details_of(events: Iterable[ev.Event]) -> TurnDetails:
    """Return a turn taken apart, from its events, in order; of a running one, as far as they go."""
    told = list(events)
    facts = facts_of(told)
    details = TurnDetails(facts.records.turn)
    reader = _Reader(details, {call.call: call for call in facts.records.calls})
    for event in told:
        reader.take(event)
    for cell in input_cells(facts):
        if call := reader.calls.get(cell.call):
            call.cells.append(cell)
    return details


@dataclass(slots=True)
class _Reader:
    """Sorts events into the parts that they belong to."""

    details: TurnDetails
    records: dict[str, CallRecord]
    calls: dict[str, CallDetails] = field(default_factory=dict)
    tools: dict[str, ToolDetails] = field(default_factory=dict)
    decisions: dict[str, ev.Decision] = field(default_factory=dict)

    def take(self, event: ev.Event) -> None:
        match event:
            case ev.TurnStarted():
                self.details.started = event
            case ev.CallStarted():
                self._call(event.call, event)
            case ev.TextDelta():
                if call := self._call(event.call):
                    call.deltas.append(event)
            case ev.CallFinished():
                if call := self._call(event.call):
                    call.finished = event
            case ev.ContextTrimmed() if call := self.calls.get(event.call):
                call.trimmed = event
            case ev.RungTaken() if call := self.calls.get(event.call):
                call.notes.append(notices.rung(event))
            case ev.HandOff():
                self.details.parts.append(event)
            case _:
                self._take_tool(event)

    def _call(self, ident: str, started: ev.CallStarted | None = None) -> CallDetails | None:
        """Return the details of a call, begun here where they are new; None where the ledger knows none."""
        if ident not in self.calls and ident in self.records:
            self.calls[ident] = CallDetails(self.records[ident], started)
            self.details.parts.append(self.calls[ident])
        return self.calls.get(ident)

    def _take_tool(self, event: ev.Event) -> None:
        match event:
            case ev.ToolStarted():
                tool = ToolDetails(event, decision=self.decisions.get(event.tool_call))
                self.tools[event.tool_call] = tool
                self.details.parts.append(tool)
            case ev.ToolFinished() if event.tool_call in self.tools:
                self.tools[event.tool_call].finished = event
            case ev.ApprovalGiven():
                self.decisions[event.tool_call] = event.decision
            case _:
                self.details.notes += _note(event)


def _note(event: ev.Event) -> Iterator[str]:
    match event:
        case ev.LimitReached():
            yield notices.limit(event)
        case ev.AnswerChosen():
            yield notices.chosen(event)
        case ev.CallSkipped():
            yield notices.skipped(event)
        case ev.RungTaken():
            yield notices.rung(event)
        case _:
            pass


def left_out(messages: Sequence[Message], dropped: int) -> frozenset[int] | None:
    """Return which messages were left out, when so many were, by the engine's rule; None where it cannot be.

    Whole groups are left out: the oldest turns first, then the examples in order.
    """
    groups: dict[int, list[int]] = {}
    for n, message in enumerate(messages):
        if message.group:
            groups.setdefault(message.group, []).append(n)
    gone: list[int] = []
    for members in sorted(groups.values(), key=lambda members: messages[members[0]].origin != "history"):
        if len(gone) >= dropped:
            break
        gone += members
    return frozenset(gone) if len(gone) == dropped else None


def entry_kind(entry: Entry) -> EntryKind:
    """Return what an entry is."""
    match entry:
        case CallDetails():
            return "call"
        case ToolDetails():
            return "tool"
        case ev.HandOff():
            return "hand-off"
        case TurnDetails():
            return "turn"


def entry_id(entry: Entry) -> str:
    """Return the id by which a timeline knows an entry; empty where it has no bar."""
    match entry:
        case CallDetails():
            return entry.record.call
        case ToolDetails():
            return entry.started.tool_call
        case _:
            return ""
