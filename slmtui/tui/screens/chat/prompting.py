"""What is typed in the chat: prompts, slash commands, and how many tokens it is."""

import asyncio

from textual import on
from textual.message import Message
from textual.timer import Timer

from agents.prompts import SYSTEM
from sessions.errors import SessionsError
from slmtui.tui.commands import find_slash, slash_words
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.queue import NO_MODEL, ChatQueue
from slmtui.tui.state.weighing import Surrounding, Weighed, weigh
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox

TYPING_S = 0.15


class ChatPrompting(ChatQueue):
    """What the chat does with the text of the prompt."""

    class Counted(Message):
        """The tokens of what is typed were counted."""

        def __init__(self, draft: str, weighed: Weighed) -> None:
            super().__init__()
            self.draft, self.weighed = draft, weighed

    _typing: Timer | None = None
    _past_known: tuple[object, str] = (None, "")

    async def on_mount(self) -> None:
        """Count as the model does."""
        self.prompt.count = self.backend.count_tokens

    @on(PromptArea.Submitted)
    async def _submit(self, message: PromptArea.Submitted) -> None:
        message.stop()
        if message.text != self.prompt.text:  # enter was pressed twice: it was taken with the first
            return
        if not message.text.strip():
            self.queue.go_on()
            await self.send_next()
        elif message.text.startswith("/"):
            await self._run_slash(message.text)
        elif not self.busy and self.engine.phase in NO_MODEL:
            self.note(f"{NO_MODEL[self.engine.phase]} Your prompt is kept.")
        else:
            await self._send_or_wait(message.text)

    async def _send_or_wait(self, draft: str) -> None:
        prompt = await self.composed(draft)
        if prompt is None:
            return
        if self.busy:
            self.let_wait(prompt)
        else:
            await self.send_composed(prompt)

    async def _run_slash(self, line: str) -> None:
        found = find_slash(line)
        if found is None:
            word = plain_line(line.partition(" ")[0], 30)
            self.note(f"There is no {word}. Commands: {' '.join(slash_words())}. A space before / sends it.")
            return
        self.prompt.sent(line)
        command, argument = found
        if argument and command.takes:
            await getattr(self, command.takes)(self.prompt.pastes.unfolded(argument))
        else:
            prefix = "app." if command.scope == "app" else "screen."
            await self.run_action(prefix + command.action)

    # Tokens, counted a moment after the last key

    @on(PromptBox.Typed)
    def _typed(self, message: PromptBox.Typed) -> None:
        message.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_S, lambda: self._count_soon(message.text))

    def _count_soon(self, draft: str) -> None:
        if not draft.strip() or draft.startswith("/"):
            self._show_weight(Weighed(""))
            return
        self.run_worker(
            self._count(draft, self._surrounding()), group="count", exclusive=True, exit_on_error=False
        )

    async def _count(self, draft: str, around: Surrounding) -> None:
        pastes, folder, count = self.prompt.pastes, self.options.folder, self.backend.count_tokens
        self.post_message(
            self.Counted(draft, await asyncio.to_thread(weigh, draft, pastes, folder, count, around))
        )

    @on(Counted)
    def _show_count(self, message: Counted) -> None:
        if message.draft == self.prompt.text:
            self._show_weight(message.weighed)

    def _show_weight(self, weighed: Weighed) -> None:
        self.box.show_tokens(weighed.told)
        self.box.files.show_files(weighed.files, weighed.problem)

    def _surrounding(self) -> Surrounding:
        context = self._facts.n_ctx if self._facts is not None else 0
        system = SYSTEM.content if self.chat.system is None else self.chat.system
        return Surrounding(context, self.options.limits.max_tokens, system, self._past_text())

    def _past_text(self) -> str:
        """Return the text of the conversation so far, read from the store once for each turn."""
        path = self.chat.path.records
        key = (self.chat.session, path[-1].turn if path else "")
        if key != self._past_known[0]:
            try:
                past = self.store.history(self.chat.session) if self.chat.session is not None else ()
            except SessionsError:  # it was deleted meanwhile: nothing is left of it
                past = ()
            self._past_known = (key, "\n".join(message.content for message in past))
        return self._past_known[1]
