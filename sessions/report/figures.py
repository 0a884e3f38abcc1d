"""Figures as a report prints them. How numbers read is the app's to say: it hands its functions in."""

from dataclasses import dataclass
from typing import Protocol

from sessions.comparing import verdicts
from sessions.comparison import Interval, Rate

NONE = "–"
MINUS = "−"


class Numbers(Protocol):
    """The functions that write numbers with their units: those of `slmtui.tui.format`."""

    def count(self, number: float | None, /) -> str:
        """Return a whole number."""

    def significant(self, number: float | None, /) -> str:
        """Return a number with three significant digits."""

    def significant_count(self, number: float | None, /) -> str:
        """Return a mean or a median of counts."""

    def duration(self, seconds: float | None, /) -> str:
        """Return a time with its unit."""

    def size(self, number_of_bytes: float | None, /) -> str:
        """Return an amount of memory with its unit."""

    def energy(self, joules: float | None, source: str, /) -> str:
        """Return joules, marked where no meter gave them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes the figures of a comparison."""

    numbers: Numbers

    def value(self, number: float | None, unit: str, source: str = "") -> str:
        """Return an amount in its unit; `source` is the energy's."""
        if number is None:
            return NONE
        if number < 0:
            return MINUS + self.value(-number, unit, source)
        known = {"s": self.numbers.duration, "bytes": self.numbers.size}
        if unit == "J":
            return self.numbers.energy(number, source)
        if unit in known:
            return known[unit](number)
        return f"{self.numbers.significant_count(number)} {unit}".removesuffix(" tokens").rstrip()

    def tick(self, number: float, unit: str, source: str = "") -> str:
        """Return an amount as it stands on an axis: 0 needs no unit."""
        return self.value(number, unit, source) if number else "0"

    def difference(self, number: float, unit: str, source: str = "") -> str:
        """Return a difference with its sign."""
        return ("+" if number > 0 else "") + self.value(number, unit, source)

    def within(self, interval: Interval | None, unit: str, source: str = "", *, signed: bool = False) -> str:
        """Return an interval of amounts in brackets, with a space before; empty without one."""
        if interval is None:
            return ""
        write = self.difference if signed else self.value
        return f" ({write(interval.low, unit, source)} to {write(interval.high, unit, source)})"

    def rate(self, rate: Rate | None) -> str:
        """Return a rate as a percentage with its interval, and its counts on another line."""
        if rate is None or rate.share is None:
            return NONE
        counts = f"{self.numbers.count(rate.count)} of {self.numbers.count(rate.n)}"
        return f"{percent(rate.share)}{_between(rate.interval)},\n{counts}"


def percent(share: float | None) -> str:
    """Return a share of 1 as a percentage with one decimal."""
    return NONE if share is None else f"{_percent(share)} %"


def points(difference: float | None, interval: Interval | None = None) -> str:
    """Return a difference of two shares in percentage points, with its sign and its interval."""
    if difference is None:
        return NONE
    found = (difference, interval.low, interval.high) if interval else (difference,)
    middle, *ends = (verdicts.points(each, signed=True) for each in found)
    return f"{middle} ({' to '.join(ends)})" if ends else middle


def times(ratio: float | None, interval: Interval | None = None) -> str:
    """Return a ratio with its interval."""
    if ratio is None:
        return NONE
    return f"×{ratio:.2f}" + (f" ({interval.low:.2f} to {interval.high:.2f})" if interval else "")


def chance(p: float | None) -> str:
    """Return a p-value."""
    if p is None:
        return NONE
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _between(interval: Interval | None) -> str:
    return f" ({_percent(interval.low)} to {_percent(interval.high)})" if interval else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
