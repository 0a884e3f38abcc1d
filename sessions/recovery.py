"""Ending the turns that an app left running when it died."""

import sqlite3
from collections.abc import Callable

from agents.events import TurnFinished
from sessions.database import Connection
from sessions.errors import UnreadableEventError
from sessions.projections import read_events
from sessions.tally import records_of
from sessions.writing import append_events

REASON = "The app stopped before the turn ended."


def end_abandoned_turns(connection: Connection, alive: Callable[[str], bool], written_at: str) -> int:
    """Mark the running turns of dead apps as interrupted, with what was answered, and return how many.

    Reads `running` alone, which holds no more rows than there are turns at work. The turns of an app
    that is alive are left to it.
    """
    with connection.reading() as db:
        owners = [row[0] for row in db.execute("SELECT DISTINCT owner FROM running")]
    dead = [owner for owner in owners if not alive(owner)]
    if not dead:
        return 0
    with connection.writing() as db:
        return sum(_interrupt_all(db, owner, written_at) for owner in dead)


def _interrupt_all(db: sqlite3.Connection, owner: str, written_at: str) -> int:
    turns = db.execute("SELECT session, turn FROM running WHERE owner = ?", (owner,)).fetchall()
    return sum(_interrupt(db, session, turn, written_at) for session, turn in turns)


def _interrupt(db: sqlite3.Connection, session: str, turn: str, written_at: str) -> bool:
    """Append the missing end of a turn. One that only a newer slmtui can read is left to it."""
    try:
        record = records_of(read_events(db, turn)).turn
    except UnreadableEventError:
        return False
    end = TurnFinished(record.wall_s, "interrupted", record.answer, REASON)
    append_events(db, session, turn, [end], owner="", written_at=written_at)
    return True
