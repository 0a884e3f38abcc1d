"""Comparisons made by hand: runs whose items come one by one, and whose answers a person judges.

A mark says whether an answer is right, and stands for the strict and the flexible reading. What nobody
judged is not scored. An answer that failed, is empty or was cut needs no person to be told wrong, but it
counts only beside a judged answer to the same prompt: alone it would drag one arm down and no other.
"""

import sqlite3

from sessions.errors import NotByHandError, UnknownAttemptError
from sessions.run_records import BY_HAND, AttemptState

ENDED: tuple[AttemptState | None, ...] = ("failed", "empty", "cut", None)
"""How a turn can end by itself; None is with an answer."""

KEY = "run = ? AND arm = ? AND item = ? AND repeat = ?"
ROUND = """
UPDATE attempts SET state = CASE
  WHEN strict = 1 THEN 'right'
  WHEN strict = 0 THEN coalesce(ended, 'wrong')
  WHEN EXISTS (
    SELECT 1 FROM attempts AS judged WHERE judged.run = attempts.run AND judged.item = attempts.item
    AND judged.repeat = attempts.repeat AND judged.strict IS NOT NULL
  ) THEN ended
END WHERE run = ? AND item = ? AND repeat = ?
"""

Key = tuple[str, str, str, int]
"""Run, arm, item and repeat of an attempt."""


def check_by_hand(db: sqlite3.Connection, run: str) -> None:
    """Raise `NotByHandError` unless the run with that id is one."""
    sql = "SELECT json_extract(plan, '$.kind') FROM runs WHERE id = ?"
    if db.execute(sql, (run,)).fetchone()[0] != BY_HAND:
        raise NotByHandError(run)


def keep_end(db: sqlite3.Connection, key: Key, state: AttemptState | None) -> None:
    """Keep how the turn of an attempt ended by itself; raises `UnknownAttemptError`, `ValueError`."""
    if state not in ENDED:
        raise ValueError(f"a turn does not end {state} by itself")
    _set(db, key, "ended = ?", state)


def keep_mark(db: sqlite3.Connection, key: Key, *, right: bool | None, preferred: bool | None) -> None:
    """Keep what a person says of an attempt, in place of what was said; raises `UnknownAttemptError`."""
    _set(db, key, "strict = ?, flexible = ?, preferred = ?", right, right, preferred)


def _set(db: sqlite3.Connection, key: Key, columns: str, *values: object) -> None:
    sql = f"UPDATE attempts SET {columns} WHERE {KEY}"  # noqa: S608  # SQL of ours
    if db.execute(sql, (*values, *key)).rowcount != 1:
        raise UnknownAttemptError(*key[1:])
    run, _, item, repeat = key
    db.execute(ROUND, (run, item, repeat))
