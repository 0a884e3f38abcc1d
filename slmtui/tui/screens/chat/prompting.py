"""What is typed in the chat: prompts, slash commands, and how many tokens it is."""

import asyncio

from textual import events, on
from textual.message import Message
from textual.timer import Timer

from slmtui.backend import TokenCount
from slmtui.tui.commands import find_slash, slash_words
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox

TYPING_S = 0.15


class ChatPrompting(ChatRunning):
    """What the chat does with the text of the prompt."""

    class Counted(Message):
        """The tokens of what is typed were counted."""

        def __init__(self, text: str, count: TokenCount) -> None:
            super().__init__()
            self.text, self.count = text, count

    _typing: Timer | None = None

    @on(PromptArea.Submitted)
    async def _submit(self, message: PromptArea.Submitted) -> None:
        message.stop()
        if message.text.startswith("/"):
            await self._run_slash(message.text)
        elif self.busy:
            self.note("A turn is running: esc stops it. Your prompt is kept.")
        elif self.engine.phase == "loading":
            self.note("The model is still loading. Your prompt is kept.")
        elif self.engine.phase == "missing":
            self.note("There is no model to answer; /model loads one. Your prompt is kept.")
        else:
            await self.ask(message.text.strip())

    async def _run_slash(self, line: str) -> None:
        found = find_slash(line)
        if found is None:
            word = plain_line(line.partition(" ")[0], 30)
            self.note(f"There is no {word}. Commands: {' '.join(slash_words())}. A space before / sends it.")
            return
        self.prompt.sent(line)
        command, argument = found
        if argument and command.takes:
            await getattr(self, command.takes)(argument)
        else:
            prefix = "app." if command.scope == "app" else "screen."
            await self.run_action(prefix + command.action)

    @on(PromptBox.Typed)
    def _typed(self, message: PromptBox.Typed) -> None:
        message.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_S, lambda: self._count_soon(message.text))

    def _count_soon(self, text: str) -> None:
        if not text.strip() or text.startswith("/"):
            self.box.show_tokens(None)
            return
        self.run_worker(self._count(text), group="count", exclusive=True, exit_on_error=False)

    async def _count(self, text: str) -> None:
        self.post_message(self.Counted(text, await asyncio.to_thread(self.backend.count_tokens, text)))

    @on(Counted)
    def _show_count(self, message: Counted) -> None:
        if message.text == self.prompt.text:
            self.box.show_tokens(message.count)

    def on_key(self, event: events.Key) -> None:
        """Send what is typed elsewhere to the prompt, unless it is a key of what has the focus."""
        elsewhere = self.focused is not self.prompt and event.key not in self.active_bindings
        if elsewhere and event.is_printable and event.character:
            event.stop()
            self.prompt.focus()
            self.prompt.insert(event.character)
