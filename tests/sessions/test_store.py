import sqlite3
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import Event, TextDelta, ToolStarted, TurnFinished
from agents.message import Message
from sessions.errors import (
    AmbiguousSessionError,
    AmbiguousTurnError,
    UnknownSessionError,
    UnknownTurnError,
    UnreadableEventError,
)
from sessions.ledger import ledger
from sessions.projections import FIELDS, TABLES, Record
from sessions.store import Store
from sessions.text import storable
from tests.sessions.conftest import Now, Opener
from tests.sessions.scripted import call_finished, started, turn_id, whole_turn, words
from tests.strategies import HOSTILE_TEXTS, turns


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


# Appending and reading back


@given(events=turns(texts=HOSTILE_TEXTS), data=st.data())
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


@given(events=turns(texts=HOSTILE_TEXTS))
def test_projections_are_what_the_ledger_says(events: list[Event]) -> None:
    with in_memory() as store:
        session = store.create_session()
        store.append(session, "T", events)
        expected = ledger(events)
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
    expected = ledger(whole_turn(turn, session, joules=4.0, source="measured"))
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
        replace(call_finished(1), decode_s=nan, ttft_s=float("inf")),
        ToolStarted(1.0, "k", "a", "calculator", {"x": nan}),
    ]
    store.append(session, turn, [started(turn, session), *odd, TurnFinished(1.0, "ok", "null")])
    assert repr(store.events(turn)[1:4]) == repr(odd)
    assert store.turn(turn).status == "ok"
    call = store.calls(turn)[1]
    assert (call.decode_s, call.ttft_s) == (0.0, None)


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


# Sessions


def test_a_session_is_called_by_its_first_prompt(store: Store) -> None:
    session = store.create_session()
    assert store.session(session).title == ""
    add_turn(store, session, 1, prompt="\n  What is\t347 * 29?\x1b[31m  \nand why")
    add_turn(store, session, 2, prompt="Another")
    assert store.session(session).title == "What is 347 * 29?[31m"


def test_a_long_title_is_cut_at_a_word(store: Store) -> None:
    session = store.create_session()
    add_turn(store, session, 1, prompt="word " * 40)
    title = store.session(session).title
    assert len(title) <= 60
    assert title.endswith("word…")


def test_a_title_of_the_user_stays_until_it_is_given_up(store: Store) -> None:
    session = store.create_session("Mine")
    add_turn(store, session, 1, prompt="first prompt")
    assert store.session(session).title == "Mine"
    store.rename(session, "Two\nlines")
    assert store.session(session).title == "Two"
    add_turn(store, session, 2)
    assert store.session(session).title == "Two"
    store.rename(session, "  ")
    assert store.session(session).title == "first prompt"


def test_sessions_are_listed_the_latest_first_without_the_empty(store: Store) -> None:
    one, empty, two = store.create_session(), store.create_session(), store.create_session()
    add_turn(store, one, 1, paradigm="base")
    add_turn(store, two, 2)
    add_turn(store, one, 3, paradigm="multi", prompt="latest")
    listed = store.sessions()
    assert [each.id for each in listed] == [one, two]
    assert [each.id for each in store.sessions(limit=1)] == [one]
    assert {each.id for each in store.sessions(include_empty=True)} == {one, two, empty}
    first = listed[0]
    assert (first.turns, set(first.paradigms), first.models) == (2, {"base", "multi"}, ("tiny",))
    assert (first.output_tokens, first.last_prompt) == (4, "latest")
    assert first.created_at < first.updated_at


def test_energy_of_two_sources_is_no_one_figure(store: Store) -> None:
    session = store.create_session()
    assert store.session(session).energy_source == "none"
    add_turn(store, session, 1, joules=4.0, source="measured")
    add_turn(store, session, 2)
    add_turn(store, session, 3, joules=2.0, source="measured")
    assert (store.session(session).joules, store.session(session).energy_source) == (6.0, "measured")
    add_turn(store, session, 4, joules=1.0, source="modelled")
    assert (store.session(session).joules, store.session(session).energy_source) == (None, "mixed")


def test_deleting_undeleting_and_purging(store: Store) -> None:
    session = store.create_session()
    turn = add_turn(store, session, 1, prompt="a secret")
    assert store.delete(session[:20]) == session
    assert store.sessions() == []
    assert store.search("secret") == []
    with pytest.raises(UnknownSessionError):
        store.session(session)
    with pytest.raises(UnknownTurnError):
        store.turn(turn)
    assert store.undelete(session) == session
    assert store.turn(turn).prompt == "a secret"
    store.delete(session)
    assert store.purge(session) == session
    with pytest.raises(UnknownSessionError):
        store.undelete(session)


