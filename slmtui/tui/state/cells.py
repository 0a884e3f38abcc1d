"""Text in terminal cells: cut, padded and wrapped to a width, whatever characters it holds."""

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size

from slmtui.tui.plain import plain_line


def cut(text: str, width: int) -> str:
    """Return `text` on one line of at most `width` cells, cut with an ellipsis."""
    text = plain_line(text)
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    return set_cell_size(text, width - 1) + "…"


def padded(text: str, width: int) -> str:
    """Return `text` on one line of exactly `width` cells."""
    return set_cell_size(cut(text, width), max(width, 0))


def wrapped(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the first and past-the-last index of each piece of a line in `width` cells; one at least.

    It breaks between words where every character is one cell wide, and anywhere else. The pieces
    together are the line.
    """
    if width < 1 or cell_len(line) <= width:
        yield 0, len(line)
        return
    start = 0
    for piece in _pieces(line, width):
        yield start, start + len(piece)
        start += len(piece)


def _pieces(line: str, width: int) -> list[str]:
    if cell_len(line) != len(line):
        return chop_cells(line, width)
    return textwrap.wrap(
        line,
        width,
        expand_tabs=False,
        replace_whitespace=False,
        drop_whitespace=False,
        break_on_hyphens=False,
    )
