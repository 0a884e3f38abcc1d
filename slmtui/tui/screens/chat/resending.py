"""Another answer, or another prompt, in place of one that is there: the old ones stay as siblings."""

from collections.abc import Callable
from dataclasses import replace

from textual import on

from sessions.errors import SessionsError
from slmtui.tui.engine_keeper import Switched
from slmtui.tui.screens.again_menu import AgainAs
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.chat.turns import ChatTurns
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.paradigms import title_of
from slmtui.tui.state.turn_markdown import answer_source, prompt_source
from slmtui.tui.turn_runner import Asked
from slmtui.tui.widgets.turn_aside import TurnAside
from slmtui.tui.widgets.turn_list import block_around

EDITING = "Editing an earlier prompt: enter sends it beside the old one, which is kept; esc leaves it be."
BRANCHED = "The next prompt follows this turn. alt+↑ and b bring back what followed it."
REOPENED = "What followed this turn is open again."
CONTINUES = "base"
"""The paradigm that goes on with an answer: tools are not called in the middle of one."""


class ChatResending(ChatTurns, ChatModel):
    """What the chat can do to get another answer. A turn is sent again with the turn before it as parent."""

    _draft = ""
    _waiting: tuple[str | None, Asked] | None = None

    def _kept(self) -> LiveTurn | None:
        """Return the turn to work on, unless the model is busy or the store does not have it; say why."""
        turn = self.chosen
        if turn is None or self.refuse_while_busy():
            return None
        if self.chat.path.index(turn.view.turn) < 0:
            self.note("This turn was not kept: it failed before it began.")
            return None
        return turn

    def _sendable(self) -> LiveTurn | None:
        turn = self._kept()
        if turn is not None and self.engine.phase in {"loading", "missing"}:
            loading = self.engine.phase == "loading"
            self.note("The model is still loading." if loading else "There is no model; /model loads one.")
            return None
        return turn

    # Another prompt

    def action_edit_prompt(self) -> None:
        """Put the prompt of the turn back to be edited; sent, it stands beside the old one."""
        turn = self._kept()
        if turn is None:
            return
        if self.chat.reply_to is None:
            self._draft = self.prompt.text
        self.chat.reply_to = self.chat.path.parent(turn.view.turn)
        self.prompt.put(prompt_source(turn))
        self.prompt.focus()
        self.status.note(EDITING, seconds=None)

    async def ask(self, prompt: str) -> None:
        """Send what was typed; what an edited prompt took the place of comes back."""
        await super().ask(prompt)
        draft, self._draft = self._draft, ""
        if draft and not self.prompt.text:
            self.prompt.put(draft)

    def leave_edit(self) -> bool:
        """Stop editing an earlier prompt, and give back what was typed. Returns whether one was edited."""
        if self.chat.reply_to is None:
            return False
        self.chat.reply_to = None
        self.prompt.put(self._draft)
        self._draft = ""
        self.note("Left as it is: the next prompt follows the last turn.")
        return True

    # Another answer

    async def action_regenerate(self) -> None:
        """Answer the prompt once more, with another seed."""
        turn = self._sendable()
        if turn is None:
            return
        sampling = self.chat.sampling
        await self._send_again(turn, turn.view.paradigm, seed=sampling.seed + turn.place.of)
        if sampling.temperature == 0:
            self.note("At temperature 0 another seed changes nothing: expect the same answer.")

    async def action_continue_answer(self) -> None:
        """Go on where the answer stops."""
        turn = self._sendable()
        if turn is None:
            return
        beginning = answer_source(turn)
        if not beginning.strip():
            self.note("There is no answer to go on with: r answers the prompt again.")
            return
        await self._send_again(turn, CONTINUES, seed=self.chat.sampling.seed, beginning=beginning)
        if turn.view.paradigm != CONTINUES:
            self.note(f"It goes on under {title_of(CONTINUES).lower()}, without tools.")

    def action_regenerate_as(self) -> None:
        """Ask for a paradigm, and a model where there are others, and answer the prompt under it."""
        turn = self._sendable()
        if turn is None:
            return
        from slmtui.tui.screens.again_menu import AgainMenu  # noqa: PLC0415 - after the first paint

        async def chosen(choice: AgainAs | None) -> None:
            if choice is not None:
                await self._again_as(turn, choice)

        self.app.push_screen(AgainMenu(turn.view.paradigm, self.options.models, self.backend.facts), chosen)

    async def _again_as(self, turn: LiveTurn, choice: AgainAs) -> None:
        """Send the prompt under another paradigm with the same seed, so that only the paradigm differs."""
        same = choice.model is None and choice.paradigm == turn.view.paradigm
        seed = self.chat.sampling.seed + (turn.place.of if same else 0)
        if choice.model is None:
            await self._send_again(turn, choice.paradigm, seed=seed)
            return
        if self._refuse_now():
            return
        self._waiting = self.chat.session, self._asked_again(turn, choice.paradigm, seed, "")
        await self.switch_model(choice.model.path)

    @on(Switched)
    def _model_is_there(self, message: Switched) -> None:
        """Send what waited for another model, once it is there and said so."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not message.problem:
            self.call_next(self._send_waiting, *waiting)

    async def _send_waiting(self, session: str | None, asked: Asked) -> None:
        """Send it, unless another session was opened while the model came."""
        if not self.busy and session == self.chat.session:
            await self.ask_again(asked)
            self._mark_newest()

    def _asked_again(self, turn: LiveTurn, paradigm: str, seed: int, beginning: str) -> Asked:
        chat = self.chat
        parent, sampling = chat.path.parent(turn.view.turn), replace(chat.sampling, seed=seed)
        return Asked(
            prompt_source(turn), paradigm, sampling, chat.helps,
            system=chat.system, parent=parent, beginning=beginning,
        )  # fmt: skip

    async def _send_again(self, turn: LiveTurn, paradigm: str, *, seed: int, beginning: str = "") -> None:
        if not self.refuse_while_busy():
            await self.ask_again(self._asked_again(turn, paradigm, seed, beginning))
            self._mark_newest()

    def _mark_newest(self) -> None:
        """Mark the new answer, if the turn before it was marked: r again answers again."""
        if self.focused is not self.prompt:
            self._drawn[-1].focus(scroll_visible=False)

    # The tree

    async def action_branch(self) -> None:
        """Let the conversation end at this turn; once more opens again what followed it."""
        turn = self._kept()
        if turn is None or self.chat.session is None:
            return
        ident = turn.view.turn
        followed = any(record.parent == ident for record in self.chat.records)
        ends_here = self.chat.path.records[-1].turn == ident
        if not followed:
            self.note("The conversation ends at this turn: the next prompt follows it.")
            return
        move = self.store.open_path if ends_here else self.store.end_path
        if not await self._move(lambda: move(str(self.chat.session), ident), ident):
            return
        if not ends_here:
            self.prompt.focus()  # for what goes on from here
        self.note(REOPENED if ends_here else BRANCHED)

    async def action_walk_siblings(self, direction: int) -> None:
        """Show the answer or prompt before or after, and what followed it."""
        turn = self._kept()
        if turn is None:
            return
        other = self.chat.path.next_turn(turn.view.turn, direction)
        if not other:
            word = "later" if direction > 0 else "earlier"
            self.note(f"There is no {word} one: r makes another answer, e another prompt.")
            return
        await self._move(lambda: self.store.open_path(str(self.chat.session), other), other)

    async def _move(self, move: Callable[[], None], turn: str) -> bool:
        """Change the open path and draw it; the turn is marked, and stands where the marked one stood."""
        transcript, marked = self.pane.transcript, self.marked
        seen_at = transcript.seen_at(marked) if marked is not None else 0.0
        try:
            move()
        except SessionsError as error:
            self.note(str(error))
            return False
        if not await self.reread_path(turn):
            return False
        if (block := transcript.turns.block_of(turn)) is not None:
            block.focus(scroll_visible=False)
            transcript.call_after_refresh(transcript.put_back, block, seen_at)
        return True

    @on(TurnAside.Walked)
    async def _walked(self, message: TurnAside.Walked) -> None:
        message.stop()
        block = block_around(message.part)
        if block is not None:
            block.focus(scroll_visible=False)
            await self.action_walk_siblings(message.direction)
