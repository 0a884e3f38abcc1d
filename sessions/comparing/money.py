"""What the arms of a comparison cost in money: an attempt, and a right answer, by each price."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from agents.events import Event
from sessions.comparing.grid import Floats, Grid
from sessions.comparing.rating import cost_interval, why_undefined
from sessions.comparing.resampling import Columns, Later, Totals
from sessions.comparison import Comparison, Interval
from sessions.errors import UnknownTurnError
from sessions.hosted_tokens import hosted_tokens
from sessions.money import POWER, Cost, Prices, TokenCounts, costs
from sessions.observation import Observation

Counted: TypeAlias = Mapping[str, Mapping[str, TokenCounts]]
"""Tokens as hosted services count them, by turn and encoding, of the turns that were counted so."""

Kind: TypeAlias = tuple[str, str, bool]
"""A price's name, what its amounts were worked out from, and whether they are estimates."""


@dataclass(frozen=True, slots=True)
class ArmCost:
    """What an arm costs by one price, for `what`, in the prices' currency. An `estimate` is shown with `~`.

    `mean` is that of the `n` attempts with an amount, worked out from the `basis`. `per_right` is the total
    of all scored attempts, failures included / `right`: None without scores, where none is right and
    where some attempt has no amount, as `note` says. `interval` is as that of
    `sessions.comparison.PerRight`, of the same resamples.
    """

    arm: str
    what: str
    estimate: bool
    basis: str
    n: int
    mean: float
    right: int
    per_right: float | None
    interval: Interval | None
    note: str


@dataclass(frozen=True, slots=True)
class Money:
    """What arms cost by these prices: by arm, then in the order of the prices; nothing without any."""

    prices: Prices
    costs: tuple[ArmCost, ...]


def counted_tokens(
    events: Callable[[str], Iterable[Event]],
    turns: Iterable[str],
    encodings: Mapping[str, Callable[[str], int]],
) -> Counted:
    """Return the tokens of turns in these encodings, of those still stored; `events` reads a turn's."""
    found: dict[str, Mapping[str, TokenCounts]] = {}
    for turn in turns if encodings else ():
        with suppress(UnknownTurnError):
            found[turn] = hosted_tokens(events(turn), encodings)
    return found


def money_of(
    comparison: Comparison, observations: Sequence[Observation], prices: Prices, counted: Counted
) -> Money:
    """Return what the arms of a comparison cost, which is of these observations.

    An attempt's amounts are those of `sessions.money.costs`, hosted ones by the tokens `counted` for its
    turn, where they were.
    """
    grid = Grid(observations, [arm.arm for arm in comparison.arms])
    paid = [_paid(each, prices, counted) for each in observations]
    columns = Columns(grid)
    later = [
        _arm_cost(grid, arm, kind, _amounts(paid, kind)[grid.row[arm]], columns)
        for arm in range(len(grid.arms))
        for kind in _kinds(paid, prices)
    ]
    totals = columns.draw(comparison.resamples, comparison.seed)
    return Money(prices, tuple(cost for each in later if (cost := each(totals)).n))


def _paid(observed: Observation, prices: Prices, counted: Counted) -> dict[Kind, float]:
    """Return the amounts of an attempt; none where its turn is not stored."""
    return {(each.what, each.basis, each.estimate): each.amount for each in _costs(observed, prices, counted)}


def _costs(observed: Observation, prices: Prices, counted: Counted) -> tuple[Cost, ...]:
    values = observed.values
    read, written = values["prompt_tokens"], values["output_tokens"]
    if read is None or written is None:
        return ()
    return costs(
        prices,
        joules=values["joules"],
        source=observed.energy_source,
        tokens=TokenCounts(int(read), int(written)),
        counted=counted.get(observed.turn),
    )


def _kinds(paid: Iterable[Mapping[Kind, float]], prices: Prices) -> list[Kind]:
    """Return every kind of amount, in the order of the prices; energy of two sources apart."""
    names = [POWER, *(price.name for price in prices.hosted)]
    return sorted({kind for each in paid for kind in each}, key=lambda kind: (names.index(kind[0]), kind))


def _amounts(paid: Sequence[Mapping[Kind, float]], kind: Kind) -> Floats:
    """Return the amounts of one kind by observation, NaN for none; the last is of nothing."""
    found: Floats = np.array([*(each.get(kind) for each in paid), None], dtype=np.float64)
    return found


def _arm_cost(grid: Grid, arm: int, kind: Kind, amounts: Floats, columns: Columns) -> Later[ArmCost]:
    known = amounts[~np.isnan(amounts)]
    right = grid.right[arm]
    scored = ~np.isnan(right)
    count = int(np.nansum(right))
    note = why_undefined(amounts[scored], count)
    total_place, right_place = columns.add(np.where(scored, amounts, 0.0)), columns.add(right)
    what, basis, estimate = kind

    def figure(totals: Totals) -> ArmCost:
        return ArmCost(
            arm=grid.arms[arm],
            what=what,
            estimate=estimate,
            basis=basis,
            n=len(known),
            mean=float(known.mean()) if len(known) else 0.0,
            right=count,
            per_right=None if note else float(amounts[scored].sum()) / count,
            interval=None if note else cost_interval(grid, arm, totals, total_place, right_place),
            note=note,
        )

    return figure
