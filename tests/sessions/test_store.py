import sqlite3
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import Event, NamedChance, TextDelta, ToolStarted, TurnFinished
from sessions.errors import (
    TurnElsewhereError,
    UnknownSessionError,
    UnreadableEventError,
)
from sessions.projections import FIELDS, TABLES, Record
from sessions.store import Store
from sessions.tally import records_of
from sessions.text import storable
from tests.sessions.conftest import Now, Opener
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import call_finished, started, turn_id, whole_turn, words
from tests.sessions.shortcuts import add_turn, rows
from tests.strategies import HOSTILE_TEXTS

# Appending and reading back


@given(events=ladder_turns(texts=HOSTILE_TEXTS), data=st.data())
def test_any_turn_reads_back_event_for_event(events: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(events)))
    with in_memory() as store:
        session = store.create_session()
        store.append(session, "T", events[:cut])
        store.append(session, "T", events[cut:])
        assert store.events("T") == events
        before = store.records(session)
        assert store.rebuild() == 1
        assert store.records(session) == before


@given(events=ladder_turns(texts=HOSTILE_TEXTS))
def test_projections_are_what_the_tally_says(events: list[Event]) -> None:
    with in_memory() as store:
        session = store.create_session()
        store.append(session, "T", events)
        expected = records_of(events)
        expected.turn.position = 1
        found = store.turn_records("T")
    assert found.turn == as_stored(expected.turn, turn="T", session=session)
    assert found.calls == [as_stored(call, turn="T") for call in expected.calls]
    assert found.tool_calls == [as_stored(tool_call, turn="T") for tool_call in expected.tool_calls]


def in_memory() -> Store:
    return Store.open(Path(":memory:"), owner="me", alive=lambda owner: True, now=Now())


def as_stored(record: Record, **keys: str) -> Record:
    texts = {name: storable(value) for name, value in asdict(record).items() if isinstance(value, str)}
    return replace(record, **(texts | keys))


def test_records_come_back_equal(store: Store) -> None:
    session = store.create_session()
    turn = add_turn(store, session, 1, joules=4.0, source="measured")
    expected = records_of(whole_turn(turn, session, joules=4.0, source="measured"))
    expected.turn.position = 1
    assert store.turn_records(turn) == expected
    assert store.turns(session) == [expected.turn]
    assert store.calls(turn) == expected.calls


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ud800", "x\udfff\0", "\x1b[2J", "\u202e", "\ufeff", "'; DROP--"]
)
def test_odd_text_is_kept(store: Store, text: str) -> None:
    session = store.create_session()
    turn = turn_id(1)
    arguments = {"text": text, text: [text, 10**40, 1.5]}
    events = whole_turn(turn, session, prompt=text, answer=(text,))
    events.insert(1, ToolStarted(0.0, "k", "assistant", "notes", arguments))
    store.append(session, turn, events)
    assert store.events(turn) == events
    storable = text.replace("\0", "\ufffd").encode(errors="surrogatepass").decode(errors="replace")
    assert store.turn(turn).prompt[:1] == storable[:1]


def test_a_number_that_json_lacks_costs_no_turn(store: Store) -> None:
    session = store.create_session()
    turn = turn_id(1)
    nan = float("nan")
    odd = [
        TextDelta(nan, "c", "a", "answer", "null", (0.5,)),
        TextDelta(0.5, "c1", "a", "answer", "", (0.5,), logprobs=(float("-inf"),)),
        replace(call_finished(1), decode_s=nan, ttft_s=float("inf"), choices=(NamedChance("n", nan),)),
        ToolStarted(1.0, "k", "a", "calculator", {"x": nan}),
    ]
    store.append(session, turn, [started(turn, session), *odd, TurnFinished(1.0, "ok", "null")])
    assert repr(store.events(turn)[1:-1]) == repr(odd)
    assert store.turn(turn).status == "ok"
    call = store.calls(turn)[1]
    assert (call.decode_s, call.ttft_s) == (0.0, None)
    assert (call.choice, call.choice_probability, call.logprob_sum) == ("n", None, None)


def test_a_stored_event_that_cannot_be_read_is_a_clear_error(store: Store, path: Path) -> None:
    session = store.create_session()
    turn = add_turn(store, session, 1)
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE events SET type = 'FromTheFuture' WHERE seq = 2")
    db.close()
    with pytest.raises(UnreadableEventError, match="FromTheFuture"):
        store.events(turn)
    assert store.turn(turn).status == "ok"  # the projection does not need it


def test_a_running_turn_reads_as_it_stands(open_store: Opener) -> None:
    mine, other = open_store("me"), open_store("other")
    session = mine.create_session()
    turn = turn_id(1)
    mine.append(session, turn, [started(turn, session)])
    assert other.turn(turn).status is None
    mine.append(session, turn, words(["Once", " upon"]))
    seen = other.turn_records(turn)
    assert (seen.turn.answer, seen.turn.output_tokens, seen.turn.position) == ("Once upon", 2, 1)
    assert other.turns(session) == [seen.turn]
    assert other.calls(turn) == seen.calls
    assert other.history(session) == ()
    mine.append(session, turn, [call_finished(2), TurnFinished(1.0, "ok", "Once upon")])
    assert other.turn(turn).status == "ok"


def test_events_after_the_end_are_kept_and_counted(store: Store) -> None:
    session = store.create_session()
    turn = add_turn(store, session, 1)
    store.append(session, turn, [TurnFinished(9.0, "failed", "Hi", "the engine died")])
    assert (store.turn(turn).status, store.turn(turn).reason) == ("failed", "the engine died")
    assert store.turn(turn).wall_s == 9.0


