"""What moves while a turn runs: tokens a second, memory and the context, as series over time."""

from collections import Counter
from dataclasses import dataclass, field

from agents.events import CallFinished, Event, MeterRead, PrefillProgress, TextDelta, TurnFinished

BUCKET_S = 0.5


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
    """Series of one turn in buckets of half a second, on the turn's own clock.

    `prefill` is the prompt being read, `context` is (used, size) in tokens.
    """

    prefill: Prefill | None = None
    context: tuple[int, int] | None = None
    rss: list[float] = field(default_factory=list)
    _tokens: Counter[int] = field(default_factory=Counter)
    _last: int = 0

    def add(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case TextDelta():
                self.prefill = None
                self._tokens.update(int(t / BUCKET_S) for t in event.times)
                self._last = max([self._last, *(int(t / BUCKET_S) for t in event.times)])
            case MeterRead():
                self.rss.append(float(event.rss_bytes))
            case PrefillProgress():
                self._read_on(event)
            case CallFinished():
                self.prefill = None
                self.context = (event.context_used, event.context_size)
            case TurnFinished():
                self.prefill = None
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

    def rate_at(self, now: float) -> float:
        """Return tokens a second over the second of buckets that ended before `now`."""
        end = int(now / BUCKET_S)
        return (self._tokens[end - 1] + self._tokens[end - 2]) / (2 * BUCKET_S)
