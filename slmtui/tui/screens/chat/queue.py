"""Prompts that wait in the chat while a turn runs, and go one after another."""

import asyncio

from textual import on

from sessions.store import Store
from slmtui.backend import Backend
from slmtui.tui.options import AppOptions
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.attachments import AttachmentError
from slmtui.tui.state.composing import Composed, compose
from slmtui.tui.state.prompt_queue import PromptQueue
from slmtui.tui.turn_runner import TurnEnded
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.queue_lines import QueueLines

NO_MODEL = {
    "loading": "The model is still loading.",
    "missing": "There is no model to answer; /model loads one.",
}


class ChatQueue(ChatRunning):
    """What the chat does with a prompt that is ready: it is sent, or it waits."""

    def __init__(self, backend: Backend, store: Store, options: AppOptions) -> None:
        super().__init__(backend, store, options)
        self.queue = PromptQueue()
        self._left: dict[str | None, PromptQueue] = {}
        self._at_once = False

    async def open_session(self, ref: str | None) -> bool:
        """Turn to another session: what waits in this one stays with it."""
        before = self.chat.session
        opened = await super().open_session(ref)
        if opened and self.chat.session != before:
            self._left[before] = self.queue
            self.queue = self._left.pop(self.chat.session, PromptQueue())
            self._show_queue()
        return opened

    async def composed(self, draft: str) -> Composed | None:
        """Return a prompt with its pastes and files in full; say so and return None if a file cannot go."""
        try:
            if "@" in draft:
                return await asyncio.to_thread(compose, draft, self.prompt.pastes, self.options.folder)
            return compose(draft, self.prompt.pastes, self.options.folder)
        except AttachmentError as error:
            self.note(f"{error} Your prompt is kept.")
            return None

    async def send_composed(self, prompt: Composed) -> None:
        """Send a prompt; nothing may run. What waits goes on behind it."""
        self.queue.go_on()
        self.prompt.remember(prompt.draft, prompt.text)
        await self.ask(prompt.text)
        self._show_queue()

    def let_wait(self, prompt: Composed) -> None:
        """Put a prompt behind those that wait."""
        self.queue.add(prompt)
        self.prompt.drop(prompt.draft)
        self._show_queue()

    async def send_next(self) -> None:
        """Send the first that waits, if one may go."""
        prompt = None if self.busy else self.queue.next()
        if prompt is not None and self.engine.phase not in NO_MODEL:
            await self.send_composed(prompt)
        if prompt is not None and not self.busy:
            self.queue.put_first(prompt)
            self.queue.pause("it could not be sent")
        self._show_queue()

    @on(TurnEnded)
    def _after_turn(self) -> None:
        self.call_next(self._go_on)  # when the end of the turn has been taken in

    async def _go_on(self) -> None:
        """Send the next prompt after a turn that ended well, or when it was to go at once."""
        if self.busy or not self.is_attached:
            return
        status = self.chat.latest.view.status if self.chat.latest else None
        at_once, self._at_once = self._at_once, False
        if status == "failed" and not at_once:
            self.queue.pause("the turn failed")
        elif status != "ok" and not at_once:
            self.queue.pause("the turn was stopped")
        await self.send_next()

    async def action_send_now(self) -> None:
        """Stop what runs, and send what is typed, or else the first that waits."""
        draft = self.prompt.text
        if draft.strip() and not draft.startswith("/"):
            prompt = await self.composed(draft)
            if prompt is None:
                return
            self.queue.put_first(prompt)
            self.prompt.drop(draft)
        if not self.queue.waiting:
            self.note("Nothing waits, and nothing is typed.")
            return
        self.queue.go_on()
        self._show_queue()
        if self.busy:
            self._stop_for_next()
        else:
            await self.send_next()

    def _stop_for_next(self) -> None:
        typed, reply_to = self.prompt.text, self.chat.reply_to
        self._at_once = True
        self.stop_turn()
        self.prompt.put(typed)  # the stopped prompt is not wanted back, nor its place
        self.chat.reply_to = reply_to
        self.note("Stopped; what waits goes now.")

    def action_take_back(self) -> None:
        """Take the last prompt that waits back into an empty prompt."""
        self._take_back(-1)

    @on(PromptArea.BackWanted)
    def _back_wanted(self, message: PromptArea.BackWanted) -> None:
        message.stop()
        self._take_back(-1)

    @on(QueueLines.Clicked)
    def _line_clicked(self, message: QueueLines.Clicked) -> None:
        message.stop()
        self._take_back(message.index)

    def _take_back(self, index: int) -> None:
        if self.prompt.text.strip():
            self.note("Send or clear what is typed first.")
            return
        prompt = self.queue.take(index)
        if prompt is None:
            self.note("No prompt waits.")
            return
        self.prompt.put(prompt.draft)
        self.prompt.focus()
        self._show_queue()

    def _show_queue(self) -> None:
        if not self.queue.waiting:
            self.queue.go_on()
        self.prompt.queued = len(self.queue.waiting)
        self.box.queue.show_queue(self.queue)
