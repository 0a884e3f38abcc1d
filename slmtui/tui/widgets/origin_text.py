"""A long text line by line, each with a gutter and its own look; only the lines in view are drawn."""

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from agents.message import ORIGINS
from slmtui.tui.state.cells import wrapped
from slmtui.tui.state.detail_lines import Line

Piece: TypeAlias = tuple[int, int, int]
"""A row: the number of its line, and the range of the line's characters."""


class OriginText(ScrollView, can_focus=True):
    """Draws lines, wrapped or not. A text of 100 kB opens at once, for nothing is made but what is seen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "text--head", "text--title", "text--note", "text--reuse", "text--left_out", "text--unknown",
        *(f"text--{origin}" for origin in ORIGINS),
    }  # fmt: skip

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self._lines: Sequence[Line] = lines
        self._rows: list[Piece] = []
        self._laid_out: tuple[int, bool] | None = None
        self.wraps = True

    def show_lines(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Draw other lines, from the first; or where the reader is, when they are more of the same."""
        self._lines = lines
        self._laid_out = None
        self._lay_out()
        if not keep_place:
            self.scroll_to(0, 0, animate=False, immediate=True)

    def toggle_wrap(self) -> bool:
        """Wrap long lines, or leave them to be scrolled; returns whether they are wrapped now.

        What is at the top stays there.
        """
        top = self._rows[self.scroll_offset.y][0] if self._rows else 0
        self.wraps = not self.wraps
        self._lay_out()
        first = next((n for n, (line, _, _) in enumerate(self._rows) if line == top), 0)
        self.scroll_to(0, first, animate=False, immediate=True)
        return self.wraps

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if self._laid_out == (width, self.wraps):
            return
        self._laid_out = width, self.wraps
        self._rows = [piece for n, line in enumerate(self._lines) for piece in self._pieces(n, line, width)]
        longest = width if self.wraps else max(map(_cells, self._lines), default=0)
        self.virtual_size = Size(longest, len(self._rows))
        self.refresh()

    def _pieces(self, number: int, line: Line, width: int) -> list[Piece]:
        room = width - cell_len(line.gutter) if self.wraps else 0
        return [(number, start, end) for start, end in wrapped(line.text, max(room, 0))]

    def _text(self, row: int) -> str:
        number, start, end = self._rows[row]
        return self._lines[number].text[start:end]

    def render_line(self, y: int) -> Strip:
        """Draw one row of those in view."""
        scroll_x, scroll_y = self.scroll_offset
        row, width, base = scroll_y + y, self.size.width, self.rich_style
        if row >= len(self._rows):
            return Strip.blank(width, base)
        line = self._lines[self._rows[row][0]]
        style = base + self._style(line.look)
        gutter = Strip(
            [Segment(line.gutter, base + self._style(line.look, plain=True))] if line.gutter else []
        )
        room = max(0, width - gutter.cell_length)
        body = Strip(self._segments(row, style)).crop_extend(scroll_x, scroll_x + room, base)
        return Strip.join([gutter, body.apply_offsets(scroll_x, row)])

    def _style(self, look: str, *, plain: bool = False) -> Style:
        """Return the style of a look, or of several; of a gutter without what marks titles."""
        style = Style()
        for name in look.split():
            if name != "text" and not (plain and name == "title"):
                style += self.get_component_rich_style(f"text--{name}", partial=True)
        return style

    def _segments(self, row: int, style: Style) -> list[Segment]:
        text, selection = self._text(row), self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return [Segment(text, style)]
        start, end = span[0], len(text) if span[1] == -1 else span[1]
        marked = style + self.screen.get_component_rich_style("screen--selection")
        parts = ((text[:start], style), (text[start:end], marked), (text[end:], style))
        return [Segment(part, each) for part, each in parts if part]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, without gutters."""
        return selection.extract("\n".join(map(self._text, range(len(self._rows))))), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection."""
        self.refresh()


def _cells(line: Line) -> int:
    return cell_len(line.gutter) + cell_len(line.text)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(OriginText([Line(f"line {n} of a message", "user", "░USR│") for n in range(10_000)]))
