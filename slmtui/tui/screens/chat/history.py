"""Prompts that were sent before: of this session, and the last ones of all."""

from sessions.errors import SessionsError
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.prompt_history import PromptHistory

SESSIONS, PROMPTS = 30, 300
"""What is looked through beside this session: so many sessions at most, until there are so many prompts."""


class ChatHistory(ChatRunning):
    """What ↑ and the search for a prompt have to choose from."""

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a session; its prompts come first in the history."""
        opened = await super().open_session(ref)
        if opened:
            self.prompt.past = PromptHistory((record.prompt for record in self.chat.records), self._elsewhere)
        return opened

    def _elsewhere(self) -> list[str]:
        """Return the last prompts of other sessions, oldest first."""
        prompts: list[str] = []
        try:
            for summary in self.store.sessions(SESSIONS):
                if summary.id != self.chat.session and len(prompts) < PROMPTS:
                    prompts[:0] = [turn.prompt for turn in self.store.turns(summary.id)]
        except SessionsError as error:
            self.note(str(error))
        return prompts[-PROMPTS:]

    def action_find_prompt(self) -> None:
        """Choose a prompt that was sent before."""
        from slmtui.tui.screens.find_prompt import FindPrompt  # noqa: PLC0415 - after the first paint

        self.app.push_screen(FindPrompt(self.prompt.past.everything(), self.prompt.text), self._prompt_found)

    def _prompt_found(self, prompt: str | None) -> None:
        if prompt is not None:
            self.prompt.put(prompt)
            self.prompt.focus()
