"""The runs of suites in the store: what was asked for, and every attempt with its score."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, fields, replace
from datetime import datetime
from typing import Any

from ulid import ULID

from sessions.by_hand import check_by_hand, keep_end, keep_mark
from sessions.database import Connection
from sessions.differences import Arm
from sessions.errors import ScoredAttemptError
from sessions.observation import RESOURCES, Observation
from sessions.observing import read_arms, read_observations
from sessions.refs import find_run
from sessions.run_records import ArmRecord, AttemptRecord, DataSetRecord, ItemRecord, RunRecord
from sessions.text import storable, title_of
from sessions.writing import add_session, remove_session, stamp

RUN = """
SELECT id, title, started_at, command, plan, ended_at, stopped,
  (SELECT count(*) FROM items WHERE run = runs.id),
  (SELECT count(*) FROM attempts WHERE run = runs.id),
  (SELECT coalesce(max(repeat), 0) FROM attempts WHERE run = runs.id)
FROM runs WHERE id = ?
"""
BEGIN = """
INSERT INTO attempts (run, arm, item, repeat, session, turn, extracted, cause)
VALUES (?, ?, ?, ?, ?, ?, '', '')
ON CONFLICT (run, arm, item, repeat) DO UPDATE SET turn = excluded.turn WHERE state IS NULL
"""
FINISH = """
UPDATE attempts SET state = ?, strict = ?, flexible = ?, tool_right = ?, extracted = ?, cause = ?
WHERE run = ? AND arm = ? AND item = ? AND repeat = ? AND turn = ? AND state IS NULL
"""


class RunStore:
    """The runs of a store; `sessions.store.Store.suites`.

    Wherever a run is asked for, `ref` is its id, the beginning or the end of one in any case of letters,
    or `last`. Every method may raise a `SessionsError`, whose text is for the user.
    """

    def __init__(
        self, connection: Connection, now: Callable[[], datetime], gone: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._now = now
        self._gone = gone

    def create(
        self,
        title: str,
        command: str,
        plan: dict[str, Any],
        arms: Sequence[ArmRecord],
        data_sets: Sequence[DataSetRecord],
        items: Sequence[ItemRecord],
    ) -> RunRecord:
        """Begin a run and return it, each of its arms with a session of its own."""
        now = stamp(self._now())
        run = self._new_id()
        settled = [replace(arm, session=self._new_id()) for arm in arms]
        with self._connection.writing() as db:
            db.execute(
                "INSERT INTO runs (id, title, started_at, stopped, plan, command) VALUES (?, ?, ?, '', ?, ?)",
                (run, title_of(title), now, json.dumps(plan), storable(command)),
            )
            for arm in settled:
                add_session(db, arm.session, title_of(f"bench: {arm.arm}"), "bench", now)
            _insert(db, "arms", run, [_arm_row(arm) for arm in settled])
            _insert(db, "data_sets", run, [_row(each) for each in data_sets])
            _insert(db, "items", run, [_row(each) for each in items])
            return _run(db, run)

    def run(self, ref: str) -> RunRecord:
        """Return one run. Raises `UnknownRunError` or `AmbiguousRunError`."""
        with self._connection.reading() as db:
            return _run(db, find_run(db, ref))

    def runs(self, limit: int | None = None) -> list[RunRecord]:
        """Return the runs, the latest first."""
        sql = "SELECT id FROM runs ORDER BY id DESC LIMIT ?"
        with self._connection.reading() as db:
            idents = db.execute(sql, (-1 if limit is None else limit,)).fetchall()
            return [_run(db, ident) for (ident,) in idents]

    def items(self, ref: str) -> list[ItemRecord]:
        """Return the items of a run, in their order."""
        with self._connection.reading() as db:
            return _records(db, ItemRecord, "items", find_run(db, ref), "position")

    def attempts(self, ref: str) -> list[AttemptRecord]:
        """Return every attempt of a run that was begun, by arm, item and repeat."""
        with self._connection.reading() as db:
            found = _records(db, AttemptRecord, "attempts", find_run(db, ref), "arm, item, repeat")
        return [_with_truths(each) for each in found]

    def scored(self, ref: str) -> int:
        """Return how many attempts of a run are scored."""
        sql = "SELECT count(*) FROM attempts WHERE run = ? AND state IS NOT NULL"
        with self._connection.reading() as db:
            return int(db.execute(sql, (find_run(db, ref),)).fetchone()[0])

    def observations(self, ref: str, metrics: Sequence[str] = RESOURCES) -> list[Observation]:
        """Return what each arm made of each item, and what it cost in these columns of a turn."""
        with self._connection.reading() as db:
            return read_observations(db, find_run(db, ref), metrics)

    def arms(self, ref: str) -> list[Arm]:
        """Return the arms of a run with the factors and conditions of their turns."""
        with self._connection.reading() as db:
            return read_arms(db, find_run(db, ref))

    def begin(self, attempt: AttemptRecord) -> None:
        """Note the turn of an attempt, in place of one that was not scored. Raises `ScoredAttemptError`."""
        key = attempt.run, attempt.arm, attempt.item, attempt.repeat
        self._write(BEGIN, (*key, attempt.session, attempt.turn), attempt)

    def finish(self, attempt: AttemptRecord) -> None:
        """Keep the score of an attempt that was begun with its turn. Raises `ScoredAttemptError`."""
        score = attempt.state, attempt.strict, attempt.flexible, attempt.tool_right
        words = storable(attempt.extracted), storable(attempt.cause)
        key = attempt.run, attempt.arm, attempt.item, attempt.repeat
        self._write(FINISH, (*score, *words, *key, attempt.turn), attempt)

    # Comparisons by hand. Of other runs, each of these raises `NotByHandError`.

    def add_item(self, ref: str, item: ItemRecord) -> None:
        """Add an item to a run by hand, behind the others; one that it has stays as it is."""
        with self._connection.writing() as db:
            run = _by_hand(db, ref)
            known = [row[0] for row in db.execute("SELECT item FROM items WHERE run = ?", (run,))]
            if storable(item.item) not in known:
                _insert(db, "items", run, [_row(item)], after=len(known))

    def end_by_hand(self, attempt: AttemptRecord) -> None:
        """Keep how an attempt's turn ended by itself: its `state` is failed, empty, cut, or None.

        The attempt counts when an answer to the same prompt is judged. Raises `UnknownAttemptError`.
        """
        with self._connection.writing() as db:
            run = _by_hand(db, attempt.run)
            keep_end(db, (run, attempt.arm, attempt.item, attempt.repeat), attempt.state)

    def mark(
        self, ref: str, arm: str, item: str, repeat: int, *, right: bool | None, preferred: bool | None
    ) -> AttemptRecord:
        """Keep what a person says of an answer, and return the attempt; both marks replace what was said.

        `right` and `preferred` are of this answer alone: None takes a mark back. To prefer one arm over
        another, mark the one True and leave or mark the other None or False; two that are both True, or
        both False where none is True, are a tie. Raises `UnknownAttemptError`.
        """
        with self._connection.writing() as db:
            run = _by_hand(db, ref)
            keep_mark(db, (run, arm, item, repeat), right=right, preferred=preferred)
            found = _records(db, AttemptRecord, "attempts", run, "arm, item, repeat")
        key = arm, item, repeat
        return next(_with_truths(each) for each in found if (each.arm, each.item, each.repeat) == key)

    def end(self, ref: str, stopped: str = "") -> None:
        """End a run: nothing is left to do in it, or `stopped` says why it ended before that."""
        with self._connection.writing() as db:
            values = stamp(self._now()), storable(stopped), find_run(db, ref)
            db.execute("UPDATE runs SET ended_at = ?, stopped = ? WHERE id = ?", values)

    def delete(self, ref: str) -> str:
        """Remove a run with its sessions and all that is in them, and return its id. There is no way back."""
        with self._connection.writing() as db:
            run = find_run(db, ref)
            sessions = [row[0] for row in db.execute("SELECT session FROM arms WHERE run = ?", (run,))]
            db.execute("DELETE FROM runs WHERE id = ?", (run,))
            for session in sessions:
                remove_session(db, session)
        for session in sessions:
            self._gone(session)
        return run

    def _write(self, sql: str, values: tuple[Any, ...], attempt: AttemptRecord) -> None:
        with self._connection.writing() as db:
            if db.execute(sql, values).rowcount != 1:
                raise ScoredAttemptError(attempt.arm, attempt.item, attempt.repeat)

    def _new_id(self) -> str:
        return str(ULID.from_datetime(self._now()))


def _by_hand(db: sqlite3.Connection, ref: str) -> str:
    """Return the id of a run by hand. Raises `NotByHandError` for another."""
    run = find_run(db, ref)
    check_by_hand(db, run)
    return run


def _run(db: sqlite3.Connection, run: str) -> RunRecord:
    row = db.execute(RUN, (run,)).fetchone()
    ident, title, started_at, command, plan, ended_at, stopped, items, begun, tries = row
    return RunRecord(
        id=ident,
        title=title,
        started_at=started_at,
        command=command,
        plan=json.loads(plan),
        arms=tuple(
            replace(arm, switches=json.loads(str(arm.switches)))
            for arm in _records(db, ArmRecord, "arms", run, "position")
        ),
        data_sets=tuple(_records(db, DataSetRecord, "data_sets", run, "position")),
        ended_at=ended_at,
        stopped=stopped,
        items=items,
        begun=begun,
        tries=tries,
    )


def _records(db: sqlite3.Connection, kind: type[Any], table: str, run: str, order: str) -> list[Any]:
    """Return the rows of a table as records: their fields are its columns."""
    columns = ", ".join(each.name for each in fields(kind))
    sql = f"SELECT {columns} FROM {table} WHERE run = ? ORDER BY {order}"  # noqa: S608  # names of ours
    return [kind(*row) for row in db.execute(sql, (run,))]


def _with_truths(attempt: AttemptRecord) -> AttemptRecord:
    """Return an attempt whose truths are such, for SQLite has but numbers."""
    names = ("strict", "flexible", "tool_right", "preferred")
    told: dict[str, Any] = {name: getattr(attempt, name) for name in names}
    truths: dict[str, Any] = {name: bool(value) for name, value in told.items() if value is not None}
    return replace(attempt, **truths)


def _row(record: DataSetRecord | ItemRecord) -> dict[str, Any]:
    values = zip((each.name for each in fields(record)), astuple(record), strict=True)
    return {name: storable(value) if isinstance(value, str) else value for name, value in values}


def _arm_row(arm: ArmRecord) -> dict[str, Any]:
    switches = json.dumps(arm.switches)
    return {
        "arm": storable(arm.arm), "paradigm": arm.paradigm, "model": storable(arm.model),
        "switches": switches, "session": arm.session,
    }  # fmt: skip


def _insert(
    db: sqlite3.Connection, table: str, run: str, rows: Iterable[dict[str, Any]], after: int = 0
) -> None:
    """Insert rows of a run, numbered in their order, from 1 or behind so many."""
    for position, row in enumerate(rows, after + 1):
        values = {"run": run, "position": position, **row}
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608  # names of ours
        db.execute(sql, tuple(values.values()))
