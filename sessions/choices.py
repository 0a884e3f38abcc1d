"""What a call says of the names that could stand at one place of its output."""

import math
from collections.abc import Sequence

from agents.events import NamedChance


def likeliest(chances: Sequence[NamedChance]) -> NamedChance | None:
    """Return the likeliest name, the first of equals; None when the call has none to tell of."""
    return max(chances, key=lambda chance: chance.probability, default=None)


def entropy_bits(chances: Sequence[NamedChance]) -> float | None:
    """Return Shannon's entropy of the choice, -sum(p log2 p) in bits: 0 is certain, 1 a toss of a coin.

    None when there was nothing to choose from. Names that share an entry count as one.
    """
    if not chances:
        return None
    parts = (chance.probability for chance in chances if chance.probability > 0)
    return max(0.0, -math.fsum(p * math.log2(p) for p in parts))
