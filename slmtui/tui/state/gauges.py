"""What moves while a turn runs: tokens a second, memory, the context and the budget, as series over time."""

from collections import Counter
from dataclasses import dataclass, field

from agents.events import CallFinished, Event, MeterRead, PrefillProgress, TextDelta, TurnFinished
from slmtui.tui.state.budget_guard import Spending
from slmtui.tui.state.context_fill import ContextFills

BUCKET_S = 0.5
LATE_S = 0.2
"""A bucket is drawn when it is over, and what happened in it has had this long to come."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """A prompt that is being read: `done` of `total` tokens are in the KV cache after `t` seconds.

    `first` is the `t` and the `done` that were told first: what was reused from the cache took no time.
    """

    call: str
    done: int
    total: int
    t: float
    first: tuple[float, int]

    @property
    def share(self) -> float:
        """How far it is, 0 to 1."""
        return self.done / self.total if self.total > 0 else 0.0

    @property
    def tok_s(self) -> float | None:
        """Tokens read a second; None until two moments are known."""
        seconds, tokens = self.t - self.first[0], self.done - self.first[1]
        return tokens / seconds if seconds > 0 and tokens > 0 else None


@dataclass(slots=True)
class Gauges:
    """Series of one turn in equal buckets of half a second, on the turn's own clock.

    `prefill` is the prompt being read, `contexts` what the agents' sequences hold, `spending` what the
    turn has used of its limits.
    """

    prefill: Prefill | None = None
    contexts: ContextFills = field(default_factory=ContextFills)
    spending: Spending = field(default_factory=Spending)
    _tokens: Counter[int] = field(default_factory=Counter)
    _rss: dict[int, float] = field(default_factory=dict)
    _last: int = 0
    _end: float | None = None

    def add(self, event: Event) -> None:
        """Take in one event."""
        self.contexts.add(event)
        self.spending.add(event)
        match event:
            case TextDelta():
                self.prefill = None
                self._tokens.update(int(t / BUCKET_S) for t in event.times)
                self._last = max([self._last, *(int(t / BUCKET_S) for t in event.times)])
            case MeterRead():
                bucket = int(event.t / BUCKET_S)
                self._rss[bucket] = max(self._rss.get(bucket, 0.0), float(event.rss_bytes))
            case PrefillProgress():
                self._read_on(event)
            case CallFinished():
                self.prefill = None
            case TurnFinished():
                self.prefill, self._end = None, event.t
            case _:
                pass

    def _read_on(self, event: PrefillProgress) -> None:
        before = self.prefill
        same = before is not None and before.call == event.call and before.done <= event.done
        first = before.first if before is not None and same else (event.t, event.done)
        self.prefill = Prefill(event.call, event.done, event.total, event.t, first)

    @property
    def rates(self) -> list[float]:
        """Tokens a second of every bucket so far, gaps included."""
        if not self._tokens:
            return []
        return [self._tokens[index] / BUCKET_S for index in range(min(self._tokens), self._last + 1)]

    def speed_line(self, now: float, width: int) -> list[float]:
        """Return tokens a second of the last `width` buckets that are over at `now`, waits included."""
        until = self._until(now, self._last)
        return [self._tokens[index] / BUCKET_S for index in range(max(0, until - width), until)]

    def memory_line(self, now: float, width: int) -> list[float]:
        """Return bytes of memory in the last `width` buckets; one without a reading has that before it."""
        line: list[float] = []
        for index in range(self._until(now, max(self._rss, default=0))):
            read = self._rss.get(index, line[-1] if line else None)
            if read is not None:
                line.append(read)
        return line[-width:]

    def _until(self, now: float, last: int) -> int:
        """Return the first bucket that is not drawn: of a turn that has ended, all are."""
        return last + 1 if self._end is not None else max(0, int((now - LATE_S) / BUCKET_S))
