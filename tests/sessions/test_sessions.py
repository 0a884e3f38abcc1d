from pathlib import Path

import pytest

from agents.message import Message
from sessions.errors import AmbiguousSessionError, AmbiguousTurnError, UnknownSessionError, UnknownTurnError
from sessions.store import Store
from tests.sessions.conftest import Now, Opener
from tests.sessions.scripted import started, turn_id
from tests.sessions.shortcuts import add_turn, rows


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


def test_what_else_is_kept_of_a_session_goes_with_it(tmp_path: Path) -> None:
    gone: list[str] = []
    with Store.open(
        tmp_path / "s.db", owner="me", alive=lambda _: True, now=Now(), gone=gone.append
    ) as store:
        first, second = store.create_session(), store.create_session()
        store.delete(first)
        store.purge(second)
    assert gone == [first, second]
