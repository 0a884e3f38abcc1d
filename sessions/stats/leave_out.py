"""Does one part of the data carry the mean of all?"""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 0.01
"""A mean that moves by less than this is not flagged, however small it is itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """The sum and number of the values of one part."""

    total: float
    n: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The mean of a part, that of all the others (None where there are none), and whether it is flagged."""

    mean: float
    without: float | None
    flagged: bool


def leave_one_out(parts: Mapping[str, Part], least: float = LEAST) -> dict[str, LeftOut]:
    """Return for each part what the mean of all is without it.

    A part is flagged if without it the mean moves by more than half of itself, and by `least` or more.
    Parts without any value are left out.
    """
    parts = {name: part for name, part in parts.items() if part.n}
    total, n = sum(part.total for part in parts.values()), sum(part.n for part in parts.values())
    found = {}
    for name, part in parts.items():
        without = (total - part.total) / (n - part.n) if n > part.n else None
        moved = abs(total / n - without) if without is not None else 0.0
        flagged = moved >= least and moved > abs(total / n) / 2
        found[name] = LeftOut(part.total / part.n, without, flagged)
    return found
