"""The bundled suite: requests over slmtui's own tools, with answers known by construction.

Every skill has three levels, and what makes a request harder is how it is made:

| skill | easy | medium | hard |
| --- | --- | --- | --- |
| arithmetic | a sum or difference | a product, quotient, share, root | three operations, decimals |
| word problems | one step | two steps | three, or two and a number not needed |
| units | powers of ten, times | a factor to know, temperatures | two parts, several things, rates |
| dates | up to 90 days | up to 900 days | leap years, other centuries, weekdays away |
| notes | told that it is in the notes | not told | two alike, an earlier value, two steps |
| files | told to open or read | not told, or one line | a section, far down, two files |
| tables | of a whole column | one condition, or whose it is | two conditions, a limit, the best of a group |
| text | few numbers, two words | single letters, order, reverse | long sentences, codes, ten in a list |
| plain chat | known to all | known, in words of some tool | a kind line about figures, dates, notes |

Skills and levels take turns, so that any first part of the suite is balanced over both.
"""

import hashlib
from collections.abc import Iterator
from itertools import islice

import msgspec

from slmtui.suites.bundled.cells import USUAL_SEED, requests
from slmtui.suites.bundled.wordings import LEVELS, SKILLS
from slmtui.suites.bundled.world import WORLD
from slmtui.suites.item import Item
from slmtui.suites.suite import Split, Suite

NAME = "bundled"
COUNT = 200


def bundled_suite(split: Split, seed: int = USUAL_SEED, count: int = COUNT) -> Suite:
    """Return the suite of `count` generated items; skills and levels take turns.

    Equal arguments give equal items, and a smaller count gives the first of them. They are fewer where
    there are no more different requests. The items of the split `train` are another data set.
    """
    name = NAME if split == "test" else f"{NAME}-{split}"
    items = tuple(islice(_in_turn(_cells(name, split, seed)), count))
    return Suite(
        name=name,
        title=f"slmtui's own requests ({split})",
        source=f"generated, split {split}, seed {seed}",
        checksum=hashlib.sha256(msgspec.json.encode(items, order="deterministic")).hexdigest(),
        licence="MIT, part of slmtui",
        items=items,
        world=WORLD,
    )


def _cells(name: str, split: Split, seed: int) -> list[Iterator[Item]]:
    """Return the requests of every skill at every level: any nine in a row have all skills."""
    levels = len(LEVELS)
    return [
        requests(name, skill, LEVELS[(place + turn) % levels], split, seed)
        for turn in range(levels)
        for place, skill in enumerate(SKILLS)
    ]


def _in_turn(cells: list[Iterator[Item]]) -> Iterator[Item]:
    """Yield one item of each cell in turn, until all are used up."""
    while cells:
        for cell in tuple(cells):
            item = next(cell, None)
            if item is None:
                cells.remove(cell)
            else:
                yield item
