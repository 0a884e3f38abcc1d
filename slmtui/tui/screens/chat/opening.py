"""The chat's session: opening it, drawing earlier turns, and what the KV cache holds of it."""

from contextlib import suppress

from sessions.errors import SessionsError
from slmtui.tui.engine_keeper import Held
from slmtui.tui.screens.chat.view import ChatView
from slmtui.tui.state.pages import PAGE, page
from slmtui.tui.state.prompt_history import PromptHistory


class ChatOpening(ChatView):
    """Turns to a session, stored or new."""

    _earlier = 0

    async def on_mount(self) -> None:
        """Open the session to resume."""
        await self.open_session(self.options.session)

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a stored session, or with None to a new one. Says so if it cannot be read."""
        try:
            summary = self.store.session(ref) if ref is not None else None
            records = self.store.turns(summary.id) if summary is not None else []
            turns = page(self.store, records, len(records))
        except SessionsError as error:
            self.note(str(error))
            return False
        leaving = self.take_held()
        self.chat.open(summary.id if summary else None, summary.title if summary else "", records)
        if turns:
            self.chat.latest = turns[-1]
        self._earlier = len(records) - len(turns)
        await self.pane.transcript.show_turns(turns, self._earlier)
        self.prompt.past = PromptHistory(record.prompt for record in records)
        self._show_all()
        self.run_worker(self.keeper.move(leaving), group="engine", exit_on_error=False)
        return True

    def take_held(self) -> Held | None:
        """Return the session if a turn of it ran since this was asked last, with its conversation."""
        session = self.chat.session
        if session is None or not self.chat.touched:
            return None
        self.chat.touched = False
        with suppress(SessionsError):  # it was deleted meanwhile
            history = self.store.history(session)
            return Held(session, history) if history else None
        return None

    async def load_more(self) -> None:
        """Draw twenty more turns above."""
        if self._earlier <= 0:
            self.note("All turns of this session are drawn.")
            return
        end = self._earlier
        self._earlier = max(0, end - PAGE)
        await self.pane.transcript.add_earlier(page(self.store, self.chat.records, end), self._earlier)

    def rename_to(self, title: str) -> None:
        """Give this session another title."""
        try:
            if self.chat.session is not None:
                self.store.rename(self.chat.session, title)
        except SessionsError as error:
            self.note(str(error))
        self.reread()

    def reread(self) -> bool:
        """Read the title of this session anew. Returns whether the session is still there."""
        try:
            if self.chat.session is not None:
                self.chat.title = self.store.session(self.chat.session).title
        except SessionsError as error:
            self.note(str(error))
            return False
        self.header.session = self.chat.title or "new session"
        return True
