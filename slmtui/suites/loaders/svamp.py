"""SVAMP (arXiv 2103.07191): short word problems, with what is asked at their end."""

import random

from slmtui.suites.item import Expected, Item
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.row import Row
from slmtui.suites.suite import Split

_SEED = 7
_TEST = 300
# The answers are quotients of floats.
_RELATIVE = 1e-3


def svamp_items(file: DataFile) -> tuple[Item, ...]:
    """Return the problems of a file, in its order. Raises `SuiteError`."""
    return tuple(map(_item, rows_of(file)))


def svamp_part(items: tuple[Item, ...], split: Split) -> tuple[Item, ...]:
    """Return a part of the one file that SVAMP is: 300 problems of it for `test`, the others for `train`.

    Which they are was drawn once and for all, by a fixed seed, so that what prompts and examples were tried
    on is never what is measured.
    """
    order = list(range(len(items)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 - no secret
    chosen = order[:_TEST] if split == "test" else order[_TEST:]
    return tuple(items[at] for at in sorted(chosen))


def _item(row: Row) -> Item:
    body = row.text("Body")
    prompt = f"{body}{'' if body.endswith(('.', '?', ',')) else '.'} {row.text('Question')}"
    expected = Expected("number", repr(row.number("Answer")), relative=_RELATIVE)
    return Item(row.text("ID"), "svamp", prompt, expected, "calculator", row.text("Type"))
