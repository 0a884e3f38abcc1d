"""A table of a report, before it is HTML or Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head, the first cell of a row being its name. Columns in `right` hold numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()
) -> Table:
    """Return a table of the rows, which may be none."""
    return Table(caption, tuple(head), tuple(tuple(row) for row in rows), frozenset(right))
