"""Scales from values to places in a picture, and the lines and numbers that explain them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sessions.report.svg import line, text

STEPS = (1, 2, 5, 10)
"""No 2.5: amounts with their units are whole numbers below 10, where 2.5 would read 2, and 7.5 as 8."""
WIDE = 30
"""Values that are so many times apart are shown on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` laid out from place `start` to place `end`, evenly or by logarithms."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Return the place of a value; what is outside of the scale is at its end."""
        inside = min(max(value, self.low), self.high)
        low, high, at = self.low, self.high, inside
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(inside)
        share = (at - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int = 5) -> list[float]:
        """Return round values on the scale, at most about so many."""
        return _powers(self.low, self.high) if self.logarithmic else _round(self.low, self.high, most)


def linear(high: float, start: float, end: float) -> Scale:
    """Return a scale from 0 to a round value that is not below `high`."""
    step = _step(high or 1.0, 5)
    return Scale(0.0, math.ceil((high or 1.0) / step - 1e-9) * step, start, end)


def fitting(low: float, high: float, start: float, end: float) -> Scale:
    """Return a scale for values from `low` to `high`: from 0, or logarithmic if they are far apart."""
    if low > 0 and high / low > WIDE:
        return Scale(low / 1.15, high * 1.15, start, end, logarithmic=True)
    return linear(high, start, end)


def below(scale: Scale, top: float, bottom: float, write: Callable[[float], str]) -> Iterator[Element]:
    """Yield grid lines from `top` to `bottom` with their values below."""
    before = ""
    for tick in scale.ticks():
        yield line(scale(tick), top, scale(tick), bottom, "grid")
        if (label := write(tick)) != before:  # a unit may be too coarse for the scale
            yield text(scale(tick), bottom + 16, label, anchor="middle", class_="tick")
        before = label


def beside(scale: Scale, left: float, right: float, write: Callable[[float], str]) -> Iterator[Element]:
    """Yield grid lines from `left` to `right` with their values on the left."""
    for tick in scale.ticks():
        yield line(left, scale(tick), right, scale(tick), "grid")
        yield text(left - 6, scale(tick) + 4, write(tick), anchor="end", class_="tick")


def _step(span: float, most: int) -> float:
    """Return the smallest round step of which at most `most` make up the span."""
    size = 10.0 ** math.floor(math.log10(span / most))
    return next(size * step for step in STEPS if size * step * most >= span * (1 - 1e-9))


def _round(low: float, high: float, most: int) -> list[float]:
    step = _step(high - low, most) if high > low else 1.0
    first = math.ceil(low / step - 1e-9)
    return [step * index for index in range(first, math.floor(high / step + 1e-9) + 1)]


def _powers(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten, or the powers alone where those would be too many."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    every = [step * 10.0**exponent for exponent in exponents for step in (1, 2, 5)]
    inside = [value for value in every if low <= value <= high]
    return (
        inside
        if len(inside) <= 7
        else [10.0**exponent for exponent in exponents if low <= 10.0**exponent <= high]
    )
