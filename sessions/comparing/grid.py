"""The observations of a comparison as arrays: an arm a row, an item with its repeat a column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agents.events import EnergySource
from sessions.columns import UNITS
from sessions.observation import ENERGY, Observation
from sessions.stats.bootstrap import CLUSTERS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Source: TypeAlias = EnergySource | Literal[""]

SOURCES: tuple[EnergySource, ...] = ("measured", "modelled")
NO_SOURCE: tuple[Source, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Key:
    """A metric, and for energy its source."""

    metric: str
    source: Source = ""

    @property
    def unit(self) -> str:
        """The unit of the metric."""
        return UNITS[self.metric]


class Grid:
    """Observations by arm and unit. A unit is an item with a repeat; units of one item are neighbours.

    Items are ordered by data set and name, so that equal data give equal resamples in whatever order they
    come. Arrays over units have NaN where an arm has no observation, or that has no value. `clustered` says
    that there are so many data sets that these are drawn, and not their items.
    """

    def __init__(self, observations: Sequence[Observation], arms: Sequence[str]) -> None:
        self.observations = observations
        self.arms = tuple(arms)
        units = sorted({(each.data_set, each.item, each.repeat) for each in observations})
        items = list(dict.fromkeys((data_set, item) for data_set, item, _ in units))
        self.data_sets = [data_set for data_set, _ in items]
        self.items = [item for _, item in items]
        self.repeats = [repeat for *_, repeat in units]
        place = {each: index for index, each in enumerate(items)}
        self.item_of: Ints = np.array([place[unit[:2]] for unit in units], dtype=np.int64)
        names = {name: index for index, name in enumerate(sorted(set(self.data_sets)))}
        self.data_set_of: Ints = np.array([names[unit[0]] for unit in units], dtype=np.int64)
        self.clustered = len(names) >= CLUSTERS
        self.row = self._rows({unit: index for index, unit in enumerate(units)})
        self.metrics = tuple(observations[0].values) if observations else ()
        self._kept: dict[Key, Floats] = {}

    def _rows(self, units: dict[tuple[str, str, int], int]) -> Ints:
        """Return the places of the observations, (arms, units); -1, the last, is the one of nothing."""
        rows = np.full((len(self.arms), len(units)), -1, dtype=np.int64)
        arms = {name: index for index, name in enumerate(self.arms)}
        for index, each in enumerate(self.observations):
            rows[arms[each.arm], units[each.data_set, each.item, each.repeat]] = index
        return rows

    @cached_property
    def right(self) -> Floats:
        """1 where the answer is right by the strict reading, 0 where not; (arms, units)."""
        truths = [None if each.state is None else each.state == "right" for each in self.observations]
        placed: Floats = np.array([*truths, None], dtype=np.float64)[self.row]
        return placed

    @cached_property
    def _values(self) -> Floats:
        """The values of every observation, (observations + 1, metrics); the last row is of nothing."""
        nothing = np.full((1, len(self.metrics)), np.nan)
        if not self.observations:
            return nothing
        chosen = [tuple(map(each.values.__getitem__, self.metrics)) for each in self.observations]
        return np.vstack([np.array(chosen, dtype=np.float64), nothing])

    @cached_property
    def _sources(self) -> NDArray[np.str_]:
        return np.array([*(each.energy_source for each in self.observations), ""], dtype=np.str_)

    def values(self, key: Key) -> Floats:
        """Return the values of a metric, for energy those of the source alone; (arms, units)."""
        if key not in self._kept:
            found: Floats = self._values[self.row, self.metrics.index(key.metric)]
            if key.source:
                found = np.where(self._sources[self.row] == key.source, found, np.nan)
            self._kept[key] = found
        return self._kept[key]

    def measured(self, metrics: Sequence[str] | None = None) -> Iterator[Key]:
        """Yield the metrics that some observation has a value of, of energy once for each source."""
        for metric in self.metrics if metrics is None else [name for name in metrics if name in self.metrics]:
            for source in SOURCES if metric in ENERGY else NO_SOURCE:
                key = Key(metric, source)
                if not np.isnan(self.values(key)).all():
                    yield key

    def by_item(self, units: Floats) -> Floats:
        """Return the sums over each item's units, of an array over units."""
        sums: Floats = np.bincount(self.item_of, units, len(self.items)).astype(np.float64)
        return sums

    def of_arm(self, arm: int) -> list[Observation]:
        """Return the observations of an arm, by item and repeat."""
        return [self.observations[index] for index in self.row[arm] if index >= 0]
