"""The window in which the session's system prompt is written."""

from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, TextArea

from slmtui.tui.plain import typed


class CleanArea(TextArea):
    """A text area into which no character is pasted that could not be seen."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._replace_via_keyboard(typed(event.text), *self.selection)


class SystemPrompt(ModalScreen[str | None]):
    """Ends with the text, empty for that of the settings, or with None when nothing is to change."""

    CSS_PATH = "chat_settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave", id="system.leave"),
        Binding("ctrl+s", "take", "take", id="system.take", priority=True),
    ]

    _area = getters.query_one(CleanArea)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = typed(text)

    def compose(self) -> ComposeResult:
        """Show the text over what can be done with it."""
        with Vertical():
            yield CleanArea(
                self._text,
                soft_wrap=True,
                compact=True,
                highlight_cursor_line=False,
                placeholder="What the model should be and do. Empty: the system prompt of the settings.",
            )
            with Horizontal():
                yield Button("Take (^s)", id="take", compact=True, variant="primary")
                yield Button("Back to the settings'", id="usual", compact=True)
                yield Button("Leave (esc)", id="leave", compact=True)

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        self.query_one(Vertical).border_title = "System prompt of this session"
        self._area.move_cursor(self._area.document.end)
        self._area.focus()

    def action_take(self) -> None:
        """End with what is written."""
        self.dismiss(typed(self._area.text))

    @on(Button.Pressed, "#take")
    def _take(self) -> None:
        self.action_take()

    @on(Button.Pressed, "#usual")
    def _usual(self) -> None:
        self.dismiss("")

    @on(Button.Pressed, "#leave")
    def _leave(self) -> None:
        self.dismiss(None)
