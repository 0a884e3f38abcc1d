"""The Pareto fronts of a comparison: accuracy against each resource."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sessions.comparing.grid import Grid, Key
from sessions.comparing.resampling import Columns, Later, Totals
from sessions.comparison import Pareto, ParetoPoint
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

    def figures(totals: Totals) -> Pareto:
        points = _points([grid.arms[arm] for arm in arms], places, totals)
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


def _points(names: Sequence[str], places: Sequence[Places], totals: Totals) -> tuple[ParetoPoint, ...]:
    accuracy = np.array([totals.of(right) / totals.of(n) for right, n, _, _ in places])
    cost = np.array([totals.of(spent) / totals.of(n) for _, _, spent, n in places])
    front = on_front(accuracy, cost)
    drawn = on_front(
        np.column_stack([totals.share(right, n) for right, n, _, _ in places]),
        np.column_stack([totals.share(spent, n) for _, _, spent, n in places]),
    )
    return tuple(
        ParetoPoint(
            arm=name,
            accuracy=float(accuracy[index]),
            accuracy_interval=totals.interval(place[0], place[1]),
            cost=float(cost[index]),
            cost_interval=totals.interval(place[2], place[3]),
            on_front=bool(front[index]),
            share=float(drawn[:, index].mean()),
        )
        for index, (name, place) in enumerate(zip(names, places, strict=True))
    )
