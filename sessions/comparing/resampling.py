"""Totals over the resamples of a comparison: asked for first, drawn all at once, then used.

Whoever needs totals adds the columns and returns a function that makes its figures of them later. So
every figure is of the same resamples, and those are drawn but once.
"""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from sessions.comparing.grid import Grid
from sessions.comparison import Interval
from sessions.stats.bootstrap import Bootstrap
from sessions.stats.intervals import LEVEL, percentile

Floats = NDArray[np.float64]
T = TypeVar("T")


class Totals:
    """The totals of each column, over all items and over each resample; `tail` is that of intervals."""

    def __init__(self, all_items: Floats, resampled: Floats, tail: float | None) -> None:
        self._all = all_items
        self._resampled = resampled
        self._tail = tail

    def of(self, column: int) -> float:
        """Return the total over all items."""
        return float(self._all[column])

    def resampled(self, column: int) -> Floats:
        """Return the totals over each resample."""
        return self._resampled[:, column]

    def share(self, above: int, below: int) -> Floats:
        """Return the quotient of two totals over each resample: NaN for 0 / 0, never smoothed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.resampled(above) / self.resampled(below)

    def interval(self, above: int, below: int) -> Interval | None:
        """Return the interval of the quotient of two totals; None where too many resamples have none."""
        if self._tail is None:
            return None
        return as_interval(percentile(self.share(above, below), self._tail))


Later: TypeAlias = Callable[[Totals], T]
"""What makes a figure, once the totals are there."""


class Columns:
    """The columns whose totals are wanted, each kept once."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._columns: list[Floats] = []
        self._places: dict[bytes, int] = {}

    def add(self, units: Floats) -> int:
        """Add an array over units, in which NaN counts nothing, and return its place."""
        column = self._grid.by_item(np.nan_to_num(units))
        content = column.tobytes()
        if content not in self._places:
            self._places[content] = len(self._columns)
            self._columns.append(column)
        return self._places[content]

    def draw(self, resamples: int, seed: int) -> Totals:
        """Return the totals of all columns."""
        if not self._columns or not self._grid.items:
            return Totals(np.zeros(len(self._columns)), np.zeros((0, len(self._columns))), None)
        columns = np.column_stack(self._columns)
        bootstrap = Bootstrap(self._grid.data_sets, resamples=resamples, seed=seed)
        return Totals(columns.sum(axis=0), bootstrap.totals(columns), bootstrap.tail)


def as_interval(ends: tuple[float, float] | None) -> Interval | None:
    """Return two ends as an interval."""
    return Interval(*ends, LEVEL) if ends else None


def wider(one: Interval | None, other: Interval | None) -> Interval | None:
    """Return the wider of two intervals at each end; the other where there is but one."""
    if one is None or other is None:
        return one or other
    return Interval(min(one.low, other.low), max(one.high, other.high), one.level)
