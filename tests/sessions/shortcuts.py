"""What tests of the store do again and again."""

import sqlite3
from pathlib import Path

from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn


def add_turn(store: Store, session: str, number: int, **how: object) -> str:
    turn = turn_id(number)
    store.append(session, turn, whole_turn(turn, session, **how))
    return turn


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()
