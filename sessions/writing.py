"""Appending events: in one transaction the events, the projections they complete, and the session's row."""

import math
import sqlite3
from collections.abc import Sequence

from agents.events import Event, TurnFinished
from sessions.errors import UnknownSessionError
from sessions.event_json import encode
from sessions.projections import project
from sessions.text import title_of

INSERT = "INSERT INTO events (session, turn, seq, t, type, data, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)"


def append_events(
    db: sqlite3.Connection, session: str, turn: str, events: Sequence[Event], *, owner: str, written_at: str
) -> None:
    """Append events to a turn. Its first and its last ones bring the projections up to date.

    Events that come after the end are kept too, and counted: a late one is no reason to lose it.
    Raises `UnknownSessionError` when the session was purged meanwhile.
    """
    before = db.execute("SELECT coalesce(max(seq), 0) FROM events WHERE turn = ?", (turn,)).fetchone()[0]
    rows = [
        (session, turn, seq, _moment(event), type(event).__name__, encode(event), written_at)
        for seq, event in enumerate(events, before + 1)
    ]
    try:
        db.executemany(INSERT, rows)
    except sqlite3.IntegrityError as error:
        raise UnknownSessionError(session) from error
    if before == 0:
        db.execute("INSERT INTO running (turn, session, owner) VALUES (?, ?, ?)", (turn, session, owner))
    if any(isinstance(event, TurnFinished) for event in events):
        db.execute("DELETE FROM running WHERE turn = ?", (turn,))
    elif before and _is_running(db, turn):
        return
    record = project(db, session, turn)
    db.execute("UPDATE sessions SET updated_at = ? WHERE id = ?", (written_at, session))
    if record.position == 1:
        entitle(db, session)


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
