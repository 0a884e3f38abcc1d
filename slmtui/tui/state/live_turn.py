"""A turn with everything that is shown of it: its blocks, its cost and its gauges."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.events import Event, HandOff, TextDelta, TurnFinished, TurnStarted
from sessions.records import TurnRecord
from sessions.tally import TurnTally
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.cost_line import cost_line, short_cost
from slmtui.tui.state.gauges import Gauges
from slmtui.tui.state.paradigms import title_of
from slmtui.tui.state.progress_line import Figure, ProgressLine
from slmtui.tui.state.siblings import Place
from slmtui.tui.state.turn_view import TurnView

if TYPE_CHECKING:
    from slmtui.tui.state.timeline import TimelineFeed

RATE_ROOM, DURATION_ROOM = len("1 234 tok/s"), len("3:05 min")
"""Cells that these figures may take while a prefill runs: the bar before them stands still."""


@dataclass(slots=True)
class LiveTurn:
    """One turn, fed by events from a model, from the store or from a script, all alike.

    `place` says which of the answers to its prompt it is; `folded`, that the reader made it one line.
    `timeline` has what each agent did, from the first event on, and `shared` that there were several.
    """

    view: TurnView = field(default_factory=TurnView)
    tally: TurnTally = field(default_factory=TurnTally)
    gauges: Gauges = field(default_factory=Gauges)
    events: int = 0
    place: Place = field(default_factory=Place)
    folded: bool = False
    timeline: "TimelineFeed | None" = field(default=None, repr=False, compare=False)
    shared: bool = False

    def add(self, event: Event) -> None:
        """Take in one event."""
        self.events += 1
        self.view.apply(event)
        self.tally.add(event)
        self.gauges.add(event)
        self.shared |= isinstance(event, HandOff)
        if self.timeline is None:
            from slmtui.tui.state.timeline import TimelineFeed  # noqa: PLC0415 - after the first paint

            self.timeline = TimelineFeed(self.tally)
        self.timeline.add(event)

    @property
    def record(self) -> TurnRecord:
        """What the turn has cost so far."""
        return self.tally.records.turn

    @property
    def running(self) -> bool:
        """Whether the turn has not ended."""
        return self.view.status is None

    def foot(self, now: float) -> str:
        """Return the line under the turn: what it cost, or what it does at `now` seconds."""
        if not self.running:
            return cost_line(self.record)
        parts = [plain_line(self.view.phase) or "starting", fmt.duration(max(now, 0.0))]
        if self.view.output_tokens:
            parts.insert(1, f"↓{fmt.count(self.view.output_tokens)}")
        return "● " + " · ".join(parts)

    def progress(self, now: float) -> ProgressLine | None:
        """Return how far a long prefill is at `now` seconds, or None while there is none."""
        prefill = self.gauges.prefill
        if prefill is None:
            return None
        total = fmt.count(prefill.total)
        figures = (
            Figure(f"{fmt.count(prefill.done):>{len(total)}} / {total}", 0),
            Figure(fmt.rate(prefill.tok_s), RATE_ROOM),
            Figure(fmt.duration(max(now, 0.0)), DURATION_ROOM),
        )
        return ProgressLine(f"● {plain_line(self.view.phase)}", prefill.share, figures)

    @property
    def fold(self) -> str:
        """What is said of a finished turn that is folded: its paradigm, tokens and time."""
        record = self.record
        return " · ".join(
            (plain_line(title_of(record.paradigm), 20).lower(), f"↓{fmt.count(record.output_tokens)}",
             fmt.duration(record.wall_s))
        )  # fmt: skip

    def summary(self, now: float) -> str:
        """Return the cost of the turn in one line, for a narrow screen."""
        record = self.record
        record.paradigm = record.paradigm or self.view.paradigm
        if self.running:
            record.wall_s = max(record.wall_s, now)
        return short_cost(record)


def whole(events: list[Event]) -> list[Event]:
    """Return the events of a stored turn with an end; one that was cut short ends as interrupted."""
    if events and isinstance(events[-1], TurnFinished):
        return events
    beginning = next((e.beginning for e in events if isinstance(e, TurnStarted)), "")
    parts = (e.text for e in events if isinstance(e, TextDelta) and e.purpose == "answer")
    written = beginning + "".join(parts)
    at = events[-1].t if events else 0.0
    return [*events, TurnFinished(at, "interrupted", written.strip(), "the app ended before the turn did")]


def finished_turn(events: list[Event]) -> LiveTurn:
    """Return a stored turn from its events."""
    turn = LiveTurn()
    for event in whole(events):
        turn.add(event)
    return turn
