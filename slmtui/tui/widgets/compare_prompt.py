"""The prompt of a comparison: one text for all arms."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import TextArea

from slmtui.tui.bindings import bindings
from slmtui.tui.plain import typed

KEYS = ("compare.send", "compare.newline")


class ComparePrompt(TextArea):
    """Grows to five lines. Enter asks every arm, shift+enter and ctrl+j begin a line."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare", only=KEYS)]

    class Submitted(Message):
        """Enter was pressed on a prompt that is not blank."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(
            soft_wrap=True, compact=True, highlight_cursor_line=False, placeholder="Ask every arm something"
        )

    def put(self, text: str) -> None:
        """Replace what is typed; all of it is marked, so that typing replaces it in turn."""
        self.load_text(typed(text))
        self.select_all()

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":  # the text area would begin a line
            event.prevent_default()
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """Take pasted text without characters that could not be seen."""
        event.prevent_default()
        event.stop()
        self.replace(typed(event.text), *self.selection)

    def action_send(self) -> None:
        """Hand the prompt over."""
        if self.text.strip():
            self.post_message(self.Submitted(self.text.strip()))

    def action_newline(self) -> None:
        """Begin a line."""
        self.replace("\n", *self.selection)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(ComparePrompt())
