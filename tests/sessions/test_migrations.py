import sqlite3
from pathlib import Path

import pytest

from agents.events import TurnStarted
from sessions.ledger import ledger
from tests.sessions.conftest import Opener
from tests.sessions.scripted import turn_id
from tests.sessions.shortcuts import rows

FIRST_VERSION = Path(__file__).with_name("m001.sql")
PROJECTIONS = ("turns", "calls", "tool_calls")
ADDED = "n_threads_batch, kv_type, flash_attention, lora, cold"


@pytest.fixture
def old(path: Path) -> Path:
    db = sqlite3.connect(path)
    db.executescript(FIRST_VERSION.read_text(encoding="utf-8"))
    db.commit()
    db.close()
    return path


def contents(path: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    return rows(path, f"SELECT {columns} FROM {table} ORDER BY 1, 2")


def columns_of(path: Path, table: str) -> str:
    return ", ".join(str(row[0]) for row in rows(path, f"SELECT name FROM pragma_table_info('{table}')"))


def schema(path: Path) -> set[tuple[object, ...]]:
    return set(rows(path, "SELECT type, name, sql FROM sqlite_schema"))


def test_a_store_of_the_first_version_keeps_all_it_had(old: Path, open_store: Opener) -> None:
    kept = {table: columns_of(old, table) for table in ("sessions", "events", "running", *PROJECTIONS)}
    before = {table: contents(old, table, columns) for table, columns in kept.items()}
    assert len(before["turns"]) == len(before["calls"]) == 2
    open_store()
    assert {table: contents(old, table, columns) for table, columns in kept.items()} == before


def test_what_the_first_version_did_not_say_is_as_it_was_then(old: Path, open_store: Opener) -> None:
    store = open_store()
    assert contents(old, "turns", ADDED) == [(0, "f16", 0, "", 0)] * 2
    call = store.calls(turn_id(1))[0]
    assert (call.choice, call.choice_probability, call.choice_entropy, call.logprob_sum) == (None,) * 4
    turn = store.turn(turn_id(1))
    assert (turn.cold, turn.flash_attention, turn.warm) == (False, False, False)


def test_old_events_read_as_new_ones_and_make_the_same_rows(old: Path, open_store: Opener) -> None:
    store = open_store()
    (session,) = [each.id for each in store.sessions()]
    events = store.events(turn_id(1))
    assert isinstance(events[0], TurnStarted)
    assert not events[0].cold
    expected = ledger(events)
    expected.turn.position = 1
    before = store.records(session)
    assert before[0] == expected
    written = {table: contents(old, table) for table in PROJECTIONS}
    assert store.rebuild() == 2
    assert store.records(session) == before
    assert {table: contents(old, table) for table in PROJECTIONS} == written


def test_the_turn_of_a_dead_app_is_ended_and_words_are_found(old: Path, open_store: Opener) -> None:
    store = open_store(alive=lambda owner: owner != "dead")
    turn = store.turn(turn_id(2))
    assert (turn.status, turn.answer) == ("interrupted", "Once upon")
    assert [hit.turn for hit in store.search("story")] == [turn_id(2)]


def test_a_migrated_file_is_made_like_a_new_one(old: Path, tmp_path: Path, open_store: Opener) -> None:
    open_store().close()
    migrated = schema(old)
    old.unlink()
    open_store().close()
    assert migrated == schema(old)


def test_opening_a_migrated_file_changes_nothing_more(old: Path, open_store: Opener) -> None:
    open_store().close()
    applied = contents(old, "_sqlite_migrations")
    assert [row[2] for row in applied] == ["m001_first", "m002_engine_and_choices"]
    open_store().close()
    assert contents(old, "_sqlite_migrations") == applied
