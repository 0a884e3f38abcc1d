"""The Pareto fronts of a comparison: accuracy against each resource."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sessions.comparing.grid import Grid, Key
from sessions.comparing.rating import right_interval
from sessions.comparing.resampling import Columns, Later, Totals
from sessions.comparison import Interval, Pareto, ParetoPoint
from sessions.stats.pareto import on_front

AGAINST = ("wall_s", "joules", "peak_rss_bytes", "kv_bytes", "prefilled_tokens", "output_tokens")
"""What accuracy is weighed against: seconds, joules, memory, tokens read and tokens written."""

Truths = NDArray[np.bool_]
Places = tuple[int, int, int, int]
"""The columns of an arm: right answers, attempts, cost, and attempts with a figure of it."""


def fronts(grid: Grid, columns: Columns) -> list[Later[Pareto]]:
    """Return what makes the front of each resource that two arms or more have figures of."""
    made = [_front(grid, key, columns) for key in grid.measured(AGAINST)]
    return [each for each in made if each]


def _front(grid: Grid, key: Key, columns: Columns) -> Later[Pareto] | None:
    """Return what makes one front, over the items that all of its arms have answers to."""
    scored = ~np.isnan(grid.right)
    measured = ~np.isnan(grid.values(key)) & scored
    arms = [arm for arm in range(len(grid.arms)) if measured[arm].any()]
    shared: Truths = np.all(scored[arms], axis=0)
    if len(arms) < 2 or not measured[arms][:, shared].any(axis=1).all():
        return None
    places = [_places(grid, arm, key, shared, columns) for arm in arms]
    rates = [right_interval(grid, arm, np.flatnonzero(shared)) for arm in arms]

    def figures(totals: Totals) -> Pareto:
        points = _points([grid.arms[arm] for arm in arms], places, rates, totals)
        return Pareto(key.metric, key.unit, key.source, points)

    return figures


def _places(grid: Grid, arm: int, key: Key, shared: Truths, columns: Columns) -> Places:
    values = np.where(shared, grid.values(key)[arm], np.nan)
    return (
        columns.add(np.where(shared, grid.right[arm], 0.0)),
        columns.add(shared.astype(np.float64)),
        columns.add(values),
        columns.add((~np.isnan(values)).astype(np.float64)),
    )


def _points(
    names: Sequence[str], places: Sequence[Places], rates: Sequence[Interval | None], totals: Totals
) -> tuple[ParetoPoint, ...]:
    accuracy = np.array([totals.of(right) / totals.of(n) for right, n, _, _ in places])
    cost = np.array([totals.of(spent) / totals.of(n) for _, _, spent, n in places])
    front = on_front(accuracy, cost)
    shares = _shares(places, totals)
    return tuple(
        ParetoPoint(
            arm=name,
            accuracy=float(accuracy[index]),
            accuracy_interval=rates[index],
            cost=float(cost[index]),
            cost_interval=totals.interval(place[2], place[3]),
            on_front=bool(front[index]),
            share=shares[index],
        )
        for index, (name, place) in enumerate(zip(names, places, strict=True))
    )


def _shares(places: Sequence[Places], totals: Totals) -> list[float]:
    """Return in which share of the resamples each arm is on the front, of those in which all have a place."""
    accuracy = np.column_stack([totals.share(right, n) for right, n, _, _ in places])
    cost = np.column_stack([totals.share(spent, n) for _, _, spent, n in places])
    placed = ~np.isnan(accuracy + cost).any(axis=1)
    drawn = on_front(accuracy[placed], cost[placed])
    return [float(share) for share in drawn.mean(axis=0)] if placed.any() else [0.0] * len(places)
