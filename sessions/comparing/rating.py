"""Rates of right answers, and what one costs: intervals that know of repeats, and of many data sets."""

from collections.abc import Hashable, Sequence

import numpy as np

from sessions.comparing.grid import Floats, Grid, Ints
from sessions.comparing.resampling import Totals, as_interval, wider
from sessions.comparison import Interval, Rate
from sessions.stats.effective import effective_size
from sessions.stats.intervals import wilson


def rate(truths: Sequence[bool], items: Sequence[Hashable], data_sets: Sequence[str] | None = None) -> Rate:
    """Return how many are true, with Wilson's interval of as many tries as those of these items are worth.

    `data_sets` are those of the tries, where there are so many that they are what is drawn.
    """
    if not truths:
        return Rate(0, 0, None, None)
    values = np.array(truths, dtype=np.float64)
    groups = None if data_sets is None else _labels(data_sets)
    interval = _wilson(values, _labels(items), groups)
    return Rate(sum(truths), len(truths), sum(truths) / len(truths), interval)


def right_interval(grid: Grid, arm: int, units: Ints) -> Interval | None:
    """Return Wilson's interval of an arm's right answers among these units, all of which are scored."""
    if not len(units):
        return None
    groups = grid.data_set_of[units] if grid.clustered else None
    return _wilson(grid.right[arm, units], grid.item_of[units], groups)


def cost_interval(grid: Grid, arm: int, totals: Totals, cost: int, right: int) -> Interval | None:
    """Return the interval of what a right answer costs; `cost` and `right` are the places of its totals.

    At each end the wider of the bootstrap's, and of the mean cost / the ends of Wilson's interval: where few
    are right, too many resamples have none. None where none is right.
    """
    scored = np.flatnonzero(~np.isnan(grid.right[arm]))
    rates = right_interval(grid, arm, scored)
    if rates is None or not totals.of(right):
        return None
    mean = totals.of(cost) / len(scored)
    return wider(totals.interval(cost, right), Interval(mean / rates.high, mean / rates.low, rates.level))


def why_undefined(values: Floats, right: int) -> str:
    """Return why there is no cost of a right answer; `values` are those of the scored attempts."""
    missing = int(np.isnan(values).sum())
    if not len(values):
        return "not scored"
    if missing:
        return f"{missing} of {len(values)} attempts have no figure"
    return "" if right else "none is right"


def _wilson(values: Floats, items: Ints, data_sets: Ints | None) -> Interval | None:
    """Return the interval of as many tries as these are worth, over data sets where there is a spread."""
    worth = effective_size(values, items)
    if data_sets is not None and values.min() < values.max():
        worth = min(worth, effective_size(values, data_sets))
    return as_interval(wilson(float(values.mean()) * worth, worth))


def _labels(names: Sequence[Hashable]) -> Ints:
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(each, len(places)) for each in names], dtype=np.int64)
