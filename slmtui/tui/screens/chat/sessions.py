"""The chat's sessions: a new one, another one, its title and tags, its replay, the sample."""

from slmtui.tui.screens.chat.running import ChatRunning


class ChatSessions(ChatRunning):
    """What the chat can do with sessions."""

    _deleted: list[str] | None = None

    async def action_new_session(self) -> None:
        """Begin a new session, unless a turn runs."""
        if self.refuse_while_busy():
            return
        await self.open_session(None)
        self.prompt.focus()
        self.note("A new session: it is saved with its first prompt.")

    def action_sessions(self) -> None:
        """Pick a session."""
        if self.refuse_while_busy():
            return
        from slmtui.tui.screens.sessions import SessionsScreen  # noqa: PLC0415 - after the first paint

        if self._deleted is None:
            self._deleted = []  # it outlives the list: u still works when that is opened again
        self.app.push_screen(SessionsScreen(self.store, self.options, self._deleted), self._picked)

    async def _picked(self, session: str | None) -> None:
        """Turn to the picked session; without one, make sure that this one was not deleted meanwhile."""
        if session is not None:
            await self.resume_named(session)
        elif self.chat.session is not None and not self.reread():
            await self.open_session(None)
            self.note("The session was deleted; this is a new one.")

    async def resume_named(self, ref: str) -> None:
        """Turn to the session that `ref` names."""
        if not self.refuse_while_busy() and await self.open_session(ref):
            self.note(f"Resumed {self.chat.title or 'a session without a title'}.")

    async def rename(self, title: str) -> None:
        """Give this session another title."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        self.rename_to(title)

    def action_rename_session(self) -> None:
        """Ask for another title of this session."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - after the first paint

        self.app.push_screen(AskText("Rename the session", self.chat.title), self._renamed)

    def _renamed(self, title: str | None) -> None:
        if title is not None:
            self.rename_to(title)

    async def tag(self, tags: str) -> None:
        """Put tags on this session."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        from slmtui.tui.screens.ask_tags import add_tags  # noqa: PLC0415 - after the first paint

        self.note(add_tags(self.store, self.chat.session, tags))

    def action_tag_session(self) -> None:
        """Ask for the tags of this session."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        from slmtui.tui.screens.ask_tags import ask_tags  # noqa: PLC0415 - after the first paint

        ask_tags(self.app, self.store, self.chat.session, self.note, self.reread)

    async def action_replay(self) -> None:
        """Play this session again; while there is nothing in it, the sample."""
        if self.chat.session is None or not self.chat.records:
            await self.action_sample()
        else:
            await self.replay_named(self.chat.session)

    async def action_sample(self) -> None:
        """Play the session that comes with slmtui; it needs no model, and is not counted among the user's."""
        from slmtui.tui.screens.replay import open_sample  # noqa: PLC0415 - after the first paint

        open_sample(self.app, self.options)

    async def replay_named(self, ref: str) -> None:
        """Play the session that `ref` names."""
        from slmtui.tui.screens.replay import open_replay  # noqa: PLC0415 - after the first paint

        open_replay(self.app, self.store, self.options, ref, self.note)
