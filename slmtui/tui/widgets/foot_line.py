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
from slmtui.tui.state.progress_line import ProgressLine


class FootLine(Widget):
    """What a turn cost, or what it does now: on one line with a bar while a long prompt is read."""

    def __init__(self) -> None:
        super().__init__()
        self._line = ""
        self._progress: ProgressLine | None = None

    def show(self, line: str, progress: ProgressLine | None = None) -> None:
        """Draw other figures, if they are others; `progress` goes before `line`."""
        if (line, progress) != (self._line, self._progress):
            width = self.content_size.width
            before = self._lines(width)
            self._line, self._progress = line, progress
            self.refresh(layout=width <= 0 or self._lines(width) != before)

    def _lines(self, width: int) -> int:
        return 1 if self._progress is not None else len(pack(self._line, width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return how many lines the figures take in `width` cells."""
        return self._lines(width)

    def render(self) -> RenderResult:
        """Draw the figures."""
        if self._progress is not None:
            return self._progress.fit(self.content_size.width)
        return Content("\n".join(pack(self._line, self.content_size.width)))


class PackedFigures:
    """The same as a Rich renderable, for a frozen turn."""

    def __init__(self, line: str, style: Style) -> None:
        self._line, self._style = line, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Text]:
        """Yield the figures in as many lines as they take."""
        for line in pack(self._line, options.max_width):
            yield Text(line, style=self._style)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    line = FootLine()
    line.show("base · 1 call · ↑120 (80 reused) ↓19 · TTFT 0.23 s · 33.3 tok/s · 0.77 s · 412 MB · ~1.50 J")
    show_alone(line)
