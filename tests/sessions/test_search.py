from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.store import Store
from tests.sessions.conftest import Now
from tests.sessions.scripted import started, turn_id
from tests.sessions.shortcuts import add_turn
from tests.strategies import HOSTILE_TEXTS


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


def test_the_latest_come_first_and_an_unfinished_word_fills_up(store: Store) -> None:
    session = store.create_session()
    for number, prompt in enumerate(("a cat", "the category", "that cat", "some catalogue"), 1):
        add_turn(store, session, number, prompt=prompt)
    assert [hit.turn for hit in store.search("cat")] == [turn_id(number) for number in (4, 3, 2, 1)]
    # As many as are wanted hold the word as it stands: words that begin like it are not looked for.
    assert [hit.turn for hit in store.search("cat", limit=2)] == [turn_id(3), turn_id(1)]


def test_turns_of_runs_leave_their_places_to_those_of_chats(store: Store) -> None:
    chat, run = store.create_session(), store.create_session(kind="bench")
    add_turn(store, chat, 1, prompt="the category")
    add_turn(store, run, 2, prompt="the cat")
    assert [hit.turn for hit in store.search("cat", limit=1)] == [turn_id(1)]
    assert [hit.turn for hit in store.search("cat", limit=1, every_kind=True)] == [turn_id(2)]


@given(
    text=st.text(max_size=20)
    | HOSTILE_TEXTS
    | st.sampled_from(['"', "a OR", "NEAR(", "a*b", "col:x", "-", "^a"])
)
def test_no_search_text_is_a_syntax_error(searched: Store, text: str) -> None:
    assert isinstance(searched.search(text), list)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("searched") / "s.db"
    with Store.open(path, owner="me", alive=lambda owner: True, now=Now()) as store:
        add_turn(store, store.create_session(), 1, prompt="a OR b")
        yield store


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
