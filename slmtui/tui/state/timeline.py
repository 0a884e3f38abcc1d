"""A turn laid out along its time: a lane for each agent, with what ran in it, and the hand-offs between.

The figures are the ledger's: what runs at once shares its seconds, and lanes and idle moments sum exactly
to the turn's time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from agents.events import AgentStarted, Event, HandOff, ToolFinished
from sessions.attributing.energy import energy_of
from sessions.attributing.facts import Facts
from sessions.attributing.sharing import Piece, nanos, share_out
from sessions.attributing.spans import WAITING, Span, spans_of
from sessions.attributing.tables import input_cells, output_cells
from sessions.tally import TurnTally

BarKind = Literal["wait", "prefill", "decode", "tool"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when, in nanoseconds of the turn, a bar was doing one thing."""

    start: int
    end: int
    kind: BarKind


@dataclass(frozen=True, slots=True)
class Bar:
    """A call of the model, or of a tool, from `start` to `end` in nanoseconds of the turn.

    `ended` says that it was heard to end, and `failed` that it came to nothing.
    """

    id: str
    start: int
    end: int
    stretches: tuple[Stretch, ...]
    is_tool: bool = False
    ended: bool = True
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """An agent: its bars in rows within which none overlaps another, and what it took of the turn.

    `nanoseconds` is its share of the turn's time; tokens are those of its prompts and outputs.
    """

    agent: str
    rows: tuple[tuple[Bar, ...], ...] = ()
    prompt_tokens: int = 0
    output_tokens: int = 0
    nanoseconds: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A hand-off at a moment in nanoseconds, from a lane to another, by their numbers from 0."""

    at: int
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A turn of `wall` nanoseconds. The lanes' shares and `idle` sum to it exactly."""

    wall: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...] = ()
    idle: int = 0

    @property
    def prompt_tokens(self) -> int:
        """All prompt tokens."""
        return sum(lane.prompt_tokens for lane in self.lanes)

    @property
    def output_tokens(self) -> int:
        """All output tokens."""
        return sum(lane.output_tokens for lane in self.lanes)


@dataclass(slots=True)
class TimelineFeed:
    """Takes the events of a turn one at a time, and gives its timeline so far whenever it is asked.

    A `tally` that is fed by someone else already may be given; it is then left to them.
    """

    tally: TurnTally | None = None
    _own: TurnTally = field(default_factory=TurnTally)
    _facts: Facts = field(init=False)
    _agents: dict[str, None] = field(default_factory=dict)
    _hand_offs: list[HandOff] = field(default_factory=list)
    _errors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._facts = Facts(self._own.records)

    def add(self, event: Event) -> None:
        """Take in one event."""
        if self.tally is None:
            self._own.add(event)
        self._facts.take(event)
        match event:
            case HandOff():
                self._hand_offs.append(event)
                self._agents |= dict.fromkeys((event.source, event.target))
            case AgentStarted():
                self._agents[event.agent] = None
            case ToolFinished() if event.status == "error":
                self._errors.add(event.tool_call)
            case _:
                if agent := getattr(event, "agent", None):
                    self._agents[agent] = None

    def timeline(self, now: float | None = None) -> Timeline:
        """Return the turn laid out; of a running one, until `now` seconds, or its last event."""
        facts = self._facts
        facts.records = (self.tally or self._own).records
        turn = facts.records.turn
        if turn.status is None and now is not None:
            turn.wall_s = max(turn.wall_s, now)
        wall = nanos(turn.wall_s)
        spans = spans_of(facts, wall)
        # The ledger's curve, too: what runs at once is shared, and rounded, between its moments.
        _, _, curve = energy_of(facts, wall)
        idle = share_out([piece for span in spans for piece in span.pieces], curve, wall)
        agents = tuple(dict.fromkeys([*self._agents, *(span.agent for span in spans)]))
        lanes = tuple(self._lane(agent, spans, running=turn.status is None) for agent in agents)
        return Timeline(wall, lanes, tuple(self._arrows(agents, wall)), idle.nanoseconds)

    def _lane(self, agent: str, spans: list[Span], *, running: bool) -> Lane:
        own = [span for span in spans if span.agent == agent]
        bars = (self._bar(span, running) for span in own)
        return Lane(
            agent,
            _in_rows(sorted(bars, key=lambda bar: (bar.start, bar.end))),
            sum(cell.prompt for cell in input_cells(self._facts) if cell.agent == agent),
            sum(cell.tokens for cell in output_cells(self._facts) if cell.agent == agent),
            sum(span.nanoseconds for span in own),
        )

    def _bar(self, span: Span, running: bool) -> Bar:
        ended = _ended(span)
        failed = span.id in self._errors if span.call is None else _came_to_nothing(span.call.finish_reason)
        return Bar(
            span.id,
            span.start,
            span.end,
            tuple(_stretches(span, working=running and not ended)),
            is_tool=span.call is None,
            ended=ended,
            failed=failed or not (ended or running),
        )

    def _arrows(self, agents: tuple[str, ...], wall: int) -> Iterator[Arrow]:
        for event in self._hand_offs:
            if event.source != event.target:
                at = min(nanos(event.t), wall)
                yield Arrow(at, agents.index(event.source), agents.index(event.target))


def timeline_of(events: Iterable[Event], now: float | None = None) -> Timeline:
    """Return a turn laid out from its events; of a running one, until `now` seconds, or the last event."""
    feed = TimelineFeed()
    for event in events:
        feed.add(event)
    return feed.timeline(now)


def _ended(span: Span) -> bool:
    if span.call is not None:
        return span.call.finish_reason is not None
    return span.run is not None and span.run.end is not None


def _came_to_nothing(reason: str | None) -> bool:
    return reason in {"failed", "cancelled"}


def _stretches(span: Span, *, working: bool) -> Iterator[Stretch]:
    """Yield what a span did; the end of one that still works is more of what it was doing."""
    last: BarKind = "prefill" if span.run is None else "tool"
    for place, piece in enumerate(span.pieces, 1):
        if piece.start < piece.end:
            kind = _kind(piece)
            if kind != "wait":
                last = kind
            elif working and place == len(span.pieces):
                kind = last
            yield Stretch(piece.start, piece.end, kind)


def _kind(piece: Piece) -> BarKind:
    """Return what a piece is drawn as; making text of messages, the template, is part of the prefill."""
    if WAITING.issuperset(piece.states):
        return "wait"
    if "tool" in piece.states:
        return "tool"
    return "decode" if "decode" in piece.states else "prefill"


def _in_rows(bars: Iterable[Bar]) -> tuple[tuple[Bar, ...], ...]:
    """Return bars, in the order of their start, in as few rows as they need so that none overlaps."""
    rows: list[list[Bar]] = []
    for bar in bars:
        free = next((row for row in rows if row[-1].end <= bar.start), None)
        if free is None:
            rows.append([bar])
        else:
            free.append(bar)
    return tuple(map(tuple, rows))
