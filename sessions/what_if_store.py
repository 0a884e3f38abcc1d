"""What-ifs in the store: which turn ran which stored one again, what was changed, and where the two part."""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from agents.message import Message
from sessions.database import Connection
from sessions.errors import UnknownTurnError
from sessions.projections import read_rows
from sessions.reading import as_history
from sessions.records import TurnRecord
from sessions.run_records import ItemRecord
from sessions.text import storable
from sessions.tree import read_path

ATTEMPT = """
SELECT r.plan, i.item, i.data_set, i.prompt, i.expected, i.skill, i.level, i.tool
FROM attempts AS a JOIN items AS i ON i.run = a.run AND i.item = a.item JOIN runs AS r ON r.id = a.run
WHERE a.turn = ?
"""
COLUMNS = ("turn", "session", "of_turn", "changes", "diverged_at", "diverged", "frozen", "live")


@dataclass(frozen=True, slots=True)
class WhatIfRecord:
    """A turn that ran the stored turn `of_turn` again.

    `changes` tells by name what was changed, from what to what. `diverged_at` is the place among the steps,
    from 1, at which the two part (None: they do not), and `diverged` that step in words. `frozen` results of
    tools were taken from the stored turn, `live` calls of tools were run.
    """

    turn: str
    session: str
    of_turn: str
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    diverged_at: int | None = None
    diverged: str = ""
    frozen: int = 0
    live: int = 0


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """The attempt of a suite's run that a turn was: the run's plan, and the item that was asked."""

    plan: dict[str, Any]
    item: ItemRecord


class WhatIfs:
    """The what-ifs of a store. Every method may raise a `SessionsError`; ids are whole ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, record: WhatIfRecord) -> None:
        """Keep a record, in place of the one that its turn may have: first as it begins, then as it ended."""
        marks = ", ".join("?" * len(COLUMNS))
        sql = f"INSERT OR REPLACE INTO what_ifs ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608  # ours
        with self._connection.writing() as db:
            db.execute(sql, _values(record))

    def get(self, turn: str) -> WhatIfRecord | None:
        """Return the record of a turn; None for a turn that ran no other again."""
        with self._connection.reading() as db:
            return next(iter(_records(db, "turn = ?", turn)), None)

    def of(self, turn: str) -> list[WhatIfRecord]:
        """Return the records of the turns that ran this one again, in order."""
        with self._connection.reading() as db:
            return _records(db, "of_turn = ?", turn)

    def in_session(self, session: str) -> list[WhatIfRecord]:
        """Return the records of a session's turns, in order."""
        with self._connection.reading() as db:
            return _records(db, "session = ?", session)

    def history_of(self, turn: TurnRecord) -> tuple[Message, ...]:
        """Return the conversation that stood before a turn when it ran.

        In a chat that is the path to it through the session. A turn of a suite stood alone, and a what-if has
        the history of the turn that it ran again. Raises `UnknownTurnError` when that one is gone.
        """
        with self._connection.reading() as db:
            origin = _origin(db, turn)
            if _kind(db, origin.session) != "chat":
                return ()
            return as_history(read_path(db, origin.session, origin.parent))

    def attempt_of(self, turn: TurnRecord) -> StoredAttempt | None:
        """Return the attempt that a suite's turn was, or the one that it ran again; None for a chat's.

        Raises `UnknownTurnError` when the turn that it ran again is gone.
        """
        with self._connection.reading() as db:
            row = db.execute(ATTEMPT, (_origin(db, turn).turn,)).fetchone()
        return None if row is None else StoredAttempt(json.loads(row[0]), ItemRecord(*row[1:]))

    def before(self, turn: str) -> list[WhatIfRecord]:
        """Return the what-ifs that led to a turn, from the first that ran a stored one again; it is the last.

        There are none for a turn that ran no other again.
        """
        found: dict[str, WhatIfRecord] = {}
        record = self.get(turn)
        while record is not None and record.turn not in found:
            found[record.turn] = record
            record = self.get(record.of_turn)
        return list(reversed(found.values()))


def _origin(db: sqlite3.Connection, turn: TurnRecord) -> TurnRecord:
    """Return the turn that a what-if, perhaps of a what-if, ran again in the end; any other turn itself."""
    seen: set[str] = set()
    while _kind(db, turn.session) == "whatif" and turn.turn not in seen:
        seen.add(turn.turn)
        row = db.execute("SELECT of_turn FROM what_ifs WHERE turn = ?", (turn.turn,)).fetchone()
        if row is None:
            return turn
        found = read_rows(db, TurnRecord, "turn = ?", row[0])
        if not found:
            raise UnknownTurnError(row[0])
        turn = found[0]
    return turn


def _kind(db: sqlite3.Connection, session: str) -> str:
    row = db.execute("SELECT kind FROM sessions WHERE id = ?", (session,)).fetchone()
    return str(row[0]) if row else "chat"


def _values(record: WhatIfRecord) -> tuple[object, ...]:
    texts = {"changes": json.dumps(record.changes, sort_keys=True), "diverged": storable(record.diverged)}
    return tuple(texts.get(name, getattr(record, name)) for name in COLUMNS)


def _records(db: sqlite3.Connection, where: str, value: str) -> list[WhatIfRecord]:
    sql = f"SELECT {', '.join(COLUMNS)} FROM what_ifs WHERE {where} ORDER BY turn"  # noqa: S608  # SQL of ours
    return [_record(row) for row in db.execute(sql, (value,))]


def _record(row: tuple[Any, ...]) -> WhatIfRecord:
    values = dict(zip(COLUMNS, row, strict=True))
    changes = {name: (was, now) for name, (was, now) in json.loads(values["changes"]).items()}
    return WhatIfRecord(**values | {"changes": changes})
