"""From the chat to a comparison: the prompt goes along, and the conditions of the chat."""

from contextlib import suppress

from agents.message import Message
from sessions.errors import SessionsError
from slmtui.tui.screens.chat.queue import ChatQueue


class ChatCompare(ChatQueue):
    """What the chat can do with comparisons."""

    async def action_compare(self) -> None:
        """Compare paradigms and models on the prompt that is typed, or that was sent last."""
        draft = self.prompt.text.strip()
        if draft and not draft.startswith("/"):
            composed = await self.composed(draft)
            if composed is not None:
                self._open_comparison(composed.text)
            return
        self._open_comparison(self.chat.records[-1].prompt if self.chat.records else "")

    async def compare_prompt(self, prompt: str) -> None:
        """Compare paradigms and models on a prompt."""
        self._open_comparison(prompt)

    def _open_comparison(self, prompt: str) -> None:
        if self.refuse_while_busy():
            return
        from slmtui.comparing.conditions import Conditions  # noqa: PLC0415 - after the first paint
        from slmtui.comparing.engines import Engines  # noqa: PLC0415 - after the first paint
        from slmtui.tui.screens.compare.screen import CompareScreen  # noqa: PLC0415 - after the first paint

        options, chat = self.options, self.chat
        loaded = self._facts.model if self._facts is not None else ""
        engines = Engines(self.backend, loaded, self.keeper.load, options.backend_for)
        conditions = Conditions(
            models=(loaded,),
            loaded=loaded,
            sampling=chat.sampling,
            helps=chat.helps,
            system=chat.system,
            limits=options.limits,
            agent_limits=options.agent_limits,
        )
        session, history = chat.session or "", self._said_before()
        self.app.push_screen(
            CompareScreen(
                self.store, options, engines, conditions, prompt=prompt, session=session, history=history
            )
        )

    def _said_before(self) -> tuple[Message, ...]:
        """Return what was said in the chat so far."""
        with suppress(SessionsError):  # it was deleted meanwhile
            return self.store.history(self.chat.session) if self.chat.session is not None else ()
        return ()
