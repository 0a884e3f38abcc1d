"""Rows of `turns`, `calls` and `tool_calls`: written from the events of a turn, and read as records."""

import contextlib
import math
import sqlite3
from dataclasses import Field, fields
from typing import Any, TypeVar

from agents.events import Event
from sessions.errors import UnreadableEventError
from sessions.event_json import decode
from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords
from sessions.tally import records_of
from sessions.text import storable

Record = TypeVar("Record", TurnRecord, CallRecord, ToolCallRecord)

TABLES: dict[type[Any], str] = {TurnRecord: "turns", CallRecord: "calls", ToolCallRecord: "tool_calls"}
FIELDS: dict[type[Any], tuple[str, ...]] = {cls: tuple(item.name for item in fields(cls)) for cls in TABLES}
TRUTHS = {cls: tuple(item.name for item in fields(cls) if item.type is bool) for cls in TABLES}


def read_events(db: sqlite3.Connection, turn: str) -> list[Event]:
    """Return the stored events of a turn, in order. Raises `UnreadableEventError`."""
    rows = db.execute("SELECT type, data FROM events WHERE turn = ? ORDER BY seq", (turn,))
    return [decode(name, data) for name, data in rows.fetchall()]


def project(
    db: sqlite3.Connection, session: str, turn: str, records: TurnRecords | None = None
) -> TurnRecord:
    """Write the rows of a turn anew, and return its record.

    `records` are those of all its stored events, where they are at hand; otherwise these are read.
    """
    if records is None:
        records = from_events(db, session, turn)
    else:
        _take_keys(db, records, session, turn)
    _write_turn(db, records.turn)
    for table in ("calls", "tool_calls"):
        db.execute(f"DELETE FROM {table} WHERE turn = ?", (turn,))  # noqa: S608  # a name of ours
    db.executemany(_insert(CallRecord), map(_values, records.calls))
    db.executemany(_insert(ToolCallRecord), map(_values, records.tool_calls))
    return records.turn


def from_events(db: sqlite3.Connection, session: str, turn: str) -> TurnRecords:
    """Return the records of a turn from its stored events; the store's own keys win over the events'."""
    records = records_of(read_events(db, turn))
    _take_keys(db, records, session, turn)
    return records


def _take_keys(db: sqlite3.Connection, records: TurnRecords, session: str, turn: str) -> None:
    records.turn.turn, records.turn.session = turn, session
    records.turn.position = _position(db, session, turn)
    records.turn.parent = _parent(db, records)
    for call in records.calls:
        call.turn = turn
    for tool_call in records.tool_calls:
        tool_call.turn = turn


def read_rows(db: sqlite3.Connection, cls: type[Record], where: str, *values: object) -> list[Record]:
    """Return the records of a table for which the SQL of `where` holds, ordered by position."""
    names = ", ".join(FIELDS[cls])
    sql = f"SELECT {names} FROM {TABLES[cls]} WHERE {where} ORDER BY position"  # noqa: S608  # SQL of ours
    return [_record(cls, row) for row in db.execute(sql, values)]


def rebuild(db: sqlite3.Connection) -> int:
    """Write every projection anew from the events, and return the number of turns."""
    for table in ("tool_calls", "calls", "turns"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608  # a name of ours
    turns = db.execute("SELECT session, turn FROM events GROUP BY turn ORDER BY min(id)").fetchall()
    for session, turn in turns:
        project(db, session, turn)
    db.execute("INSERT INTO turns_text (turns_text) VALUES ('rebuild')")
    return len(turns)


def refresh(db: sqlite3.Connection) -> None:
    """Write the projections of every turn again; a turn with an event that cannot be read keeps its rows."""
    turns = db.execute("SELECT session, turn FROM turns ORDER BY id").fetchall()
    for session, turn in turns:
        with contextlib.suppress(UnreadableEventError):
            project(db, session, turn)


def _position(db: sqlite3.Connection, session: str, turn: str) -> int:
    """Return the place of a turn in its session, counted from 1: the one it has, or the next."""
    row = db.execute("SELECT position FROM turns WHERE turn = ?", (turn,)).fetchone()
    if row is None:
        sql = "SELECT coalesce(max(position), 0) + 1 FROM turns WHERE session = ?"
        row = db.execute(sql, (session,)).fetchone()
    return int(row[0])


def _parent(db: sqlite3.Connection, records: TurnRecords) -> str:
    """Return the turn that a turn follows: the one that it tells, or the one before it in the session.

    One that is not before it in the session is none: no store may have a circle for a tree.
    """
    session, position = records.turn.session, records.turn.position
    if records.follows is None:
        sql = "SELECT turn FROM turns WHERE session = ? AND position = ?"
        row = db.execute(sql, (session, position - 1)).fetchone()
    else:
        sql = "SELECT turn FROM turns WHERE session = ? AND turn = ? AND position < ?"
        row = db.execute(sql, (session, storable(records.follows), position)).fetchone()
    return row[0] if row else ""


def _write_turn(db: sqlite3.Connection, record: TurnRecord) -> None:
    names = FIELDS[TurnRecord]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name != "turn")
    db.execute(f"{_insert(TurnRecord)} ON CONFLICT (turn) DO UPDATE SET {updates}", _values(record))


def _insert(cls: type[Any]) -> str:
    names = FIELDS[cls]
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {TABLES[cls]} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # names of ours


def _values(record: TurnRecord | CallRecord | ToolCallRecord) -> tuple[object, ...]:
    return tuple(_value(item, getattr(record, item.name)) for item in fields(record))


def _value(item: Field[Any], value: object) -> object:
    """Return what SQLite can hold. It has no NaN, and one odd figure must not cost a whole turn."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if item.default is None else 0.0
    return value


def _record(cls: type[Record], row: tuple[Any, ...]) -> Record:
    record = cls(*row)
    for name in TRUTHS[cls]:
        setattr(record, name, bool(getattr(record, name)))  # SQLite has 0 and 1 for them
    return record