def test_appending_nothing_changes_nothing(store: Store) -> None:
    session = store.create_session()
    store.append(session, turn_id(1), [])
    assert store.turns(session) == []


def test_appending_to_a_session_that_is_gone(store: Store) -> None:
    with pytest.raises(UnknownSessionError, match="nowhere"):
        store.append("nowhere", turn_id(1), [started(turn_id(1), "nowhere")])
    session = store.create_session()
    turn = turn_id(2)
    store.append(session, turn, [started(turn, session)])
    store.purge(session)
    with pytest.raises(UnknownSessionError):
        store.append(session, turn, words(["late"]))


@pytest.mark.parametrize("ended", [True, False])
def test_a_turn_of_another_session_is_refused_and_stays_as_it_was(store: Store, ended: bool) -> None:
    one, two = store.create_session(), store.create_session()
    turn = turn_id(1)
    first, *rest = whole_turn(turn, one)
    store.append(one, turn, [first, *(rest if ended else ())])
    before = store.turn_records(turn)
    with pytest.raises(TurnElsewhereError, match=turn):
        store.append(two, turn, whole_turn(turn, two, prompt="other"))
    assert (store.turns(two), store.turn_records(turn)) == ([], before)
    assert store.session(two).updated_at == store.session(two).created_at
    if not ended:
        store.append(one, turn, rest)
    assert store.events(turn) == [first, *rest]
    assert [each.status for each in store.turns(one)] == ["ok"]


def test_turns_count_from_one_in_each_session(store: Store) -> None:
    one, two = store.create_session(), store.create_session()
    for number, session in enumerate((one, two, one, one), 1):
        add_turn(store, session, number)
    assert [turn.position for turn in store.turns(one)] == [1, 2, 3]
    assert [turn.turn for turn in store.turns(one)] == [turn_id(1), turn_id(3), turn_id(4)]
    assert [turn.position for turn in store.turns(two)] == [1]


def test_rebuilding_from_the_events_alone(store: Store, path: Path) -> None:
    one, two = store.create_session(), store.create_session()
    for number, session in enumerate((one, two, one), 1):
        add_turn(store, session, number, prompt=f"prompt {number}")
    running = turn_id(4)
    store.append(two, running, [started(running, two), *words(["so", " far"])])
    before = [store.records(one), store.records(two)]
    db = sqlite3.connect(path)
    with db:
        for table in ("calls", "tool_calls", "turns"):
            db.execute(f"DELETE FROM {table}")
    db.close()
    assert store.turns(one) == []
    assert store.rebuild() == 4
    assert [store.records(one), store.records(two)] == before
    assert [hit.turn for hit in store.search("prompt 3")] == [turn_id(3)]


def test_columns_of_the_projections_are_the_fields_of_the_records(store: Store, path: Path) -> None:
    for cls, table in TABLES.items():
        columns = [row[0] for row in rows(path, f"SELECT name FROM pragma_table_info('{table}')")]
        assert [name for name in columns if name != "id"] == [item.name for item in fields(cls)]
        assert FIELDS[cls] == tuple(item.name for item in fields(cls))


# The file explains itself


def test_every_view_answers(store: Store, path: Path) -> None:
    session = store.create_session()
    add_turn(store, session, 1, joules=2.0, source="measured")
    add_turn(store, session, 2, joules=6.0, source="modelled", status="failed")
    add_turn(store, session, 3, joules=4.0, source="measured")
    deleted = store.create_session()
    add_turn(store, deleted, 4)
    store.delete(deleted)
    views = [row[0] for row in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'view'")]
    found = {view: rows(path, f"SELECT * FROM {view}") for view in views}
    energies = rows(path, "SELECT energy_source, turns, ok, mean_joules FROM cost_by_paradigm")
    assert energies == [("measured", 2, 2, 3.0), ("modelled", 1, 0, 6.0)]
    assert rows(path, "SELECT tokens, share FROM tokens_by_purpose WHERE purpose = 'answer'") == [(6, 1.0)]
    assert rows(path, "SELECT agent, turns, calls FROM cost_by_agent") == [("assistant", 3, 3)]
    assert rows(path, "SELECT turn FROM turns_not_ok") == [(turn_id(2),)]
    assert len(found["slowest_turns"]) == 3
    assert found["choices_by_agent"] == []
    assert found["tool_use"] == []


def test_cold_turns_have_costs_of_their_own(store: Store, path: Path) -> None:
    session = store.create_session()
    for number, cold in enumerate((False, True, True), 1):
        turn = turn_id(number)
        first, *rest = whole_turn(turn, session)
        store.append(session, turn, [replace(first, cold=cold), *rest])
    assert rows(path, "SELECT cold, turns FROM cost_by_paradigm") == [(0, 1), (1, 2)]


def test_choices_are_counted_for_each_agent(store: Store, path: Path) -> None:
    session = store.create_session()
    for number, probability in enumerate((0.5, 1.0, None), 1):
        turn = turn_id(number)
        events = whole_turn(turn, session)
        if probability is not None:
            chances = (NamedChance("units", probability), NamedChance("dates", 1 - probability))
            events[-2] = replace(events[-2], choices=chances)
        store.append(session, turn, events)
    assert rows(path, "SELECT * FROM choices_by_agent") == [("base", "assistant", "units", 2, 0.75, 0.5)]
