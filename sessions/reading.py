"""Reading turns back: finished ones from their projections, running ones from their events as they stand."""

import sqlite3
from collections.abc import Iterable

from agents.message import Message
from sessions.projections import from_events, read_rows
from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords


def read_turn(db: sqlite3.Connection, turn: str) -> TurnRecord:
    """Return the record of the turn with that id."""
    return settled(db, read_rows(db, TurnRecord, "turn = ?", turn)[0])


def read_turns(db: sqlite3.Connection, session: str) -> list[TurnRecord]:
    """Return the records of a session's turns, in order."""
    return [settled(db, turn) for turn in read_rows(db, TurnRecord, "session = ?", session)]


def read_records(db: sqlite3.Connection, turn: TurnRecord) -> TurnRecords:
    """Return the records of a turn, with its calls and tool calls."""
    if turn.status is None:
        return from_events(db, turn.session, turn.turn)
    calls = read_rows(db, CallRecord, "turn = ?", turn.turn)
    return TurnRecords(turn, calls, read_rows(db, ToolCallRecord, "turn = ?", turn.turn))


def as_history(turns: Iterable[TurnRecord]) -> tuple[Message, ...]:
    """Return the conversation of finished turns: each prompt with its answer, in a group of its own.

    A cancelled or failed turn counts with what it had answered. A turn without any answer is left
    out, for a prompt without a reply would break the order of roles that chat templates insist on.
    """
    said = [turn for turn in turns if turn.status is not None and turn.answer.strip()]
    return tuple(
        message
        for group, turn in enumerate(said, 1)
        for message in (
            Message("user", turn.prompt, "history", group),
            Message("assistant", turn.answer, "history", group),
        )
    )


def settled(db: sqlite3.Connection, turn: TurnRecord) -> TurnRecord:
    """Return the record of a turn as it stands: one that runs is read from its events."""
    return from_events(db, turn.session, turn.turn).turn if turn.status is None else turn
