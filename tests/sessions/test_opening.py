import sqlite3
import subprocess
import sys
from pathlib import Path

from sqlite_utils import Database

from sessions.migrations import migrations
from sessions.schema import KNOWN
from tests.sessions.conftest import Opener
from tests.sessions.scripted import turn_id, whole_turn

ROOT = Path(__file__).parents[2]

OPEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sessions.store import Store
with Store.open(Path(sys.argv[1]), owner="me", alive=bool, now=lambda: datetime.now(UTC)) as store:
    store.create_session()
print(*sorted({"sqlite_utils", "numpy", "textual", "llama_cpp", "slmtui", "tools"} & set(sys.modules)))
"""


def test_the_known_migrations_are_those_that_there_are() -> None:
    pending = migrations.pending(Database(memory=True))
    assert {migration.name for migration in pending} == KNOWN


def test_opening_a_store_imports_nothing_slow_and_nothing_of_the_app(open_store: Opener, path: Path) -> None:
    open_store().close()
    command = [sys.executable, "-c", OPEN, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_opening_reads_neither_events_nor_turns(open_store: Opener, path: Path) -> None:
    store = open_store()
    session = store.create_session()
    store.append(session, turn_id(1), whole_turn(turn_id(1), session))
    store.close()
    db = sqlite3.connect(path)
    for table in ("events", "turns"):  # gone: whoever opens the store and reads them would fail
        db.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    db.close()
    open_store().close()


def test_reading_a_turn_uses_an_index(open_store: Opener, path: Path) -> None:
    open_store().close()
    db = sqlite3.connect(path)
    for sql in (
        "SELECT type, data FROM events WHERE turn = 'T' ORDER BY seq",
        "SELECT coalesce(max(seq), 0) FROM events WHERE turn = 'T'",
        "SELECT * FROM turns WHERE session = 'S' ORDER BY position",
        "SELECT * FROM calls WHERE turn = 'T' ORDER BY position",
        "DELETE FROM events WHERE session = 'S'",
    ):
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert all(step.startswith("SEARCH") for step in plan), (sql, plan)
    db.close()


def test_the_file_is_in_wal_mode_and_whole(open_store: Opener, path: Path) -> None:
    open_store()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
