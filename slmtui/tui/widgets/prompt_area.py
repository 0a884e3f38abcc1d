"""The text area in which a prompt is typed."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import TextArea

from slmtui.tui.bindings import bindings
from slmtui.tui.plain import typed
from slmtui.tui.state.prompt_history import PromptHistory


class PromptArea(TextArea):
    """Grows to ten lines. Enter sends, shift+enter and ctrl+j begin a line, ↑ and ↓ walk the history."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("chat", only=("chat.send", "chat.newline", "chat.older", "chat.newer"))
    ]

    class Submitted(Message):
        """Enter was pressed on a prompt that is not blank. `text` is as it was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class AtEnd(Message):
        """The cursor was sent to the end, where it is already: the chat's end is meant."""

    def __init__(self) -> None:
        super().__init__(
            soft_wrap=True, compact=True, highlight_cursor_line=False, placeholder="Ask something, or /help"
        )
        self.past = PromptHistory()

    def put(self, text: str) -> None:
        """Replace what is typed, with the cursor at the end."""
        self.load_text(typed(text))
        self.move_cursor(self.document.end)

    def sent(self, prompt: str) -> None:
        """Remember a prompt that was taken, and make room for the next."""
        self.past.add(prompt)
        self.put("")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":  # the text area would begin a line
            event.prevent_default()
            return
        if event.is_printable or event.key in {"backspace", "delete"}:
            self.past.leave()
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """Take pasted text without characters that could not be seen."""
        event.prevent_default()
        event.stop()
        self.past.leave()
        self.insert(typed(event.text))

    def action_send(self) -> None:
        """Hand the prompt over; it stays until it is taken."""
        if self.text.strip():
            self.post_message(self.Submitted(self.text))

    def action_newline(self) -> None:
        """Begin a line."""
        self.insert("\n")

    def action_older(self) -> None:
        """Go up; from the first line, to the prompt sent before."""
        if self.wrapped_document.location_to_offset(self.cursor_location).y > 0:
            self.action_cursor_up()
        elif (older := self.past.older(self.text)) is not None:
            self.put(older)

    def action_newer(self) -> None:
        """Go down; from the last line, to the prompt sent after."""
        last = self.wrapped_document.location_to_offset(self.document.end).y
        if self.wrapped_document.location_to_offset(self.cursor_location).y < last:
            self.action_cursor_down()
        elif (newer := self.past.newer()) is not None:
            self.put(newer)

    def action_cursor_line_end(self, select: bool = False) -> None:
        """Go to the end of the line; from the end of the text, to the end of the chat."""
        if not select and self.cursor_location == self.document.end:
            self.post_message(self.AtEnd())
        super().action_cursor_line_end(select)
