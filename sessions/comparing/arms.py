"""The figures of one arm: how its attempts ended, how many are right, and what they cost."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from sessions.comparing.grid import Floats, Grid, Key
from sessions.comparing.resampling import Columns, Later, Totals, as_interval
from sessions.comparison import ArmFigures, AtK, PerRight, Rate, Spread
from sessions.observation import Observation
from sessions.run_records import ATTEMPTED, STATES
from sessions.stats.at_k import over_items
from sessions.stats.effective import effective_size
from sessions.stats.intervals import wilson

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
            completed=_rate(scored, [each.state in ATTEMPTED for each in scored]),
            strict=_rate(scored, [each.state == "right" for each in scored]),
            flexible=_rate(scored, [bool(each.flexible) for each in scored]),
            among_completed=_among_completed(scored),
            tool=_tool(scored),
            spreads=spreads,
            per_right=tuple(each(totals) for each in per_right),
            at_k=tuple(_at_k(scored)),
        )

    return figures


def _rate(counted: Sequence[Observation], truths: Sequence[bool]) -> Rate:
    """Return a rate with Wilson's interval, of as many tries as the repeats are worth."""
    if not truths:
        return Rate(0, 0, None, None)
    places: dict[tuple[str, str], int] = {}
    items = [places.setdefault((each.data_set, each.item), len(places)) for each in counted]
    n = effective_size(np.array(truths, dtype=np.float64), np.array(items))
    share = sum(truths) / len(truths)
    return Rate(sum(truths), len(truths), share, as_interval(wilson(share * n, n)))


def _among_completed(scored: Sequence[Observation]) -> Rate:
    completed = [each for each in scored if each.state in ATTEMPTED]
    return _rate(completed, [each.state == "right" for each in completed])


def _tool(scored: Sequence[Observation]) -> Rate | None:
    known = [each for each in scored if each.tool_right is not None]
    return _rate(known, [bool(each.tool_right) for each in known]) if known else None


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
    missing = int(np.isnan(values).sum())
    count = int(np.nansum(right))
    cost_place, right_place = columns.add(values), columns.add(right)

    def figure(totals: Totals) -> PerRight:
        total = None if missing else float(values.sum())
        value = total / count if total is not None and count else None
        interval = totals.interval(cost_place, right_place) if value is not None else None
        note = _why_not(missing, int(scored.sum()), count)
        return PerRight(key.metric, key.unit, key.source, total, count, value, interval, note)

    return figure


def _why_not(missing: int, attempts: int, right: int) -> str:
    if missing:
        return f"{missing} of {attempts} attempts have no figure"
    return "" if right else "none is right"


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
