"""Playing stored turns again, at any speed and from any moment, without a model."""

import math
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from agents.events import Event

SPEEDS = (1.0, 2.0, 4.0, 16.0, math.inf)
"""How many seconds of the recording pass in one; the last is as fast as it can be drawn."""

TICK_S = 0.05
"""How long a replay sleeps at most, so that pausing, seeking and changing speed act at once."""


class Timeline:
    """Stored turns end to end, with a playhead. It knows no clock: somebody moves it.

    `position` is the playhead in seconds, from 0 to `duration`; `index` counts the events that it has
    passed. An event whose time lies before that of the one in front of it is due together with it.
    After a seek a screen draws `shown` anew; otherwise it draws what `due` or `advance` hand out.
    """

    def __init__(self, turns: Sequence[Sequence[Event]]) -> None:
        self.turns = tuple(tuple(turn) for turn in turns if turn)
        self.speed = SPEEDS[0]
        self.paused = False
        self.position = 0.0
        self.index = 0
        self._events: list[Event] = []
        self._times: list[float] = []
        self._turn_of: list[int] = []
        self._first: list[int] = []
        self._start: list[float] = []
        self.duration = 0.0
        for turn in self.turns:
            self._lay_down(turn)

    def _lay_down(self, turn: tuple[Event, ...]) -> None:
        self._first.append(len(self._events))
        self._start.append(self.duration)
        start = self.duration
        for event in turn:
            self.duration = max(self.duration, start + event.t)
            self._events.append(event)
            self._times.append(self.duration)
            self._turn_of.append(len(self._first) - 1)

    @property
    def at_end(self) -> bool:
        """Whether every event has been played."""
        return self.index == len(self._events)

    @property
    def turn(self) -> int:
        """The number of the turn, from 0, that the next event belongs to; at the end, the last one."""
        if not self._events:
            return 0
        return self._turn_of[min(self.index, len(self._events) - 1)]

    @property
    def shown(self) -> list[list[Event]]:
        """The events behind the playhead, a list for each turn that has begun."""
        lists: list[list[Event]] = []
        for index in range(self.index):
            if self._turn_of[index] == len(lists):
                lists.append([])
            lists[-1].append(self._events[index])
        return lists

    @property
    def wait_s(self) -> float:
        """Seconds until the next event is due, at this speed; 0 when one is due, or none is left."""
        if self.at_end:
            return 0.0
        return max(self._times[self.index] - self.position, 0.0) / self.speed

    def move(self, seconds: float) -> None:
        """Let that many seconds pass: the playhead goes on by `seconds` times the speed, unless paused."""
        if not self.paused and seconds > 0 and math.isfinite(self.speed):
            self.position = min(self.position + seconds * self.speed, self.duration)

    def due(self) -> Event | None:
        """Play the next event if its moment has come, and return it."""
        if self.paused or self.wait_s > 0:
            return None
        return self.next_event()

    def advance(self, seconds: float) -> list[Event]:
        """Let seconds pass and return the events that fell due; at most speed, the rest of the turn."""
        self.move(seconds)
        events: list[Event] = []
        turn = self.turn
        while (math.isfinite(self.speed) or self.turn == turn) and (event := self.due()) is not None:
            events.append(event)
        return events

    def next_event(self) -> Event | None:
        """Play the next event, whenever it is due, and return it; None at the end."""
        if self.at_end:
            return None
        self.position = max(self.position, self._times[self.index])
        self.index += 1
        return self._events[self.index - 1]

    def previous_event(self) -> Event | None:
        """Take the last event back and return it; None at the beginning."""
        if self.index == 0:
            return None
        self.index -= 1
        self.position = self._times[self.index - 1] if self.index else 0.0
        return self._events[self.index]

    def next_turn(self) -> None:
        """Go to the beginning of the next turn, or to the end."""
        self.seek_turn(self.turn + 1)

    def previous_turn(self) -> None:
        """Go to the beginning of this turn, or of the one before it when there already."""
        at_start = bool(self._first) and self.index == self._first[self.turn]
        self.seek_turn(self.turn - 1 if at_start else self.turn)

    def seek_turn(self, turn: int) -> None:
        """Go to the beginning of a turn, counted from 0; before the first and after the last are the ends."""
        if turn >= len(self.turns):
            self.seek_time(self.duration)
        elif turn < 0:
            self.seek_time(0.0)
        else:
            self.index, self.position = self._first[turn], self._start[turn]

    def seek_time(self, seconds: float) -> None:
        """Go to a moment: what happened before it is behind the playhead, what happens at it is due."""
        self.position = min(max(seconds, 0.0), self.duration)
        at_end = seconds >= self.duration
        self.index = len(self._events) if at_end else bisect_left(self._times, self.position)

    def faster(self) -> None:
        """Go to the next higher of `SPEEDS`."""
        self.speed = min((speed for speed in SPEEDS if speed > self.speed), default=SPEEDS[-1])

    def slower(self) -> None:
        """Go to the next lower of `SPEEDS`."""
        self.speed = max((speed for speed in SPEEDS if speed < self.speed), default=SPEEDS[0])


async def replay(
    timeline: Timeline,
    *,
    sleep: Callable[[float], Awaitable[object]],
    clock: Callable[[], float],
) -> AsyncIterator[Event]:
    """Yield the events of a timeline as they fall due, until its end.

    `sleep` waits for seconds and `clock` counts them, monotonic. Whoever holds the timeline may pause
    it, seek and change its speed meanwhile.
    """
    before = clock()
    while not timeline.at_end:
        paused = timeline.paused
        await sleep(TICK_S if paused else min(timeline.wait_s, TICK_S))
        now = clock()
        if not paused:
            timeline.move(now - before)
        before = now
        event = timeline.due()
        while event is not None:
            yield event
            event = timeline.due() if math.isfinite(timeline.speed) else None
