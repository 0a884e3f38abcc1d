"""The timeline of a turn: the turn above, a lane for each agent, the seconds below, and what signs mean."""

from collections.abc import Iterable

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from slmtui.tui.state.timeline import Timeline
from slmtui.tui.state.timeline_rows import LEGEND, Row, mark_under, rows_of

STYLES = {
    "wait": "dim",
    "prefill": "$secondary",
    "decode": "$primary",
    "tool": "$accent",
    "failed": "bold $error",
    "arrow": "$warning",
    "axis": "dim",
    "": "",
}


class TimelineView(Widget):
    """Draws a timeline in its width, with ▲ under the bar of the marked call."""

    DEFAULT_CSS = "TimelineView { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, timeline: Timeline | None = None) -> None:
        super().__init__()
        self._timeline = timeline or Timeline(0, ())
        self._marked = ""

    def show_timeline(self, timeline: Timeline) -> None:
        """Draw a timeline."""
        if timeline != self._timeline:
            self._timeline = timeline
            self.refresh(layout=True)

    def mark(self, ident: str) -> None:
        """Mark the bar of a call, or with an empty id none."""
        if ident != self._marked:
            self._marked = ident
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return its rows in lines, whatever the width."""
        return len(self._rows(max(1, width))) + 2

    def render(self) -> RenderResult:
        """Draw the rows, the mark and the legend."""
        width = max(1, self.size.width)
        mark = mark_under(self._timeline, width, self._marked)
        rows = [row_content(row) for row in self._rows(width)]
        return Content("\n").join([*rows, Content.styled(mark, "bold"), Content.styled(LEGEND, "dim")])

    def _rows(self, width: int) -> list[Row]:
        return rows_of(self._timeline, width)


def row_content(row: Row) -> Content:
    """Return a row with its bars in colour; what they are is told by their glyphs."""
    return Content.assemble(row.name, *_styled(row.runs), row.figures)


def _styled(runs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((text, STYLES[kind]) for text, kind in runs)


if __name__ == "__main__":
    from agents.events import AgentStarted
    from slmtui.tui.alone import show_alone
    from slmtui.tui.state.timeline import timeline_of

    show_alone(TimelineView(timeline_of([AgentStarted(0.0, "agent", "")], now=3.0)))
