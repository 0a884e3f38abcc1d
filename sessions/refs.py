"""Finding a session, a turn or a run by its id, by the beginning or end of one, or as the last."""

import sqlite3
from collections.abc import Iterable

from sessions.errors import (
    AmbiguousRunError,
    AmbiguousSessionError,
    AmbiguousTurnError,
    UnknownRunError,
    UnknownSessionError,
    UnknownTurnError,
)
from sessions.text import storable

LAST = "last"
SHOWN = 5

LAST_SESSION = """
SELECT id FROM sessions
WHERE deleted_at IS NULL AND kind = 'chat' AND EXISTS (SELECT 1 FROM turns WHERE session = sessions.id)
ORDER BY updated_at DESC, id DESC LIMIT 1
"""
LAST_TURN = """
SELECT turn FROM turns JOIN sessions ON sessions.id = turns.session
WHERE deleted_at IS NULL AND kind = 'chat' ORDER BY turns.id DESC LIMIT 1
"""
LAST_RUN = "SELECT id FROM runs ORDER BY id DESC LIMIT 1"


def find_session(db: sqlite3.Connection, ref: str, *, deleted: bool = False) -> str:
    """Return the id of the session that `ref` names; a deleted one only if `deleted`.

    Raises `UnknownSessionError` or `AmbiguousSessionError`.
    """
    among = "SELECT id FROM sessions" if deleted else "SELECT id FROM sessions WHERE deleted_at IS NULL"
    found = _ids(db.execute(LAST_SESSION)) if ref == LAST else _matching(db, among, ref)
    if not found:
        raise UnknownSessionError(ref)
    if len(found) > 1:
        raise AmbiguousSessionError(ref, found)
    return found[0]


def find_turn(db: sqlite3.Connection, ref: str) -> str:
    """Return the id of the turn that `ref` names. Raises `UnknownTurnError` or `AmbiguousTurnError`."""
    among = "SELECT turn AS id FROM turns JOIN sessions ON sessions.id = session WHERE deleted_at IS NULL"
    found = _ids(db.execute(LAST_TURN)) if ref == LAST else _matching(db, among, ref)
    if not found:
        raise UnknownTurnError(ref)
    if len(found) > 1:
        raise AmbiguousTurnError(ref, found)
    return found[0]


def find_turn_of(db: sqlite3.Connection, session: str, ref: str) -> str:
    """Return the id of the turn of a session that `ref` names. Raises as `find_turn` does."""
    turn = find_turn(db, ref)
    if not db.execute("SELECT 1 FROM turns WHERE turn = ? AND session = ?", (turn, session)).fetchone():
        raise UnknownTurnError(ref)
    return turn


def find_run(db: sqlite3.Connection, ref: str) -> str:
    """Return the id of the run that `ref` names. Raises `UnknownRunError` or `AmbiguousRunError`."""
    found = _ids(db.execute(LAST_RUN)) if ref == LAST else _matching(db, "SELECT id FROM runs", ref)
    if not found:
        raise UnknownRunError(ref)
    if len(found) > 1:
        raise AmbiguousRunError(ref, found)
    return found[0]


def _matching(db: sqlite3.Connection, among: str, ref: str) -> list[str]:
    """Return the id that is `ref`, or else up to five that begin or end with it, in any case of letters."""
    exact = _ids(db.execute(f"SELECT id FROM ({among}) WHERE id = ?", (storable(ref),)))  # noqa: S608  # ours
    if exact or not (ref.isascii() and ref.isalnum()):
        return exact
    part = ref.upper()
    ends = "upper(substr(id, 1, ?)) = ? OR upper(substr(id, ?)) = ?"
    either = f"SELECT id FROM ({among}) WHERE {ends} ORDER BY id LIMIT {SHOWN}"  # noqa: S608  # SQL of ours
    return _ids(db.execute(either, (len(part), part, -len(part), part)))


def _ids(rows: Iterable[tuple[str]]) -> list[str]:
    return [row[0] for row in rows]
