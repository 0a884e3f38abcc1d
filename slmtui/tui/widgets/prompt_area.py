"""The text area in which a prompt is typed."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from slmtui.tui.bindings import bindings
from slmtui.tui.plain import typed
from slmtui.tui.state.folded_paste import is_long
from slmtui.tui.state.prompt_history import PromptHistory
from slmtui.tui.widgets.completing_area import CompletingArea

KEYS = ("send", "newline", "older", "newer", "complete", "close_list", "open_paste")
LINES, CHARACTERS = 100, 20_000
"""A prompt that is brought back is folded when it is longer: such a one is not edited by hand."""


class PromptArea(CompletingArea):
    """Grows to ten lines. Enter sends, shift+enter and ctrl+j begin a line, ↑ and ↓ walk the history."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat", only=tuple(f"chat.{key}" for key in KEYS))]

    class Submitted(Message):
        """Enter was pressed. `text` is as it was typed; it may be blank."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class AtEnd(Message):
        """The cursor was sent to the end, where it is already: the chat's end is meant."""

    class BackWanted(Message):
        """↑ in an empty prompt while others wait: the last of them is wanted back."""

    def __init__(self) -> None:
        super().__init__("Ask something, or /help")
        self.past = PromptHistory()
        self.queued = 0
        self._drafts: dict[str, str] = {}

    def put(self, text: str) -> None:
        """Replace what is typed, with the cursor at the end; a prompt that was sent, as it was typed."""
        clean = self._drafts.get(text) or typed(text)
        self.load_text(self.folded(clean) if is_long(clean, LINES, CHARACTERS) else clean)
        self.move_cursor(self.document.end)

    def remember(self, draft: str, prompt: str) -> None:
        """Keep how a prompt was typed that was sent with pastes or files in full."""
        if draft.strip() != prompt:
            self._drafts[prompt] = draft

    def sent(self, prompt: str) -> None:
        """Remember a prompt that was taken, and make room for the next if it is the one that stands here."""
        draft = self._drafts.get(prompt, prompt)
        self.past.add(draft)
        self.drop(draft)

    def drop(self, draft: str) -> None:
        """Make room for the next prompt, if this one stands here and not another."""
        if self.text.strip() == draft.strip():
            self.put("")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":  # the text area would begin a line
            event.prevent_default()
            return
        if event.is_printable or event.key in {"backspace", "delete"}:
            self.past.leave()
        await super()._on_key(event)

    def take_paste(self, text: str) -> None:
        """Put a pasted text in the place of the selection."""
        self.past.leave()
        super().take_paste(text)

    def action_send(self) -> None:
        """Take the marked choice; else hand the prompt over, which stays until it is taken."""
        if self.typed_in_full or not self.take():
            self.action_close_list()
            self.post_message(self.Submitted(self.text))

    def action_newline(self) -> None:
        """Begin a line."""
        self.insert("\n")

    def action_older(self) -> None:
        """Go up; from the first line, to the prompt sent before, or to the last that waits."""
        if self.picking.is_open:
            self.move_mark(-1)
        elif self.wrapped_document.location_to_offset(self.cursor_location).y > 0:
            self.action_cursor_up()
        elif self.queued and not self.text:
            self.post_message(self.BackWanted())
        elif (older := self.past.older(self.text)) is not None:
            self.put(older)

    def action_newer(self) -> None:
        """Go down; from the last line, to the prompt sent after."""
        last = self.wrapped_document.location_to_offset(self.document.end).y
        if self.picking.is_open:
            self.move_mark(1)
        elif self.wrapped_document.location_to_offset(self.cursor_location).y < last:
            self.action_cursor_down()
        elif (newer := self.past.newer()) is not None:
            self.put(newer)

    def action_open_paste(self) -> None:
        """Open the folded paste at the cursor; without one, go to the end of the line."""
        if not self.open_paste():
            self.action_cursor_line_end()

    def action_cursor_line_end(self, select: bool = False) -> None:
        """Go to the end of the line; from the end of the text, to the end of the chat."""
        if not select and self.cursor_location == self.document.end:
            self.post_message(self.AtEnd())
        super().action_cursor_line_end(select)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(PromptArea())
