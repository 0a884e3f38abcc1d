from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.attributing.sharing import EnergyCurve, Piece, apportion, energy_curve, nanos, share_out

AMOUNTS = st.integers(0, 10**15)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=6))
def test_parts_sum_and_are_within_one_of_their_share(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    if sum(weights):
        shares = [Fraction(total * weight, sum(weights)) for weight in weights]
        assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))


@given(AMOUNTS, st.lists(AMOUNTS, min_size=2, max_size=6))
def test_the_largest_remainders_are_rounded_up(total: int, weights: list[int]) -> None:
    parts, whole = apportion(total, weights), sum(weights)
    if whole:
        up = [total * w % whole for w, part in zip(weights, parts, strict=True) if part > total * w // whole]
        down = [
            total * w % whole for w, part in zip(weights, parts, strict=True) if part == total * w // whole
        ]
        assert not up or not down or min(up) >= max(down)


def test_apportioning_by_nothing_gives_the_first_everything() -> None:
    assert apportion(7, (0, 0)) == [7, 0]
    assert apportion(10, (1, 1, 1)) == [4, 3, 3]


@pytest.mark.parametrize("odd", [None, -1.0, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_amount_is_zero(odd: float | None) -> None:
    assert nanos(odd) == 0


READINGS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 10**6)), max_size=6)


@given(READINGS, st.integers(0, 800))
def test_a_curve_never_falls_and_ends_at_the_last_reading(readings: list[tuple[int, int]], wall: int) -> None:
    curve = energy_curve(readings, wall)
    taken = [curve.at(moment) for moment in range(0, wall + 1, 7)]
    assert taken == sorted(taken)
    assert curve.total == (readings[-1][1] if readings else 0)
    assert curve.at(0) == 0
    assert curve.at(wall) <= curve.total


def test_a_curve_is_straight_between_readings() -> None:
    curve = energy_curve([(10, 100), (20, 100), (40, 300)], 100)
    assert [curve.at(moment) for moment in (0, 5, 10, 15, 20, 30, 40, 90)] == [
        0,
        50,
        100,
        100,
        100,
        200,
        300,
        300,
    ]


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    spans = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60), st.booleans()), max_size=5))
    return [Piece(start, min(start + length, 100), {"decode": 1}, waits) for start, length, waits in spans]


@given(pieces(), READINGS)
def test_every_moment_is_shared_by_those_that_work_in_it(
    found: list[Piece], readings: list[tuple[int, int]]
) -> None:
    curve = energy_curve(readings, 100)
    idle = share_out(found, curve, 100)
    every = [*found, idle]
    assert sum(piece.nanoseconds for piece in every) == 100
    assert sum(piece.nanojoules for piece in every) == curve.total
    for piece in every:
        exact = sum((share(piece, found, idle, moment) for moment in range(100)), Fraction(0))
        assert abs(piece.nanoseconds - exact) <= 2 * len(found)  # a stretch at a time, rounded


def share(piece: Piece, found: list[Piece], idle: Piece, moment: int) -> Fraction:
    """Return a piece's share of one moment, worked out moment by moment."""
    active = [each for each in found if each.start <= moment < each.end]
    takers = [each for each in active if not each.waits] or active or [idle]
    return Fraction(takers.count(piece), len(takers))


def test_what_waits_yields_to_what_works() -> None:
    works, queues = Piece(0, 60, {"decode": 1}), Piece(40, 100, {"queue": 1}, waits=True)
    idle = share_out([works, queues], EnergyCurve(), 120)
    assert (works.nanoseconds, queues.nanoseconds, idle.nanoseconds) == (60, 40, 20)


def test_a_piece_splits_by_its_weights() -> None:
    piece = Piece(0, 10, {"decode": 6, "sampling": 3, "grammar": 1})
    assert piece.split(100) == {"decode": 60, "sampling": 30, "grammar": 10}
