import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sessions.database import Connection
from sessions.errors import (
    DamagedDatabaseError,
    DatabaseFailedError,
    DatabaseLockedError,
    DiskFullError,
    ForeignDatabaseError,
    NewerDatabaseError,
    NoFolderError,
    NotADatabaseError,
    NotAFileError,
    NotWritableError,
    SessionsError,
)
from sessions.store import Store
from tests.sessions.conftest import Now, Opener
from tests.sessions.scripted import started, turn_id, whole_turn, words


def refuses(path: Path, kind: type[SessionsError]) -> str:
    with pytest.raises(kind) as caught:
        Store.open(path, owner="me", alive=lambda owner: True, now=Now())
    text = str(caught.value)
    assert "\n" not in text
    assert text.isprintable()
    return text


@pytest.mark.parametrize("content", [b"hello", b"x" * 5000, b"\0" * 100, b"SQLite format 4\0" * 300])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "not a SQLite database" in refuses(path, NotADatabaseError)
    assert path.read_bytes() == content


def test_a_header_without_a_database(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    refuses(path, NotADatabaseError)


def test_an_empty_file_becomes_a_store(path: Path, open_store: Opener) -> None:
    path.touch()
    assert open_store().sessions() == []


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE albums (title)")
    db.close()
    before = path.read_bytes()
    assert "another program" in refuses(path, ForeignDatabaseError)
    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_is_left_alone(open_store: Opener, path: Path) -> None:
    open_store().close()
    db = sqlite3.connect(path)
    with db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('slmtui', 'm999', '')"
        )
    db.close()
    assert "Upgrade slmtui" in refuses(path, NewerDatabaseError)


def test_places_that_cannot_hold_a_database(tmp_path: Path) -> None:
    assert str(tmp_path / "no") in refuses(tmp_path / "no" / "s.db", NoFolderError)
    refuses(tmp_path, NotAFileError)
    refuses(Path("/dev/null"), NotAFileError)
    refuses(tmp_path / "a\0b", NotAFileError)
    refuses(tmp_path / ("x" * 300), DatabaseFailedError)
    assert "\x1b" not in refuses(tmp_path / "\x1b[31m\n" / "s.db", NoFolderError)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refuses(tmp_path / "file" / "s.db", NoFolderError)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written(open_store: Opener, path: Path, what: str) -> None:
    open_store().close()
    place = path if what == "file" else path.parent
    mode = place.stat().st_mode
    place.chmod(mode & ~0o222)
    try:
        refuses(path, NotWritableError)
    finally:
        place.chmod(mode)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that not even root can write")
def test_a_folder_where_no_file_can_be_made() -> None:
    refuses(Path("/proc/slmtui.db"), NotWritableError)


def test_a_file_that_turned_read_only(open_store: Opener) -> None:
    store = open_store()
    session = store.create_session()
    store._connection._raw.execute("PRAGMA query_only = ON")
    with pytest.raises(NotWritableError):
        store.append(session, turn_id(1), [started(turn_id(1), session)])
    assert store.turns(session) == []


def test_a_full_disk_loses_nothing_that_was_there(open_store: Opener) -> None:
    store = open_store()
    session = store.create_session()
    turn = turn_id(1)
    store.append(session, turn, whole_turn(turn, session))
    pages = store._connection._raw.execute("PRAGMA page_count").fetchone()[0]
    store._connection._raw.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFullError, match="no room left"):
        store.append(session, turn_id(2), [started(turn_id(2), session), *words(["x" * 100_000])])
    assert [turn.status for turn in store.turns(session)] == ["ok"]


def test_a_damaged_file(open_store: Opener, path: Path) -> None:
    store = open_store()
    session = store.create_session()
    for number in range(40):
        turn = turn_id(number)
        store.append(session, turn, whole_turn(turn, session, answer=["word"] * 20))
    store.close()
    content = bytearray(path.read_bytes())
    start = len(content) // 2 // 4096 * 4096
    content[start:] = b"\xaa" * (len(content) - start)
    path.write_bytes(content)
    with pytest.raises(DamagedDatabaseError, match="recover"):
        open_store().rebuild()


LOCKED: dict[str, Callable[[Store, str], object]] = {
    "append": lambda store, session: store.append(session, turn_id(1), [started(turn_id(1), session)]),
    "rename": lambda store, session: store.rename(session, "x"),
    "create": lambda store, session: store.create_session(),
}


@pytest.mark.parametrize("action", LOCKED)
def test_a_lock_that_does_not_go_away(open_store: Opener, path: Path, action: str) -> None:
    session = open_store().create_session()
    store = Store(Connection(path, busy_s=0.01), "me", Now())
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLockedError, match="another program"):
        LOCKED[action](store, session)
    assert store.session(session).turns == 0  # reading goes on
    other.rollback()
    LOCKED[action](store, session)
    other.close()
    store.close()


def test_a_failed_append_leaves_no_half(open_store: Opener) -> None:
    store = open_store()
    session = store.create_session()
    turn = turn_id(1)
    with pytest.raises(AttributeError):
        store.append(session, turn, [*whole_turn(turn, session), None])
    assert store.turns(session) == []
    store.append(session, turn, whole_turn(turn, session))
    assert store.turn(turn).status == "ok"
