"""What the chat takes from the settings while it is open, and the slash words that name them."""

from dataclasses import replace

from slmtui.settings import Settings
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning


class ChatDefaults(ChatRunning):
    """What new sessions begin with. One that has begun keeps its own."""

    _paradigm: str | None = None

    def take_settings(self, settings: Settings) -> None:
        """Let new sessions begin with these settings: one without a prompt yet is still new."""
        chat, before = self.chat, (self.chat.usual, self.chat.usual_sampling)
        chat.usual, chat.usual_sampling = settings.agents.help.helps(), settings.sampling_of_turn()
        self._paradigm = settings.paradigm if settings.paradigm != self.options.paradigm else self._paradigm
        self.options = replace(
            self.options,
            paradigm=settings.paradigm,
            sampling=chat.usual_sampling,
            helps=chat.usual,
            theme=settings.theme,
        )
        if chat.session is None:
            chat.helps = chat.usual if chat.helps == before[0] else chat.helps
            chat.sampling = chat.usual_sampling if chat.sampling == before[1] else chat.sampling
            self._begin_anew()

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a session; a new one begins under the paradigm of the settings, if that was changed."""
        opened = await super().open_session(ref)
        if opened and ref is None:
            self._begin_anew()
        return opened

    def _begin_anew(self) -> None:
        if self._paradigm is not None:
            self.chat.paradigm = self.box.paradigm = self._paradigm
            self._paradigm = None

    async def settings_named(self, words: str) -> None:
        """Show the settings that hold some words."""
        await self.run_action(f"app.settings({words!r})")

    async def theme_named(self, word: str) -> None:
        """Take the theme of that name."""
        if word.lower() in self.app.available_themes:
            self.app.theme = word.lower()
            return
        names = ", ".join(sorted(self.app.available_themes))
        self.note(f"There is no theme named {plain_line(word, 30)}; choose one of: {names}.")
