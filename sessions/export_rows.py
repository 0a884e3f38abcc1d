"""The rows of an export: a turn, a call of the model or a call of a tool, straight from the tables.

Ended turns are read as rows, without a record for each: an export may be of a hundred thousand. A turn
that runs is read from its events as they stand.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

from sessions.columns import CONTEXT_OF_CALLS, CONTEXT_OF_TOOL_CALLS
from sessions.projections import FIELDS, TABLES, TRUTHS, from_events
from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords

Row: TypeAlias = dict[str, object]
RowsBy = Literal["turn", "call", "tool_call"]

CLASSES: dict[RowsBy, type[Any]] = {"turn": TurnRecord, "call": CallRecord, "tool_call": ToolCallRecord}
CONTEXT: dict[RowsBy, tuple[str, ...]] = {
    "turn": (),
    "call": CONTEXT_OF_CALLS,
    "tool_call": CONTEXT_OF_TOOL_CALLS,
}
"""Columns of the turn that stand with those of its calls, so that a row speaks for itself."""

RUNNING = "SELECT position, turn FROM turns WHERE session = ? AND status IS NULL ORDER BY position"


def session_rows(db: sqlite3.Connection, session: str, by: RowsBy) -> Iterator[Row]:
    """Yield the rows of a session's turns, in order."""
    running = dict(db.execute(RUNNING, (session,)).fetchall())
    for position, row in _stored(db, session, by):
        for earlier in [each for each in running if each < position]:
            yield from rows_of(from_events(db, session, running.pop(earlier)), by)
        yield row
    for turn in running.values():
        yield from rows_of(from_events(db, session, turn), by)


def rows_of(records: TurnRecords, by: RowsBy) -> Iterator[Row]:
    """Yield the rows of one turn's records."""
    context = {name: getattr(records.turn, name) for name in CONTEXT[by]}
    of: dict[RowsBy, Sequence[object]] = {
        "turn": (records.turn,),
        "call": records.calls,
        "tool_call": records.tool_calls,
    }
    for record in of[by]:
        yield {name: getattr(record, name) for name in FIELDS[CLASSES[by]]} | context


def _stored(db: sqlite3.Connection, session: str, by: RowsBy) -> Iterator[tuple[int, Row]]:
    """Yield the place of its turn and the row, for turns that have ended."""
    cls = CLASSES[by]
    names = FIELDS[cls]
    context = tuple(name for name in CONTEXT[by] if name not in names)
    chosen = ", ".join(["t.position", *(f"own.{name}" for name in names), *(f"t.{name}" for name in context)])
    joined = "id" if by == "turn" else "turn"
    sql = f"""
      SELECT {chosen} FROM turns AS t JOIN {TABLES[cls]} AS own USING ({joined})
      WHERE t.session = ? AND t.status IS NOT NULL ORDER BY t.position, own.position
    """  # noqa: S608  # names of ours
    keys = (*names, *context)
    truths = TRUTHS[cls]
    for position, *values in db.execute(sql, (session,)):
        row: Row = dict(zip(keys, values, strict=True))
        for name in truths:
            row[name] = bool(row[name])
        yield position, row
