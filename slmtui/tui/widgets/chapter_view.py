"""One chapter of a report: a text that is laid out anew whenever there is more or less room."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from slmtui.tui.widgets.plain_static import PlainStatic

LEAST = 30


class ChapterView(VerticalScroll, can_focus=True):
    """Draws what `show_text` was given for the width there is."""

    def __init__(self) -> None:
        super().__init__()
        self._text: Callable[[int], Content] = lambda _width: Content()

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield PlainStatic()

    def show_text(self, text: Callable[[int], Content]) -> None:
        """Draw a text from its beginning; `text` returns it for a number of cells."""
        self._text = text
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self) -> None:
        """Lay the text out for the room there is now."""
        self._draw()

    def _draw(self) -> None:
        self.query_one(PlainStatic).show(self._text(max(self.scrollable_content_region.width, LEAST)))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    view = ChapterView()
    view.call_later(lambda: view.show_text(lambda width: Content(f"{width} cells wide")))
    show_alone(view)
