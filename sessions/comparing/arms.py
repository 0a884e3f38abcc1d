"""The figures of one arm: how its attempts ended, how many are right, and what they cost."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sessions.comparing.grid import Floats, Grid, Key
from sessions.comparing.rating import cost_interval, rate, why_undefined
from sessions.comparing.resampling import Columns, Later, Totals
from sessions.comparison import ArmFigures, AtK, PerRight, Rate, Spread
from sessions.observation import Observation
from sessions.run_records import ATTEMPTED, STATES
from sessions.stats.at_k import over_items

PER_RIGHT = ("wall_s", "cpu_s", "joules", "prefilled_tokens", "output_tokens")
"""What a right answer is said to cost. Tokens read and written differ too much in price to be added up."""


def arm_figures(grid: Grid, arm: int, columns: Columns) -> Later[ArmFigures]:
    """Return what makes the figures of the arm in that place of the grid."""
    observed = grid.of_arm(arm)
    per_right = [_per_right(grid, arm, key, columns) for key in _costs(grid, arm)]
    spreads = tuple(_spreads(grid, arm))
    scored = [each for each in observed if each.state is not None]
    states = Counter(each.state for each in scored)

    def figures(totals: Totals) -> ArmFigures:
        return ArmFigures(
            arm=grid.arms[arm],
            attempts=len(observed),
            states={state: states[state] for state in STATES} if scored else {},
            completed=_rate(grid, scored, lambda each: each.state in ATTEMPTED),
            strict=_rate(grid, scored, _is_right),
            flexible=_rate(grid, scored, lambda each: bool(each.flexible)),
            among_completed=_among_completed(grid, scored),
            tool=_tool(grid, scored),
            spreads=spreads,
            per_right=tuple(each(totals) for each in per_right),
            at_k=tuple(_at_k(scored)),
        )

    return figures


def _rate(grid: Grid, counted: Sequence[Observation], true: Callable[[Observation], bool]) -> Rate:
    items = [(each.data_set, each.item) for each in counted]
    data_sets = [each.data_set for each in counted] if grid.clustered else None
    return rate(list(map(true, counted)), items, data_sets)


def _among_completed(grid: Grid, scored: Sequence[Observation]) -> Rate:
    return _rate(grid, [each for each in scored if each.state in ATTEMPTED], _is_right)


def _tool(grid: Grid, scored: Sequence[Observation]) -> Rate | None:
    known = [each for each in scored if each.tool_right is not None]
    return _rate(grid, known, lambda each: bool(each.tool_right)) if known else None


def _is_right(observed: Observation) -> bool:
    return observed.state == "right"


def _spreads(grid: Grid, arm: int) -> Iterator[Spread]:
    for key in grid.measured():
        values = grid.values(key)[arm]
        values = values[~np.isnan(values)]
        if len(values):
            yield _spread(key, values)


def _spread(key: Key, values: Floats) -> Spread:
    low, q1, median, q3, p95, high = map(float, np.quantile(values, [0, 0.25, 0.5, 0.75, 0.95, 1]))
    return Spread(
        metric=key.metric,
        unit=key.unit,
        source=key.source,
        n=len(values),
        mean=float(values.mean()),
        median=median,
        q1=q1,
        q3=q3,
        p95=p95,
        minimum=low,
        maximum=high,
        total=float(values.sum()),
    )


def _costs(grid: Grid, arm: int) -> Iterator[Key]:
    """Yield the metrics to say per right answer; energy of a source that the arm has figures of."""
    scored = ~np.isnan(grid.right[arm])
    for key in grid.measured(PER_RIGHT):
        if scored.any() and (not key.source or not np.isnan(grid.values(key)[arm, scored]).all()):
            yield key


def _per_right(grid: Grid, arm: int, key: Key, columns: Columns) -> Later[PerRight]:
    right = grid.right[arm]
    scored = ~np.isnan(right)
    values = np.where(scored, grid.values(key)[arm], 0.0)
    count = int(np.nansum(right))
    note = why_undefined(values[scored], count)
    cost_place, right_place = columns.add(values), columns.add(right)

    def figure(totals: Totals) -> PerRight:
        total = None if np.isnan(values).any() else float(values.sum())
        value = total / count if total is not None and count else None
        found = cost_interval(grid, arm, totals, cost_place, right_place)
        interval = found if value is not None else None
        return PerRight(key.metric, key.unit, key.source, total, count, value, interval, note)

    return figure


def _at_k(scored: Sequence[Observation]) -> Iterator[AtK]:
    """Yield the figures for every k up to the fewest repeats of an item; none without repeats."""
    tries: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for each in scored:
        tries[each.data_set, each.item] += 1
        right[each.data_set, each.item] += each.state == "right"
    fewest = min(tries.values(), default=0)
    for k in range(1, fewest + 1) if fewest > 1 else ():
        found = over_items(((n, right[item]) for item, n in tries.items()), k)
        if found:
            yield AtK(k, *found)
