"""The store: sessions and the events of their turns in one SQLite file, kept as they happen."""

from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ulid import ULID

from agents.events import Event
from agents.message import Message, Sampling
from sessions.chat_settings import read_system, write_chat_settings
from sessions.database import Connection
from sessions.export_rows import Row, RowsBy, session_rows
from sessions.listing import SessionKind, SessionSummary, number_of_chats, summaries, summary
from sessions.projections import read_events, rebuild
from sessions.reading import as_history, read_records, read_turn, read_turns
from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords
from sessions.recovery import end_abandoned_turns
from sessions.refs import find_session, find_turn, find_turn_of
from sessions.run_store import RunStore
from sessions.search import SearchHit, search
from sessions.tags import add_tag, remove_tag, tag_counts
from sessions.tally import TurnTally
from sessions.text import title_of
from sessions.tree import end_at, read_open_end, read_path, read_tree
from sessions.what_if_store import WhatIfs
from sessions.writing import add_session, append_events, entitle, remove_session, stamp


class Store:
    """The sessions in one file. Several apps may have it open at once.

    Wherever a session or a turn is asked for, `ref` is its id, the beginning or the end of one in any
    case of letters, or `last`, the latest among the chats. Every method may raise a `SessionsError`, whose
    text is for the user. Use a store from the thread that opened it; calls are short. Runs of suites are in
    `suites`.
    """

    def __init__(
        self,
        connection: Connection,
        owner: str,
        now: Callable[[], datetime],
        gone: Callable[[str], None] = lambda _session: None,
    ) -> None:
        self._connection = connection
        self._owner = owner
        self._now = now
        self._gone = gone
        self._tallies: dict[str, TurnTally] = {}  # of the turns that are being written
        self.suites = RunStore(connection, now, gone)
        self.what_ifs = WhatIfs(connection)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        owner: str,
        alive: Callable[[str], bool],
        now: Callable[[], datetime],
        gone: Callable[[str], None] = lambda _session: None,
    ) -> "Store":
        """Open the file, or make it, and end the turns of apps that died.

        `owner` names this app for as long as it runs, `alive` says whether the app of a name still
        runs, and `now` gives the wall-clock time with its zone. `gone` is told of every session that
        is deleted, so that what else was kept of it goes too. The folder must exist.
        """
        store = cls(Connection(path), owner, now, gone)
        try:
            end_abandoned_turns(store._connection, alive, store._stamp())
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._connection.path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # Sessions

    def create_session(self, title: str = "", kind: SessionKind = "chat") -> str:
        """Begin a session and return its id, a ULID. Without a title its first prompt gives it one."""
        session = str(ULID.from_datetime(self._now()))
        with self._connection.writing() as db:
            add_session(db, session, title_of(title), kind, self._stamp())
        return session

    def sessions(
        self,
        limit: int | None = None,
        include_empty: bool = False,
        *,
        every_kind: bool = False,
        tags: Sequence[str] = (),
    ) -> list[SessionSummary]:
        """Return the sessions, the latest first; those without a turn only if `include_empty`.

        Those of runs and what-ifs are left out, unless `every_kind` is asked for. Each has all `tags`.
        """
        with self._connection.reading() as db:
            return summaries(db, limit, include_empty=include_empty, every_kind=every_kind, tags=tags)

    def number_of_sessions(self) -> int:
        """Return how many sessions `sessions` lists without a limit."""
        with self._connection.reading() as db:
            return number_of_chats(db)

    def session(self, ref: str) -> SessionSummary:
        """Return one session. Raises `UnknownSessionError` or `AmbiguousSessionError`."""
        with self._connection.reading() as db:
            return summary(db, find_session(db, ref))

    def rename(self, ref: str, title: str) -> None:
        """Give a session a title, of one line; a blank one gives back that of its first prompt."""
        line = title_of(title)
        with self._connection.writing() as db:
            session = find_session(db, ref)
            db.execute("UPDATE sessions SET title = ?, renamed = ? WHERE id = ?", (line, bool(line), session))
            if not line:
                entitle(db, session)

    def delete(self, ref: str) -> str:
        """Hide a session from every list and search, and return its id for `undelete`."""
        with self._connection.writing() as db:
            session = find_session(db, ref)
            db.execute("UPDATE sessions SET deleted_at = ? WHERE id = ?", (self._stamp(), session))
        self._gone(session)
        return session

    def undelete(self, ref: str) -> str:
        """Bring a deleted session back, and return its id."""
        with self._connection.writing() as db:
            session = find_session(db, ref, deleted=True)
            db.execute("UPDATE sessions SET deleted_at = NULL WHERE id = ?", (session,))
            return session

    def purge(self, ref: str) -> str:
        """Remove a session, deleted or not, with everything in it. There is no way back."""
        with self._connection.writing() as db:
            session = find_session(db, ref, deleted=True)
            remove_session(db, session)
        self._gone(session)
        return session

    def tag(self, ref: str, tag: str) -> str:
        """Put a tag on a session, and return it as it is kept: one word in small letters.

        Raises `EmptyTagError` where no word is in it.
        """
        with self._connection.writing() as db:
            return add_tag(db, find_session(db, ref), tag)

    def untag(self, ref: str, tag: str) -> bool:
        """Take a tag off a session; return whether it had it. Raises as `tag` does."""
        with self._connection.writing() as db:
            return remove_tag(db, find_session(db, ref), tag)

    def tags(self) -> dict[str, int]:
        """Return every tag in use with its number of sessions, the most used first."""
        with self._connection.reading() as db:
            return tag_counts(db)

    def keep_chat_settings(self, ref: str, *, system: str | None, sampling: Sampling | None) -> None:
        """Keep a session's own system prompt and sampling; None gives back those of the settings."""
        with self._connection.writing() as db:
            write_chat_settings(db, find_session(db, ref), system, sampling)

    def system(self, session: str) -> str:
        """Return a session's own system prompt; empty for none."""
        with self._connection.reading() as db:
            return read_system(db, find_session(db, session))

    # The tree of a session's turns. One path through it is open: the conversation that goes on.

    def conversation(self, session: str) -> list[TurnRecord]:
        """Return the turns of the open path, in order."""
        with self._connection.reading() as db:
            return read_path(db, find_session(db, session))

    def siblings(self, session: str) -> dict[str, tuple[str, ...]]:
        """Return, for each turn that is not alone, all turns that follow the same one, in order of time."""
        with self._connection.reading() as db:
            return read_tree(db, find_session(db, session)).siblings()

    def open_end(self, session: str) -> str:
        """Return the turn at which the open path ends; empty when it ends before the first."""
        with self._connection.reading() as db:
            return read_open_end(db, find_session(db, session))

    def open_path(self, session: str, turn: str) -> None:
        """Open the path through a turn, and on to the latest turn that came of it.

        Raises `UnknownTurnError` for a turn that is not of the session, as `end_path` does.
        """
        with self._connection.writing() as db:
            ident = find_session(db, session)
            end_at(db, ident, read_tree(db, ident).latest_below(find_turn_of(db, ident, turn)))

    def end_path(self, session: str, turn: str) -> None:
        """Let the open path end at a turn, or before the first if it is empty: the next prompt follows it."""
        with self._connection.writing() as db:
            ident = find_session(db, session)
            end_at(db, ident, find_turn_of(db, ident, turn) if turn else "")

    # Writing a turn

    def append(self, session: str, turn: str, events: Sequence[Event]) -> None:
        """Append events to a turn of the session with that id, in one transaction.

        On return they survive the death of this process at any moment. The turn begins with the first
        events appended under its id, and ends with a `TurnFinished`. Raises `UnknownSessionError`, and
        `TurnElsewhereError` for a turn that another session has; then nothing is changed.
        """
        if not events:
            return
        tally = self._tallies.pop(turn, None)
        with self._connection.writing() as db:
            tally = append_events(
                db, session, turn, events, owner=self._owner, written_at=self._stamp(), tally=tally
            )
        if tally is not None:
            self._tallies[turn] = tally

    # Reading turns. A running turn reads as it stands, whichever app runs it.

    def turns(self, session: str) -> list[TurnRecord]:
        """Return all turns of a session, in order of time."""
        with self._connection.reading() as db:
            return read_turns(db, find_session(db, session))

    def turn(self, ref: str) -> TurnRecord:
        """Return one turn. Raises `UnknownTurnError` or `AmbiguousTurnError`."""
        return self.turn_records(ref).turn

    def calls(self, turn: str) -> list[CallRecord]:
        """Return the calls of the model in a turn, in order."""
        return self.turn_records(turn).calls

    def tool_calls(self, turn: str) -> list[ToolCallRecord]:
        """Return the calls of tools in a turn, in order."""
        return self.turn_records(turn).tool_calls

    def turn_records(self, ref: str) -> TurnRecords:
        """Return one turn with its calls and tool calls."""
        with self._connection.reading() as db:
            return read_records(db, read_turn(db, find_turn(db, ref)))

    def records(self, session: str) -> list[TurnRecords]:
        """Return the turns of a session, in order, each with its calls and tool calls."""
        with self._connection.reading() as db:
            return [read_records(db, turn) for turn in read_turns(db, find_session(db, session))]

    def export_rows(self, refs: Iterable[str], by: RowsBy) -> Generator[Row, None, None]:
        """Yield the rows of an export of some sessions, in order: one a turn, a call or a tool call."""
        with self._connection.reading() as db:
            for session in dict.fromkeys(find_session(db, ref) for ref in refs):
                yield from session_rows(db, session, by)

    def events(self, turn: str) -> list[Event]:
        """Return the events of a turn, in order, equal to those that were appended."""
        with self._connection.reading() as db:
            return read_events(db, find_turn(db, turn))

    def history(self, session: str, end: str | None = None) -> tuple[Message, ...]:
        """Return the conversation so far: the prompts and answers of the finished turns of the open path.

        With an `end`, it is that of the path to that turn; empty is before the first.
        """
        with self._connection.reading() as db:
            return as_history(read_path(db, find_session(db, session), end))

    def search(self, text: str, limit: int = 50, *, every_kind: bool = False) -> list[SearchHit]:
        """Return the turns whose prompt or answer holds every word of `text`, the latest first.

        A word `tag:WORD` asks for turns of sessions with that tag, and may stand alone. Those of runs and
        what-ifs are left out, unless `every_kind` is asked for.
        """
        with self._connection.reading() as db:
            return search(db, text, limit, every_kind=every_kind)

    def rebuild(self) -> int:
        """Write `turns`, `calls` and `tool_calls` anew from the events; return the number of turns."""
        with self._connection.writing() as db:
            return rebuild(db)

    def _stamp(self) -> str:
        return stamp(self._now())
