"""The chat's session: opening it, drawing a part of it, and what the KV cache holds of it."""

from collections.abc import Sequence
from contextlib import suppress

from sessions.errors import SessionsError
from sessions.records import TurnRecord
from sessions.tree import Tree
from slmtui.tui.engine_keeper import Held
from slmtui.tui.screens.chat.view import ChatView
from slmtui.tui.state.conversation import Conversation
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.pages import stored_turn
from slmtui.tui.state.prompt_history import PromptHistory


class ChatOpening(ChatView):
    """Turns to a session, stored or new."""

    async def on_mount(self) -> None:
        """Open the session to resume."""
        await self.open_session(self.options.session)

    async def open_session(self, ref: str | None) -> bool:
        """Turn to a stored session, or with None to a new one. Says so if it cannot be read."""
        try:
            summary = self.store.session(ref) if ref is not None else None
            records = self.store.turns(summary.id) if summary is not None else []
            path = self._path_of(summary.id, records) if summary is not None else Conversation()
            path.show_last()
            turns = self._turns_of(path, [])
        except SessionsError as error:
            self.note(str(error))
            return False
        leaving = self.take_held()
        self.chat.open(summary.id if summary else None, summary.title if summary else "", records)
        self.chat.path = path
        if turns:
            self.chat.latest = turns[-1]
            self.pane.remove_class("-empty")  # while there are few parts to style anew
        await self.pane.transcript.show_turns(turns, path.earlier)
        # The first frame has the turns, the second shows their end.
        self.call_after_refresh(self.call_after_refresh, self._fill_page, path)
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

    # The part of the path that is drawn

    def _path_of(self, session: str, records: Sequence[TurnRecord]) -> Conversation:
        """Return the open path through all turns of a session, and the last page of it as the window."""
        tree = Tree({record.turn: record.parent for record in records}, self.store.open_end(session))
        by_turn = {record.turn: record for record in records}
        path = Conversation([by_turn[turn] for turn in tree.path(tree.open_end)], tree.siblings())
        path.show_newest()
        return path

    async def _fill_page(self, path: Conversation) -> None:
        """Draw the rest of the page, now that the end of it is seen."""
        if self.chat.path is path and path.fill_page():
            await self.show_window()

    def _turns_of(self, path: Conversation, drawn: Sequence[LiveTurn]) -> list[LiveTurn]:
        """Return the turns in the window of a path; those that are `drawn` already stay the same objects."""
        here = {turn.view.turn: turn for turn in drawn}
        turns = []
        for record in path.window:
            turn = here.get(record.turn)
            if turn is None:
                turn = stored_turn(self.store, record)
                turn.place = path.place(record.turn)
            turns.append(turn)
        return turns

    async def show_window(self, *, stay: bool = True) -> bool:
        """Draw the window of the path, and the running turn at its end. Returns whether it could be read."""
        path, latest = self.chat.path, self.chat.latest
        drawn = [block.turn for block in self.pane.transcript.turns.blocks]
        try:
            turns = self._turns_of(path, drawn)
        except SessionsError as error:
            self.note(str(error))
            return False
        running = latest is not None and latest.running
        if latest is not None and running and not path.later:
            turns.append(latest)
        later = path.later + (running and bool(path.later))
        await self.pane.transcript.show_turns(turns, path.earlier, later, stay=stay)
        self.show_places()
        return True

    def show_places(self) -> None:
        """Draw again the turns in view whose place among their siblings is another now."""
        turns = self.pane.transcript.turns
        for block in turns.blocks:
            place = self.chat.path.place(block.turn.view.turn)
            if place != block.turn.place:
                block.turn.place = place
                turns.redraw(block)

    async def load_more(self, direction: int = -1) -> bool:
        """Draw twenty more turns above (-1) or below (1). Returns whether there were any."""
        path = self.chat.path
        if not (path.earlier if direction < 0 else path.later):
            self.note("All turns of this session are drawn.")
            return False
        if direction < 0:
            path.show_earlier()
        else:
            path.show_later()
        return await self.show_window()

    async def reread_path(self, turn: str) -> bool:
        """Read the open path anew, and draw the part of it that has a turn in it."""
        try:
            if self.chat.session is not None:
                self.chat.path = self._path_of(self.chat.session, self.store.turns(self.chat.session))
        except SessionsError as error:
            self.note(str(error))
            return False
        self.chat.path.show_turn(turn)
        return await self.show_window()

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
