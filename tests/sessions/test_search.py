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
