"""What moves while a turn runs: tokens a second, memory and the context, as series over time."""

from collections import Counter
from dataclasses import dataclass, field

from agents.events import CallFinished, Event, MeterRead, PrefillProgress, TextDelta

BUCKET_S = 0.5


@dataclass(slots=True)
class Gauges:
    """Series of one turn in buckets of half a second, on the turn's own clock.

    `prefill` is (done, total) of the prompt being read, `context` is (used, size) in tokens.
    """

    prefill: tuple[int, int] | None = None
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
                self.prefill = (event.done, event.total)
            case CallFinished():
                self.prefill = None
                self.context = (event.context_used, event.context_size)
            case _:
                pass

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
