"""Two arms on the same items: who is right where, what that amounts to, and what both cost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sessions.comparing.grid import Floats, Grid, Key
from sessions.comparing.resampling import Columns, Later, Totals, as_interval, wider
from sessions.comparing.verdicts import UNSCORED, Tally, in_words, verdict
from sessions.comparison import DataSetShare, Interval, Pair, PairedResource, Regression
from sessions.stats.effective import effective_size
from sessions.stats.exact import holm, sign_flip_exact
from sessions.stats.intervals import newcombe
from sessions.stats.leave_out import Part, leave_one_out

FLOOR_SHARE, FLOOR_RIGHT = 0.05, 5
"""Below this accuracy, or with fewer right answers, nothing is divided by an arm's accuracy."""

FLOORS = {"s": 0.001, "J": 0.01, "W": 0.01, "tok/s": 0.01}
"""A mean below this, in its unit, is noise: nothing is divided by it."""

Truths = NDArray[np.bool_]


def pair_figures(grid: Grid, first: int, second: int, columns: Columns) -> Later[tuple[Tally, Pair]]:
    """Return what makes the figures of two arms; those that need all pairs of the grid come `over_grid`."""
    shared = ~np.isnan(grid.right[first]) & ~np.isnan(grid.right[second])
    tally = _tally(grid, first, second, shared)
    resources = [_resource(grid, first, second, key, columns) for key in grid.measured()]
    gained = np.where(shared, grid.right[second] - grid.right[first], 0.0)
    gain_place, shared_place = columns.add(gained), columns.add(shared.astype(np.float64))
    right_places = [columns.add(np.where(shared, grid.right[arm], 0.0)) for arm in (first, second)]

    def figures(totals: Totals) -> tuple[Tally, Pair]:
        told = tuple(made for each in resources if (made := each(totals)))
        scored = not np.isnan(grid.right).all()
        pair = _without_scores(tally, told, scored=scored)
        if not tally.n:
            return tally, pair
        ratio, note = _ratio(tally)
        return tally, replace(
            pair,
            both=tally.both,
            first_only=tally.first_only,
            second_only=tally.second_only,
            neither=tally.neither,
            difference=tally.difference,
            interval=_interval(tally, totals.interval(gain_place, shared_place)),
            p=sign_flip_exact(map(int, grid.by_item(gained))),
            resolvable=tally.resolvable,
            regressions=tuple(_regressions(grid, first, second, shared)),
            by_data_set=tuple(_by_data_set(grid, gained, shared)),
            ratio=ratio,
            ratio_interval=totals.interval(right_places[1], right_places[0]) if ratio is not None else None,
            ratio_note=note,
        )

    return figures


def over_grid(made: Sequence[tuple[Tally, Pair]]) -> tuple[Pair, ...]:
    """Return the pairs with what depends on all of them: p by Holm's method, the verdict and its words."""
    adjusted = iter(holm([pair.p for _, pair in made if pair.p is not None]))
    return tuple(pair if pair.p is None else _judged(tally, pair, next(adjusted)) for tally, pair in made)


def _judged(tally: Tally, pair: Pair, p_holm: float) -> Pair:
    return replace(
        pair,
        p_holm=p_holm,
        verdict=verdict(tally, pair.interval, p_holm),
        text=in_words(tally, pair.interval, pair.p, p_holm),
    )


def _tally(grid: Grid, first: int, second: int, shared: Truths) -> Tally:
    one, two = grid.right[first, shared] == 1, grid.right[second, shared] == 1
    gained = grid.right[second, shared] - grid.right[first, shared]
    return Tally(
        first=grid.arms[first],
        second=grid.arms[second],
        items=len(np.unique(grid.item_of[shared])),
        effective=effective_size(gained, grid.item_of[shared]),
        n=int(shared.sum()),
        both=int((one & two).sum()),
        first_only=int((one & ~two).sum()),
        second_only=int((~one & two).sum()),
    )