def test_purging_leaves_no_word_in_the_file(open_store: Opener, path: Path) -> None:
    store = open_store()
    session, other = store.create_session(), store.create_session()
    add_turn(store, session, 1, prompt="xylophone", answer=("quagmire",))
    add_turn(store, other, 2, prompt="harmless")
    store.purge(session)
    assert [turn.prompt for turn in store.turns(other)] == ["harmless"]
    store.close()
    for table in ("events", "turns", "calls"):
        assert rows(path, f"SELECT count(*) FROM {table} WHERE turn = '{turn_id(1)}'") == [(0,)]
    kept = path.read_bytes()
    assert b"harmless" in kept
    assert b"xylophone" not in kept
    assert b"quagmire" not in kept


def test_references(store: Store) -> None:
    with pytest.raises(UnknownSessionError, match="no session yet"):
        store.session("last")
    one, two = store.create_session(), store.create_session()
    add_turn(store, one, 1)
    assert store.session("last").id == one  # the other one is empty
    assert store.session(one.lower()).id == one
    assert store.session(two[-12:]).id == two
    assert store.session(one[:-1]).id == one or one[:-1] == two[:-1]
    with pytest.raises(AmbiguousSessionError, match=two):
        store.session("01")
    for wrong in ("", "%", "_", "no such", "\ud800", "ZZZZZZ", "' OR 1=1 --"):
        with pytest.raises(UnknownSessionError):
            store.session(wrong)


def test_references_to_turns(store: Store) -> None:
    session = store.create_session()
    with pytest.raises(UnknownTurnError):
        store.turn("last")
    for number in (1, 2):
        add_turn(store, session, number)
    assert store.turn("last").turn == turn_id(2)
    assert store.turn("0001").turn == turn_id(1)
    assert store.events("0001")[0] == started(turn_id(1), session)
    with pytest.raises(AmbiguousTurnError):
        store.calls("01turn")
    with pytest.raises(UnknownTurnError):
        store.tool_calls("nothing")


# History and search


def test_history_is_what_was_said(store: Store) -> None:
    session = store.create_session()
    add_turn(store, session, 1, prompt="p1", answer=("a1",))
    add_turn(store, session, 2, prompt="p2", answer=("half an ans",), status="cancelled")
    add_turn(store, session, 3, prompt="p3", answer=(), status="failed")
    add_turn(store, session, 4, prompt="p4", answer=("",), status="cancelled")
    add_turn(store, session, 5, prompt="p5", answer=("a5",))
    assert store.history(session) == (
        Message("user", "p1", "history", 1),
        Message("assistant", "a1", "history", 1),
        Message("user", "p2", "history", 2),
        Message("assistant", "half an ans", "history", 2),
        Message("user", "p5", "history", 3),
        Message("assistant", "a5", "history", 3),
    )


def test_search_finds_prompts_and_answers(store: Store) -> None:
    session = store.create_session("Trip")
    add_turn(store, session, 1, prompt="How far is Zürich from Basel?", answer=("About 74 km",))
    add_turn(store, session, 2, prompt="And Bern?")
    (hit,) = store.search("zurich")
    assert (hit.turn, hit.session, hit.title, hit.status) == (turn_id(1), session, "Trip", "ok")
    assert [hit.snippet[start:end] for start, end in hit.highlights] == ["Zürich"]
    assert store.search("Zu\u0308rich") == [hit]
    assert [found.turn for found in store.search("74 basel")] == [turn_id(1)]
    assert [found.turn for found in store.search("ber")] == [turn_id(2)]  # the last word may be unfinished
    assert store.search("basel bern") == []
    assert len(store.search("there", limit=1)) == 1


@given(
    text=st.text(max_size=20)
    | HOSTILE_TEXTS
    | st.sampled_from(['"', "a OR", "NEAR(", "a*b", "col:x", "-", "^a"])
)
def test_no_search_text_is_a_syntax_error(searched: Store, text: str) -> None:
    assert isinstance(searched.search(text), list)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("searched") / "s.db"
    store = Store.open(path, owner="me", alive=lambda owner: True, now=Now())
    add_turn(store, store.create_session(), 1, prompt="a OR b")
    return store


def test_a_snippet_carries_no_control_characters_and_no_forged_highlight(store: Store) -> None:
    session = store.create_session()
    add_turn(store, session, 1, prompt="\x1b[31mred\x02 needle\x03 \u202e[bold]\nnext")
    (hit,) = store.search("needle")
    assert "[31mred needle [bold] next" in hit.snippet
    assert hit.snippet.isprintable()


def test_a_running_prompt_is_found(store: Store) -> None:
    session = store.create_session()
    store.append(session, turn_id(1), [started(turn_id(1), session, "still thinking")])
    assert [hit.status for hit in store.search("thinking")] == [None]


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
    assert found["tool_use"] == []
