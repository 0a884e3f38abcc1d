"""The line under a turn, broken only between its figures."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions
from rich.style import Style
from rich.text import Text
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from slmtui.tui.state.cost_line import pack


class FootLine(Widget):
    """What a turn cost, or what it does now."""

    def __init__(self) -> None:
        super().__init__()
        self._line = ""

    def show(self, line: str) -> None:
        """Draw another line of figures, if it is another."""
        if line != self._line:
            width = self.content_size.width
            same_height = width > 0 and len(pack(line, width)) == len(pack(self._line, width))
            self._line = line
            self.refresh(layout=not same_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return how many lines the figures take in `width` cells."""
        return len(pack(self._line, width))

    def render(self) -> RenderResult:
        """Draw the figures."""
        return Content("\n".join(pack(self._line, self.content_size.width)))


class PackedFigures:
    """The same as a Rich renderable, for a frozen turn."""

    def __init__(self, line: str, style: Style) -> None:
        self._line, self._style = line, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Text]:
        """Yield the figures in as many lines as they take."""
        for line in pack(self._line, options.max_width):
            yield Text(line, style=self._style)
