"""Adding up the cells of ledgers: those of one agent and kind, whatever call they are of."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Cell = TypeVar("Cell")
"""A class of `sessions.attributing.cells`: its numbers are amounts, its texts say whose they are."""


def added_up(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the sums of cells, all of one class, in the order in which each kind of them comes first."""
    firsts: dict[tuple[str, ...], Cell] = {}
    sums: dict[tuple[str, ...], list[int]] = {}
    for cell in cells:
        texts, amounts = _names_of(cell)
        key = tuple(getattr(cell, name) for name in texts)
        so_far = sums.setdefault(key, [0] * len(amounts))
        firsts.setdefault(key, cell)
        for place, name in enumerate(amounts):
            so_far[place] += getattr(cell, name)
    return tuple(_with(cell, sums[key]) for key, cell in firsts.items())


def without_zeros(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells of which any amount is not zero."""
    return tuple(cell for cell in cells if any(getattr(cell, name) for name in _names_of(cell)[1]))


def _names_of(cell: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kind: Any = type(cell)
    return _names(kind)


@cache
def _names(kind: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a cell's texts, its call aside, and of its amounts."""
    amounts = tuple(item.name for item in fields(kind) if item.type is int)
    return tuple(item.name for item in fields(kind) if item.name not in {*amounts, "call"}), amounts


def _with(cell: Cell, sums: Iterable[int]) -> Cell:
    """Return a cell like this one, of no call, with these amounts."""
    kind: Any = type(cell)
    texts, amounts = _names(kind)
    values: dict[str, Any] = {name: getattr(cell, name) for name in texts}
    values |= zip(amounts, sums, strict=True)
    if hasattr(cell, "call"):
        values["call"] = ""
    made: Cell = kind(**values)
    return made
