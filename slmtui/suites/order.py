"""The order in which attempts are made."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One attempt to be made: an arm, an item, and which repeat it is, from 1."""

    arm: str
    item: str
    repeat: int


def ordered(arms: Sequence[str], items: Sequence[str], repeats: int, seed: int) -> list[Slot]:
    """Return every attempt of some arms at some items, `repeats` times, in an order that `seed` makes.

    Repeat by repeat the items come in a random order, each a block with all the arms in a random order of
    its own: a run that is stopped has nearly the same items in every arm, and what drifts, such as the
    machine's temperature, falls on all arms alike. The order of the items does not depend on the arms, so
    that of arms that are run one after another the same items come first. Equal arguments give the same.
    """
    slots = []
    for repeat in range(1, repeats + 1):
        shuffled = list(items)
        _dice(seed, repeat).shuffle(shuffled)
        for item in shuffled:
            block = list(arms)
            _dice(seed, repeat, item, *arms).shuffle(block)
            slots += [Slot(arm, item, repeat) for arm in block]
    return slots


def _dice(*key: object) -> random.Random:
    return random.Random("\x1f".join(map(str, key)))  # noqa: S311 - an order, no secret
