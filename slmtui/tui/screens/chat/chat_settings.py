"""The session's own settings: its system prompt, and how tokens are drawn."""

from agents.message import Sampling
from sessions.errors import SessionsError
from slmtui.tui.plain import plain_line, typed
from slmtui.tui.screens.chat.running import ChatRunning


class ChatSettings(ChatRunning):
    """What a session keeps for its next turns. A turn that runs keeps its own."""

    _unkept = False

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a session, with what it keeps; a new one begins with the settings."""
        opened = await super().open_session(ref)
        self._unkept = self._unkept and not opened
        try:
            if opened and self.chat.session is not None:
                kept = self.store.session(self.chat.session)
                self.chat.system = kept.system
                self.chat.sampling = kept.sampling or self.chat.usual_sampling
        except SessionsError as error:
            self.note(str(error))
        self._mark_header()
        return opened

    def reread(self) -> bool:
        """Read the title of this session anew."""
        there = super().reread()
        self._mark_header()
        return there

    def _show_all(self) -> None:
        super()._show_all()
        if self._unkept and self.chat.session is not None:  # the session has just begun
            self._keep()
        self._mark_header()

    def _mark_header(self) -> None:
        """Say in the header that the session has a system prompt or sampling of its own."""
        own = ["own system"] if self.chat.system is not None else []
        own += ["own sampling"] if self.chat.sampling != self.chat.usual_sampling else []
        self.header.session = " · ".join((self.chat.title or "new session", *own))

    def _keep(self) -> None:
        """Store what this session has of its own; before its first prompt it is kept here alone."""
        self._mark_header()
        self._unkept = self.chat.session is None
        if self.chat.session is None:
            return
        own = self.chat.sampling if self.chat.sampling != self.chat.usual_sampling else None
        try:
            self.store.keep_chat_settings(self.chat.session, system=self.chat.system, sampling=own)
        except SessionsError as error:
            self.note(str(error))

    # The system prompt

    def action_own_system(self) -> None:
        """Write the session's system prompt."""
        from slmtui.tui.screens.system_prompt import SystemPrompt  # noqa: PLC0415 - after the first paint

        self.app.push_screen(SystemPrompt(self.chat.system or ""), self._system_written)

    async def system_named(self, text: str) -> None:
        """Take a system prompt that was typed after the command."""
        self._system_written(text)

    def _system_written(self, text: str | None) -> None:
        if text is None:
            return
        self.chat.system = typed(text).strip() or None
        self._keep()
        if self.chat.system is None:
            self.note("The system prompt is that of the settings, from the next prompt on.")
        else:
            self.note(f"System prompt from the next prompt on: {plain_line(self.chat.system, 80)}")

    # The sampling

    def action_own_sampling(self) -> None:
        """Show how tokens are drawn, and change it."""
        from slmtui.tui.screens.sampling import SamplingForm  # noqa: PLC0415 - after the first paint

        self.app.push_screen(SamplingForm(self.chat.sampling, self.chat.usual_sampling), self._sampling_set)

    async def set_named(self, line: str) -> None:
        """Set one of the sampling settings from `NAME VALUE`."""
        from slmtui.tui.state.sampling_values import (  # noqa: PLC0415 - pydantic, after the first paint
            SamplingError,
            changed,
        )

        name, _, value = line.replace("=", " ", 1).partition(" ")
        if not value.strip():
            self.note(f"A setting needs a value: /set {plain_line(name, 30)} VALUE. /set shows them all.")
            return
        try:
            self._sampling_set(changed(self.chat.sampling, {name.lower(): value.strip()}))
        except SamplingError as error:
            self.note(f"Not set: {error}")

    def _sampling_set(self, sampling: Sampling | None) -> None:
        if sampling is None or sampling == self.chat.sampling:
            return
        before, self.chat.sampling = self.chat.sampling, sampling
        self._keep()
        names = [name for name in Sampling.__slots__ if getattr(before, name) != getattr(sampling, name)]
        said = ", ".join(f"{name} {getattr(sampling, name)}" for name in names)
        self.note(f"{said} from the next prompt on.")
