"""Shows one widget alone: each widget file is a small program for trying it."""

from textual.app import App, ComposeResult
from textual.widget import Widget


class Alone(App[None]):
    """An app of one widget, with the styles of the real one."""

    CSS_PATH = "app.tcss"

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self._widgets = widgets

    def compose(self) -> ComposeResult:
        """Hold the widgets under one another."""
        yield from self._widgets


def show_alone(*widgets: Widget) -> None:
    """Run an app of these widgets until ctrl+q."""
    Alone(*widgets).run()
