"""Whole amounts shared out without loss: by weights, along time, and among what goes on at once."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sessions.attributing.cells import NANO, State


def nanos(amount: float | None) -> int:
    """Return seconds or joules as whole nanoseconds or nanojoules; 0 for none, negative or not finite."""
    if amount is None or not math.isfinite(amount):
        return 0
    return max(0, round(amount * NANO))


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Return `total` in parts as the weights (none negative), by largest remainder; the parts sum to it.

    The first part is everything where all weights are zero.
    """
    whole = sum(weights)
    if not whole:
        return [total, *(0 for _ in weights[1:])]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of a turn's time, from `start` to `end` in nanoseconds, that something spent in one way.

    `states` are what it was spent on, with a weight each: they alternate too fast to be told apart. A
    piece `waits` when nothing is worked at in it. `nanoseconds` and `nanojoules` are its share.
    """

    start: int
    end: int
    states: dict[State, int]
    waits: bool = False
    nanoseconds: int = 0
    nanojoules: int = 0

    def split(self, amount: int) -> dict[State, int]:
        """Return an amount by state."""
        return dict(zip(self.states, apportion(amount, tuple(self.states.values())), strict=True))


@dataclass(frozen=True, slots=True)
class EnergyCurve:
    """Nanojoules that a turn had taken by each of some moments (nanoseconds, ascending); straight between.

    `total` is the last reading: what was taken after it, nobody knows.
    """

    moments: tuple[int, ...] = (0,)
    taken: tuple[int, ...] = (0,)
    total: int = 0

    def at(self, moment: int) -> int:
        """Return what had been taken by a moment."""
        after = bisect_right(self.moments, moment)
        if after == len(self.moments):
            return self.taken[-1]
        start, end = self.moments[after - 1], self.moments[after]
        low, high = self.taken[after - 1], self.taken[after]
        return low + (high - low) * (moment - start) // (end - start)


def energy_curve(readings: Iterable[tuple[int, int]], wall: int) -> EnergyCurve:
    """Return the curve through readings (moment, nanojoules since the start) of a turn of `wall` ns.

    It ends at the last reading, and never falls: a reading that says otherwise is held to its neighbours.
    """
    told = list(readings)
    last = told[-1][1] if told else 0
    points: dict[int, int] = {0: 0}
    at, taken = 0, 0
    for moment, amount in told:
        at = max(at, min(moment, wall))
        taken = max(taken, min(amount, last))
        if at:
            points[at] = taken
    return EnergyCurve(tuple(points), tuple(points.values()), last)


def share_out(pieces: Iterable[Piece], curve: EnergyCurve, wall: int) -> Piece:
    """Share a turn's `wall` ns and its energy among its pieces, and return what none of them covers, as one.

    A moment at which several work is shared equally by them. What only waits has a share of a moment at
    which nothing works: a call that queues behind another does not make that one any quicker.
    """
    idle = Piece(0, wall, {"idle": 1}, waits=True)
    starts: dict[int, list[Piece]] = {}
    ends: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.end > piece.start:
            starts.setdefault(piece.start, []).append(piece)
            ends.setdefault(piece.end, []).append(piece)
    active: dict[Piece, None] = {}
    moments = sorted({0, wall, *starts, *ends, *(m for m in curve.moments if m <= wall)})
    for moment, following in pairwise(moments):
        for piece in ends.get(moment, ()):
            del active[piece]
        active |= dict.fromkeys(starts.get(moment, ()))
        takers = [piece for piece in active if not piece.waits] or list(active) or [idle]
        _give(takers, following - moment, curve.at(following) - curve.at(moment))
    idle.nanojoules += curve.total - curve.at(wall)
    return idle


def _give(takers: Sequence[Piece], time: int, energy: int) -> None:
    """Give each its equal share."""
    even = [1] * len(takers)
    shares = zip(takers, apportion(time, even), apportion(energy, even), strict=True)
    for taker, nanoseconds, nanojoules in shares:
        taker.nanoseconds += nanoseconds
        taker.nanojoules += nanojoules
