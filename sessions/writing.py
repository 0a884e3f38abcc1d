"""Appending events: in one transaction the events, the projections they complete, and the session's row."""

import math
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from agents.events import Event, TurnFinished
from sessions.errors import TurnElsewhereError, UnknownSessionError
from sessions.event_json import encode
from sessions.projections import project
from sessions.tally import TurnTally
from sessions.text import title_of

INSERT = "INSERT INTO events (session, turn, seq, t, type, data, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)"


def stamp(moment: datetime) -> str:
    """Return a moment as the store writes it: UTC, in ISO 8601, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def add_session(db: sqlite3.Connection, session: str, title: str, kind: str, now: str) -> None:
    """Add an empty session of a kind: chat, bench or whatif. A title that is not empty is the user's."""
    db.execute(
        "INSERT INTO sessions (id, title, renamed, kind, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
        (session, title, bool(title), kind, now, now),
    )


def append_events(
    db: sqlite3.Connection,
    session: str,
    turn: str,
    events: Sequence[Event],
    *,
    owner: str,
    written_at: str,
    tally: TurnTally | None = None,
) -> TurnTally | None:
    """Append events to a turn. Its first and its last ones bring the projections up to date.

    Events that come after the end are kept too, and counted: a late one is no reason to lose it.
    `tally` has counted every event before these, or is None; then they are read again when the turn
    ends. Returns the tally for the events after these, and None when the turn has ended. Raises
    `UnknownSessionError` when the session was purged meanwhile, and `TurnElsewhereError` for a turn of
    another session.
    """
    before = _number_so_far(db, session, turn)
    _insert(db, session, turn, before, events, written_at)
    tally = TurnTally() if before == 0 else tally
    if tally is not None:
        tally.add_all(events)
    if before == 0:
        db.execute("INSERT INTO running (turn, session, owner) VALUES (?, ?, ?)", (turn, session, owner))
    ended = any(isinstance(event, TurnFinished) for event in events)
    if ended:
        db.execute("DELETE FROM running WHERE turn = ?", (turn,))
    elif before and _is_running(db, turn):
        return tally
    record = project(db, session, turn, tally.records if tally else None)
    db.execute("UPDATE sessions SET updated_at = ? WHERE id = ?", (written_at, session))
    if before == 0:  # a new turn is the latest, and its path the open one
        db.execute("UPDATE sessions SET open_end = NULL WHERE id = ?", (session,))
    if record.position == 1:
        entitle(db, session)
    return None if ended else tally


def _number_so_far(db: sqlite3.Connection, session: str, turn: str) -> int:
    """Return how many events a turn of a session has so far. Raises `TurnElsewhereError`."""
    sql = "SELECT session, seq FROM events WHERE turn = ? ORDER BY seq DESC LIMIT 1"
    owner, number = db.execute(sql, (turn,)).fetchone() or (session, 0)
    if owner != session:
        raise TurnElsewhereError(turn, session)
    return int(number)


def _insert(
    db: sqlite3.Connection, session: str, turn: str, before: int, events: Sequence[Event], written_at: str
) -> None:
    rows = [
        (session, turn, seq, _moment(event), type(event).__name__, encode(event), written_at)
        for seq, event in enumerate(events, before + 1)
    ]
    try:
        db.executemany(INSERT, rows)
    except sqlite3.IntegrityError as error:
        raise UnknownSessionError(session) from error


def entitle(db: sqlite3.Connection, session: str) -> None:
    """Call a session by its first prompt, unless it has a title."""
    sql = "SELECT prompt FROM turns WHERE session = ? ORDER BY position LIMIT 1"
    row = db.execute(sql, (session,)).fetchone()
    if row is not None:
        db.execute("UPDATE sessions SET title = ? WHERE id = ? AND title = ''", (title_of(row[0]), session))


def remove_session(db: sqlite3.Connection, session: str) -> None:
    """Remove a session and, by the foreign keys, all that is in it: its words leave the index too."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("DELETE FROM sessions WHERE id = ?", (session,))
    db.execute("INSERT INTO turns_text (turns_text) VALUES ('optimize')")


def _moment(event: Event) -> float:
    """Return the time of an event; SQLite has no NaN, and the event itself keeps what it said."""
    return event.t if math.isfinite(event.t) else 0.0


def _is_running(db: sqlite3.Connection, turn: str) -> bool:
    return db.execute("SELECT 1 FROM running WHERE turn = ?", (turn,)).fetchone() is not None
