"""The timeline of a turn in a few lines, under the turn in the chat."""

from collections.abc import Iterable

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from agents.events import Event
from slmtui.tui.state.timeline import Timeline, TimelineFeed, timeline_of
from slmtui.tui.state.timeline_rows import Row, rows_of
from slmtui.tui.widgets.timeline import row_content

MOST_ROWS = 6


class TimelineStrip(Widget):
    """A lane for each agent, at most six, each with its figures; as wide as it is."""

    DEFAULT_CSS = "TimelineStrip { height: auto; text-wrap: nowrap; }"

    def __init__(self) -> None:
        super().__init__()
        self._timeline = Timeline(0, ())

    def show(self, source: TimelineFeed | Iterable[Event], now: float | None = None) -> None:
        """Draw a turn from a feed of its events, or from its events; a running one until `now` seconds."""
        timeline = source.timeline(now) if isinstance(source, TimelineFeed) else timeline_of(source, now)
        if timeline != self._timeline:
            taller = len(self._rows(1, timeline)) != len(self._rows(1, self._timeline))
            self._timeline = timeline
            self.refresh(layout=taller)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return its rows in lines."""
        return len(self._rows(max(1, width), self._timeline))

    def render(self) -> RenderResult:
        """Draw the rows."""
        rows = self._rows(max(1, self.size.width), self._timeline)
        return Content("\n").join([row_content(row) for row in rows])

    def _rows(self, width: int, timeline: Timeline) -> list[Row]:
        return rows_of(timeline, width, most=MOST_ROWS, whole=False)


if __name__ == "__main__":
    from agents.events import AgentStarted, HandOff
    from slmtui.tui.alone import show_alone

    strip = TimelineStrip()
    strip.show([AgentStarted(0, "supervisor", ""), HandOff(1.0, "supervisor", "math", "")], now=2.0)
    show_alone(strip)
