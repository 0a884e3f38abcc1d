"""What a ledger needs of a turn's events beside the turn's records."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from agents.events import (
    CallFinished,
    CallStarted,
    ContextTrimmed,
    Event,
    LimitReached,
    MeterRead,
    OriginTokens,
    PrefillProgress,
    RungTaken,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from sessions.records import CallRecord, TurnRecords
from sessions.tally import TurnTally

Trouble: TypeAlias = RungTaken | LimitReached | ToolFinished | ContextTrimmed | CallFinished
"""What may tell of a failure."""


@dataclass(slots=True)
class ToolRun:
    """A call of a tool that began; `end` is None where it was not heard to end. Seconds of the turn."""

    id: str
    agent: str
    name: str
    start: float
    end: float | None = None
    asked_by: str = ""


@dataclass(slots=True)
class Facts:
    """What the events of a turn tell.

    `begun` holds the most tokens that each call might write, by the call's id. `troubles` stand with what
    had begun before each: so many calls of the model, and of tools.
    """

    records: TurnRecords
    origins: dict[str, tuple[OriginTokens, ...]] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    first_token: dict[str, float] = field(default_factory=dict)
    read_until: dict[str, float] = field(default_factory=dict)
    tools: dict[str, ToolRun] = field(default_factory=dict)
    readings: list[MeterRead] = field(default_factory=list)
    troubles: list[tuple[Trouble, int, int]] = field(default_factory=list)
    _last_call: dict[str, str] = field(default_factory=dict)

    @property
    def answering(self) -> CallRecord | None:
        """The call that wrote the answer; None where none did."""
        wanted = self.records.turn.answer_call
        return next((call for call in self.records.calls if call.call == wanted), None)

    def take(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case CallStarted():
                self._begin(event.call, event.agent, event.max_tokens)
            case TextDelta():
                self._begin(event.call, event.agent)
                if event.times:
                    self.first_token.setdefault(event.call, event.times[0])
            case PrefillProgress():
                self.read_until[event.call] = event.t
            case CallFinished():
                self._begin(event.call, event.agent)
                self.origins[event.call] = event.origins
            case MeterRead():
                self.readings.append(event)
            case ToolStarted():
                asked_by = self._last_call.get(event.agent, "")
                run = ToolRun(event.tool_call, event.agent, event.name, event.t, asked_by=asked_by)
                self.tools[event.tool_call] = run
            case ToolFinished() if event.tool_call in self.tools:
                self.tools[event.tool_call].end = event.t
            case _:
                pass
        if isinstance(event, Trouble):
            self.troubles.append((event, len(self.begun), len(self.tools)))

    def last_call_of(self, agent: str, among: int) -> str:
        """Return the last of the first `among` calls that an agent made; empty where it made none."""
        agents = {call.call: call.agent for call in self.records.calls}
        begun = list(self.begun)[:among]
        return next((call for call in reversed(begun) if agents.get(call) == agent), "")

    def _begin(self, call: str, agent: str, max_tokens: int = 0) -> None:
        if call not in self.begun:
            self.begun[call] = max_tokens
            self._last_call[agent] = call


def facts_of(events: Iterable[Event]) -> Facts:
    """Return the facts of a turn from its events, in order."""
    tally, told = TurnTally(), list(events)
    for event in told:
        tally.add(event)
    facts = Facts(tally.records)
    for event in told:
        facts.take(event)
    return facts
