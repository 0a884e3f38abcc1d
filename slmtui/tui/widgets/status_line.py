"""The line under the prompt: a passing note, or the cost of the turn where there is no panel."""

from textual.content import Content
from textual.timer import Timer

from slmtui.tui.plain import plain_line
from slmtui.tui.widgets.plain_static import PlainStatic

NOTE_S = 6.0


class StatusLine(PlainStatic):
    """Shows a note for a few seconds, on three lines at most, and else the summary on one."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._summary = ""
        self._note = ""
        self._timer: Timer | None = None

    def show_summary(self, text: str) -> None:
        """Set what is shown while there is no note."""
        self._summary = plain_line(text)
        self._draw()

    def note(self, text: str, *, seconds: float | None = NOTE_S) -> None:
        """Show a note, for `seconds`, or until the next one with None."""
        if self._timer is not None:
            self._timer.stop()
        self._note = plain_line(text)
        self._timer = self.set_timer(seconds, self.forget) if seconds is not None else None
        self._draw()

    def forget(self) -> None:
        """Take the note away."""
        self._note = ""
        self._draw()

    def _draw(self) -> None:
        self.set_class(bool(self._note), "-note")
        self.show(Content(self._note or self._summary), layout=bool(self._note))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(StatusLine())
