"""Measured energy: counters that only go up, added up over parts of the machine that share nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.events import EnergySource

MOST_WATTS = 500.0
"""More than any one processor package draws: what a step back of its counter must stay below."""
SLACK_J = 500.0
"""A step within no time to speak of may be this large."""
TWIN_J = 1.0
"""Counters closer than this, and not near zero, are two views of one: dies may mirror their package."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: `read` returns its steps and raises `OSError`; a step is `joules`.

    After `range` steps it begins again at zero; None for one that never does.
    """

    read: Callable[[], int]
    joules: float
    range: int | None = None

    def passed(self, before: int, now: int, seconds: float) -> float | None:
        """Return the joules between two looks that are `seconds` apart.

        None where they cannot be known: the counter was reset, or may have gone around unseen.
        """
        if self.range is not None and seconds * MOST_WATTS > self.range * self.joules:
            return None
        if now >= before:
            return (now - before) * self.joules
        if self.range is None:
            return None
        around = (now - before + self.range) * self.joules
        return around if 0 <= around <= seconds * MOST_WATTS + SLACK_J else None


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of one kind that this machine shows, and `what` they are of.

    Without any, `advice` says why, or what to do; it is empty where there is nothing to say.
    """

    counters: tuple[Counter, ...] = ()
    what: str = ""
    advice: str = ""


class CounterMeter:
    """Adds up counters of parts that share nothing, each with all that ran on it."""

    source: EnergySource = "measured"

    def __init__(self, *kinds: Counters) -> None:
        self._counters = tuple(counter for kind in kinds for counter in kind.counters)
        self.scope = " and ".join(kind.what for kind in kinds if kind.counters) + ", all processes"

    def begin(self) -> "CounterCount":
        """Begin the count of a turn. When a counter cannot be read now, that turn has no figure."""
        return CounterCount(self._counters, self.scope)


class CounterCount:
    """What the counters have passed since a moment: of turns at once, each counts all of it.

    Nothing is told in part: while one of the counters cannot be read there is no figure, and one that
    was reset takes the turn's figure with it.
    """

    source: EnergySource = "measured"
    idle_watts: float | None = None
    cumulative = True

    def __init__(self, counters: Sequence[Counter], scope: str) -> None:
        self.scope = scope
        self._counters = counters
        self._last = _look(counters)
        self._at = 0.0
        self._total = 0.0

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return the joules of it all; what share one turn or process has in them is not known."""
        _ = cpu_s, engine_s
        now = _look(self._counters) if self._last is not None else None
        if self._last is None or now is None:
            return None
        looks = zip(self._counters, self._last, now, strict=True)
        passed = [counter.passed(before, after, wall_s - self._at) for counter, before, after in looks]
        known = [joules for joules in passed if joules is not None]
        if len(known) < len(passed):
            self._last = None
            return None
        self._total += sum(known)
        self._last, self._at = now, wall_s
        return self._total


def distinct(counters: Sequence[Counter]) -> tuple[Counter, ...]:
    """Return the counters without those that mirror one before them. Raises `OSError` as they do."""
    kept: list[tuple[Counter, float]] = []
    for counter in counters:
        joules = counter.read() * counter.joules
        mirrors = any(abs(joules - other) < TWIN_J for _, other in kept)
        if not (mirrors and joules > 100 * TWIN_J):
            kept.append((counter, joules))
    return tuple(counter for counter, _ in kept)


def several(count: int, noun: str) -> str:
    """Return a number of things: 1 GPU, 2 GPUs."""
    return f"{count} {noun}{'s' * (count != 1)}"


def _look(counters: Sequence[Counter]) -> list[int] | None:
    """Return every counter; None when one cannot be read."""
    try:
        return [counter.read() for counter in counters]
    except OSError:
        return None
