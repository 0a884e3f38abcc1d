"""A stored session on its timeline, as a screen shows it: which turn, fed how far. It reads no clock."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from agents.events import Event, TurnStarted
from sessions.records import TurnRecord
from sessions.replay import Timeline
from slmtui.tui.state.live_turn import LiveTurn, whole
from slmtui.tui.state.pages import EventSource


class Player:
    """A playhead in a session. `turn` is the turn there, fed with its events up to the playhead.

    Going on feeds the same `turn`; going back, or to another turn, makes a new one. The first event
    of a turn, which holds its prompt, is always behind the playhead.
    """

    def __init__(self, source: EventSource, records: Sequence[TurnRecord]) -> None:
        self.records = records
        self.timeline = Timeline([whole(source.events(record.turn)) for record in records])
        self.timeline.paused = True
        self.starts = _before(max(0.0, *(event.t for event in turn)) for turn in self.timeline.turns)
        self._first = [int(number) for number in _before(len(turn) for turn in self.timeline.turns)]
        self.index = 0
        self.turn = LiveTurn()
        self.go_to(0)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return not self.timeline.paused

    @property
    def record(self) -> TurnRecord:
        """The stored record of the turn at the playhead."""
        return self.records[self.index]

    @property
    def t(self) -> float:
        """Seconds since the turn began, at the playhead."""
        return max(self.timeline.position - self.starts[self.index], 0.0)

    @property
    def events(self) -> int:
        """How many events this turn has."""
        return len(self.timeline.turns[self.index])

    @property
    def speed_word(self) -> str:
        """The speed: ×1, ×16, or max."""
        speed = self.timeline.speed
        return f"×{speed:g}" if math.isfinite(speed) else "max speed"

    def toggle(self) -> None:
        """Play, or pause; from the end it plays again from the start."""
        if not self.playing and self.timeline.at_end:
            self.go_to(0)
        self.timeline.paused = self.playing

    def change_speed(self, steps: int) -> None:
        """Play faster, or slower for a negative number."""
        if steps > 0:
            self.timeline.faster()
        else:
            self.timeline.slower()

    def advance(self, seconds: float) -> None:
        """Let `seconds` of the watcher's time pass."""
        for event in self.timeline.advance(seconds):
            self._feed(event)
        if self.timeline.at_end:
            self.timeline.paused = True

    def step(self, direction: int) -> None:
        """Go one event on or back, over the border of a turn too. It pauses."""
        self.timeline.paused = True
        if direction > 0:
            event = self.timeline.next_event()
            if event is not None:
                self._feed(event)
        else:
            self.timeline.previous_event()
            self._rebuild()

    def go_by(self, turns: int) -> None:
        """Go to the start of another turn; back from within a turn, to its own start."""
        within = turns < 0 and self.turn.events > 1
        self.go_to(self.index if within else self.index + turns)

    def go_to(self, index: int) -> None:
        """Go to the start of a turn; before the first and after the last are the ends."""
        self.timeline.seek_turn(index)
        if not self.timeline.at_end:
            self.timeline.next_event()
        self._rebuild()

    def seek(self, share: float) -> None:
        """Go to a moment, as a share (0 to 1) of the whole; it plays on if it played."""
        self.timeline.seek_time(max(0.0, min(share, 1.0)) * self.timeline.duration)
        self._rebuild()

    def finish(self) -> None:
        """Go to the end of the last turn, and pause."""
        self.timeline.paused = True
        self.go_to(len(self.records))

    def _feed(self, event: Event) -> None:
        if isinstance(event, TurnStarted):
            self.turn = LiveTurn()
            self.index += 1
        self.turn.add(event)

    def _rebuild(self) -> None:
        """Feed the turn at the playhead anew, and no other: a long session is as quick as a short one."""
        if self.timeline.index == 0:
            self.timeline.next_event()
        self.index = bisect_right(self._first, self.timeline.index - 1) - 1
        self.turn = LiveTurn()
        for event in self.timeline.turns[self.index][: self.timeline.index - self._first[self.index]]:
            self.turn.add(event)


def _before(amounts: Iterable[float]) -> list[float]:
    """Return for each amount the sum of those before it."""
    return [0, *accumulate(amounts)][:-1]
