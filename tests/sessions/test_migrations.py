import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import (
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallSkipped,
    Event,
    OriginTokens,
    RungTaken,
    TextDelta,
    TurnStarted,
)
from sessions.errors import UnreadableEventError
from sessions.event_json import encode
from sessions.schema import KNOWN
from sessions.schema.m002 import SECOND
from sessions.tally import records_of
from tests.sessions.conftest import Opener
from tests.sessions.scripted import turn_id, whole_turn
from tests.sessions.shortcuts import rows

FIRST_VERSION = Path(__file__).with_name("m001.sql")
PROJECTIONS = ("turns", "calls", "tool_calls")
EVENT_COLUMNS = "id, session, turn, seq, t, type, data, written_at"
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
    expected = records_of(events)
    expected.turn.position = 1
    before = store.records(session)
    assert before[0] == expected
    written = {table: contents(old, table) for table in PROJECTIONS}
    assert store.rebuild() == 2
    assert store.records(session) == before
    assert {table: contents(old, table) for table in PROJECTIONS} == written


def test_old_turns_follow_each_other(old: Path, open_store: Opener) -> None:
    db = sqlite3.connect(old)
    db.execute("UPDATE events SET type = 'OfAnotherTime' WHERE turn = ?", (turn_id(2),))
    db.commit()
    db.close()
    store = open_store()
    (session,) = [each.id for each in store.sessions()]
    assert contents(old, "turns", "turn, parent") == [(turn_id(1), ""), (turn_id(2), turn_id(1))]
    assert contents(old, "sessions", "open_end, system, sampling") == [(None, None, None)]
    assert store.open_end(session) == turn_id(2)
    assert store.siblings(session) == {}


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
    assert [row[2] for row in applied] == sorted(KNOWN)
    open_store().close()
    assert contents(old, "_sqlite_migrations") == applied


def as_second_version(path: Path, events: list[Event]) -> None:
    """Bring a file to the second version, its first turn made of these events."""
    db = sqlite3.connect(path)
    for statement in SECOND:
        db.execute(statement.strip())
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('slmtui', 'm002_engine_and_choices', '2026-01-02')"
    )
    session = db.execute("SELECT session FROM events").fetchone()[0]
    db.execute("DELETE FROM events WHERE turn = ?", (turn_id(1),))
    for seq, event in enumerate(events, 1):
        # The ids lie below the others: this turn came first.
        row = (seq - 1000, session, turn_id(1), seq, event.t, type(event).__name__, encode(event), "")
        db.execute(f"INSERT INTO events ({EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.commit()
    db.close()


def two_answers() -> list[Event]:
    """Return a turn in which a draft was given up, with the origins of the other call's prompt."""
    begun, *middle, end = whole_turn(turn_id(1), "S", answer=["4", "2"])
    draft = TextDelta(0.1, "draft", "assistant", "answer", "41?", (0.1,))
    origins = (OriginTokens("example", 4, 2), OriginTokens("user", 0, 3))
    told = [replace(e, origins=origins) if isinstance(e, CallFinished) else e for e in middle]
    return [begun, draft, *told, end]


def test_turns_of_the_second_version_get_the_new_columns_from_their_events(
    old: Path, open_store: Opener
) -> None:
    as_second_version(old, two_answers())
    ids = contents(old, "turns", "id, turn")
    store = open_store()
    turn = store.turn(turn_id(1))
    assert (turn.example_in_tokens, turn.user_in_tokens, turn.template_in_tokens) == (6, 3, 0)
    assert (turn.think_tokens, turn.answer_tokens, turn.answer_call, turn.factors) == (1, 2, "c1", "{}")
    assert contents(old, "turns", "id, turn") == ids
    written = {table: contents(old, table) for table in PROJECTIONS}
    store.rebuild()
    assert {table: contents(old, table) for table in PROJECTIONS} == written


def test_a_turn_that_cannot_be_read_does_not_keep_an_old_file_shut(old: Path, open_store: Opener) -> None:
    as_second_version(old, two_answers())
    with sqlite3.connect(old) as db:
        db.execute("UPDATE events SET type = 'FromTheFuture' WHERE turn = ? AND seq = 2", (turn_id(1),))
    db.close()
    store = open_store()
    turn = store.turn(turn_id(1))
    assert (turn.answer, turn.example_in_tokens, turn.answer_tokens) == ("It's 2.", 0, 2)  # as it was kept
    with pytest.raises(UnreadableEventError):
        store.events(turn_id(1))


def test_views_answer_what_their_names_say(path: Path, open_store: Opener) -> None:
    store = open_store()
    session = store.create_session()
    for number, (paradigm, tools) in enumerate((("base", "none"), ("single", "all"), ("single", "all")), 1):
        begun, *rest = whole_turn(turn_id(number), session, paradigm=paradigm)
        told = replace(begun, factors={"tools": tools})
        extra: list[Event] = [
            RungTaken(0.1, "agent", "c1", "repair", ""),
            CallSkipped(0.1, "judge", "answer", "sure", 100, 40),
            ApprovalAsked(0.1, "k", "agent", "notes"),
            ApprovalGiven(0.2, "k", "agent", "notes", "no"),
        ]
        store.append(session, turn_id(number), [told, *(extra if number == 2 else []), *rest])
    views = {
        "rungs_by_paradigm": [("base", "tiny", 1, 1, 0, 0, 0, 0, 0), ("single", "tiny", 2, 1, 1, 0, 0, 0, 0)],
        "calls_skipped_by_paradigm": [("base", "tiny", 1, 1, 0, 0, 0), ("single", "tiny", 2, 2, 1, 100, 40)],
        "approvals_by_tool": [("notes", 1, 0, 0, 1, 0)],
        "factors_by_paradigm": [("base", "tools", "none", 1), ("single", "tools", "all", 2)],
    }
    assert {view: rows(path, f"SELECT * FROM {view}") for view in views} == views
    shares = rows(
        path, "SELECT paradigm, tokens, share FROM prompt_tokens_by_origin WHERE origin = 'template'"
    )
    assert shares == [("base", 9, 1.0), ("single", 18, 1.0)]
