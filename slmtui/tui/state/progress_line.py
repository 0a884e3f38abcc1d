"""One line that says how far something is: words, a bar that takes the room between, and figures."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.state.cost_line import SEPARATOR

LEAST_BAR, GOOD_BAR, MOST_BAR = 6, 12, 24
"""Cells of the bar: figures give way until it is a good one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure after the bar; `room` is the cells that it may come to take."""

    text: str
    room: int


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """`share` is 0 to 1. Where the room is short, the last figures are left out, and then the words cut."""

    words: str
    share: float
    figures: tuple[Figure, ...] = ()

    def fit(self, width: int) -> Content:
        """Return one line of at most `width` cells. The bar is as long as long as words and width stay so."""
        figures = list(self.figures)
        while figures and self._bar_room(figures, width) < GOOD_BAR:
            figures.pop()
        bar = fmt.bar(self.share, min(max(self._bar_room(figures, width), LEAST_BAR), MOST_BAR))
        tail = SEPARATOR.join([f"{self.share:4.0%}", *(figure.text for figure in figures)])
        line = Content.assemble(f"{self.words} ", (bar, "$primary"), f" {tail}")
        return line.truncate(max(width, 1), ellipsis=True)

    def _bar_room(self, figures: list[Figure], width: int) -> int:
        rooms = sum(max(figure.room, cell_len(figure.text)) + len(SEPARATOR) for figure in figures)
        return width - cell_len(self.words) - len("  100%") - rooms
