"""The paired bootstrap: totals of columns over resamples of items, the same resamples for every arm.

Items are drawn, not attempts: an item keeps all its arms and repeats, which is what makes differences
paired. With few data sets their items are drawn within each, so that every data set keeps its size: the
data sets are then the ones that were chosen, and the interval is about more items like theirs. With ten
or more, whole data sets are drawn, as items of one are alike (cluster bootstrap; Miller 2024,
arXiv:2411.00640, clusters the standard error by groups of questions for the same reason). With fewer
clusters than that, drawing clusters gives intervals that are too narrow (Cameron, Gelbach, Miller 2008);
with a few more, intervals are widened as `sessions.stats.intervals.expanded_tail` says.

Over simulated runs of 50 to 200 items the 95 % intervals of ratios, of differences in accuracy and of what
a right answer costs held the truth in 91 to 99 of 100. Those of the difference of means of skewed costs
(lognormal, sigma 0.9) did so in 91 of 100 at 50 items and 93 at 200: they miss dear outliers that were not
drawn, as every interval of a mean does.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sessions.stats.intervals import expanded_tail

CLUSTERS = 10
"""So many data sets, at least, are drawn whole."""

AT_ONCE = 4_000_000
"""Weights held in memory at once."""

Floats = NDArray[np.float64]


class Bootstrap:
    """Resamples of items with their data sets. Equal data, `resamples` and `seed` give equal totals."""

    def __init__(self, data_sets: Sequence[str], *, resamples: int = 2000, seed: int = 0) -> None:
        names, self._group = np.unique(np.asarray(data_sets, dtype=object).astype(str), return_inverse=True)
        self.resamples = resamples
        self.seed = seed
        self.data_sets = len(names)
        self.clustered = len(names) >= CLUSTERS

    @property
    def tail(self) -> float | None:
        """The tail of percentile intervals for what is drawn, see `expanded_tail`."""
        if self.clustered:
            return expanded_tail(self.data_sets)
        return expanded_tail(len(self._group), self.data_sets)

    def totals(self, columns: Floats) -> Floats:
        """Return the totals over each resample, (resamples, columns), of (items, columns)."""
        if self.clustered:
            columns = self._by_data_set(columns)
            groups = np.zeros(self.data_sets, dtype=np.int64)
        else:
            groups = self._group
        rng = np.random.default_rng(self.seed)
        each = max(1, AT_ONCE // max(len(groups), 1))
        parts = [min(each, self.resamples - done) for done in range(0, self.resamples, each)]
        return np.vstack([_weights(rng, groups, number) @ columns for number in parts])

    def _by_data_set(self, columns: Floats) -> Floats:
        totals = np.zeros((self.data_sets, columns.shape[1]))
        np.add.at(totals, self._group, columns)
        return totals


def _weights(rng: np.random.Generator, groups: NDArray[np.int64], number: int) -> Floats:
    """Return how often each item is in each of `number` resamples, drawn within its group."""
    weights = np.zeros((number, len(groups)))
    for group in np.unique(groups):
        (members,) = np.nonzero(groups == group)
        size = len(members)
        drawn = rng.integers(size, size=(number, size)) + size * np.arange(number)[:, None]
        weights[:, members] = np.bincount(drawn.ravel(), minlength=number * size).reshape(number, size)
    return weights