def _without_scores(tally: Tally, resources: tuple[PairedResource, ...], *, scored: bool) -> Pair:
    """Return a pair of which nothing is scored: in a comparison that is, its items have none in common."""
    return Pair(
        first=tally.first,
        second=tally.second,
        n=tally.n if scored else max((each.n for each in resources), default=0),
        both=None,
        first_only=None,
        second_only=None,
        neither=None,
        difference=None,
        interval=None,
        p=None,
        p_holm=None,
        resolvable=None,
        verdict="not enough items to tell" if scored else None,
        text=in_words(tally, None, None, None) if scored else UNSCORED,
        resources=resources,
        regressions=(),
        by_data_set=(),
        items=tally.items,
    )


def _interval(tally: Tally, resampled: Interval | None) -> Interval | None:
    """Return the wider, at each end, of the bootstrap's interval and Newcombe's.

    The bootstrap knows data sets and repeats; but pairs that are all alike have no spread to resample,
    and few pairs too little, where the score interval is right.
    """
    scale = tally.effective / tally.n
    counts = (tally.both, tally.first_only, tally.second_only, tally.neither)
    return wider(as_interval(newcombe(*(count * scale for count in counts))), resampled)


def _ratio(tally: Tally) -> tuple[float | None, str]:
    """Return the accuracy of the second / that of the first, or why that is refused."""
    one, two = tally.both + tally.first_only, tally.both + tally.second_only
    if one < FLOOR_RIGHT or one < FLOOR_SHARE * tally.n:
        floor = f"{FLOOR_RIGHT} right and {FLOOR_SHARE * 100:.0f} %"
        return None, f"{tally.first} is right in {one} of {tally.n}, below the floor of {floor}"
    return two / one, ""


def _resource(
    grid: Grid, first: int, second: int, key: Key, columns: Columns
) -> Later[PairedResource | None]:
    shared: Truths = np.all(~np.isnan(grid.values(key)[[first, second]]), axis=0)
    ones: Floats = np.where(shared, grid.values(key)[first], 0.0)
    twos: Floats = np.where(shared, grid.values(key)[second], 0.0)
    one_place, two_place = columns.add(ones), columns.add(twos)
    more: Floats = twos - ones
    more_place, shared_place = columns.add(more), columns.add(shared.astype(np.float64))
    n = int(shared.sum())

    def figures(totals: Totals) -> PairedResource | None:
        if not n:
            return None
        one, two = float(ones.sum()) / n, float(twos.sum()) / n
        note = _no_ratio(one, key.unit)
        return PairedResource(
            metric=key.metric,
            unit=key.unit,
            source=key.source,
            n=n,
            first=one,
            second=two,
            difference=two - one,
            interval=totals.interval(more_place, shared_place),
            ratio=None if note else two / one,
            ratio_interval=None if note else totals.interval(two_place, one_place),
            note=note,
        )

    return figures


def _no_ratio(below: float, unit: str) -> str:
    """Return why nothing can be divided by the mean of the first arm, or nothing."""
    if below == 0:
        return "the first is 0"
    floor = FLOORS.get(unit, 0.0)
    return f"the first is below {floor:g} {unit}" if below < floor else ""


def _regressions(grid: Grid, first: int, second: int, shared: Truths) -> Iterator[Regression]:
    """Yield the pairs of which the first alone is right, by data set and item."""
    lost = shared & (grid.right[first] == 1) & (grid.right[second] == 0)
    for unit in np.flatnonzero(lost):
        one, two = (grid.observations[grid.row[arm, unit]] for arm in (first, second))
        yield Regression(two.item, two.repeat, one.turn, two.turn, two.state or "")


def _by_data_set(grid: Grid, gained: Floats, shared: Truths) -> Iterator[DataSetShare]:
    gains, counts = grid.by_item(gained), grid.by_item(shared.astype(np.float64))
    names = np.array(grid.data_sets, dtype=object)
    parts = {
        name: Part(float(gains[names == name].sum()), int(counts[names == name].sum()))
        for name in dict.fromkeys(grid.data_sets)
    }
    for name, left in leave_one_out(parts).items():
        yield DataSetShare(name, parts[name].n, left.mean, left.without, left.flagged)
