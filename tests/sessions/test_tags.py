import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.message import Sampling
from sessions.errors import EmptyTagError, UnknownSessionError
from sessions.store import Store
from sessions.tags import TAG_LENGTH, tag_of
from tests.sessions.shortcuts import add_turn


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Three sessions of a turn each, in order of time."""
    found = []
    for number, prompt in enumerate(("red fox", "red hen", "grey fox"), 1):
        found.append(store.create_session())
        add_turn(store, found[-1], number, prompt=prompt)
    return found


def test_tags_are_put_on_counted_and_taken_off(store: Store, ids: list[str]) -> None:
    assert store.tag(ids[0], "#Animals") == "animals"
    assert store.tag(ids[0], "animals") == "animals"
    store.tag(ids[1], "animals")
    store.tag(ids[1], "two words")
    assert store.tags() == {"animals": 2, "two-words": 1}
    assert store.session(ids[1]).tags == ("animals", "two-words")
    assert [each.tags for each in store.sessions()] == [(), ("animals", "two-words"), ("animals",)]
    assert store.untag(ids[1], "ANIMALS")
    assert not store.untag(ids[1], "animals")
    assert store.tags() == {"animals": 1, "two-words": 1}


@pytest.mark.parametrize("text", ["", "  ", "#", "!?", "\x1b", "--"])
def test_what_has_no_letter_is_no_tag(store: Store, ids: list[str], text: str) -> None:
    with pytest.raises(EmptyTagError, match="no tag"):
        store.tag(ids[0], text)
    assert store.tags() == {}


@pytest.mark.parametrize("word", ["हिन्दी", "ไทยที่", "العَرَبية", "żółw", "c++", "a/b_c.d-e"])
def test_words_of_every_script_are_tags_as_they_are_written(store: Store, ids: list[str], word: str) -> None:
    assert store.tag(ids[0], word) == word
    assert [hit.session for hit in store.search(f"tag:{word}")] == [ids[0]]


def test_an_emoji_leaves_nothing_behind(store: Store, ids: list[str]) -> None:
    assert store.tag(ids[0], "\U0001f3f7\ufe0fwork") == store.tag(ids[0], "work\u2764\ufe0f") == "work"


def test_a_search_for_what_is_no_tag_asks_for_none(store: Store, ids: list[str]) -> None:
    none = f"tag:{'.' * TAG_LENGTH}a"  # all that would be kept of it are dots
    assert store.search(none) == []
    assert [hit.session for hit in store.search(f"hen {none}")] == [ids[1]]


@given(st.text())
def test_a_tag_is_one_short_word_and_stays_what_it_is(text: str) -> None:
    try:
        tag = tag_of(text)
    except EmptyTagError:
        assert not any(each.isalnum() for each in text[:TAG_LENGTH]) or len(text) > TAG_LENGTH
        return
    assert tag == tag_of(tag)
    assert len(tag) <= TAG_LENGTH
    assert tag.isprintable()
    assert len(tag.split()) == 1


def test_sessions_are_listed_by_their_tags(store: Store, ids: list[str]) -> None:
    for session in ids[:2]:
        store.tag(session, "red")
    store.tag(ids[0], "fox")
    assert [each.id for each in store.sessions(tags=["Red"])] == [ids[1], ids[0]]
    assert [each.id for each in store.sessions(tags=["red", "fox"])] == [ids[0]]
    assert store.sessions(tags=["hen"]) == []
    assert [each.id for each in store.sessions(1, tags=["red"])] == [ids[1]]


def test_a_search_may_ask_for_tags(store: Store, ids: list[str]) -> None:
    store.tag(ids[0], "keep")
    store.tag(ids[1], "keep")
    assert [hit.session for hit in store.search("tag:keep")] == [ids[1], ids[0]]
    assert [hit.session for hit in store.search("fox tag:keep")] == [ids[0]]
    assert [hit.session for hit in store.search("fox")] == [ids[2], ids[0]]
    assert store.search("tag:keep tag:other") == []
    assert store.search("tag:") == []
    assert store.search("grey tag:keep") == []
    assert store.search("tag:keep", limit=1)[0].snippet == "red hen"


def test_a_deleted_sessions_tags_are_counted_no_more_and_purged_with_it(store: Store, ids: list[str]) -> None:
    store.tag(ids[0], "keep")
    store.delete(ids[0])
    assert store.tags() == {}
    assert store.search("tag:keep") == []
    store.undelete(ids[0])
    assert store.tags() == {"keep": 1}
    store.purge(ids[0])
    assert store.tags() == {}


def test_a_session_keeps_its_own_system_prompt_and_sampling(store: Store, ids: list[str]) -> None:
    assert (store.session(ids[0]).system, store.session(ids[0]).sampling) == (None, None)
    assert store.system(ids[0]) == ""
    own = Sampling(temperature=0.25, seed=7)
    store.keep_chat_settings(ids[0], system="Speak \ud800 Dutch.", sampling=own)
    assert store.session(ids[0]).system == store.system(ids[0]) == "Speak \ufffd Dutch."
    assert store.session(ids[0]).sampling == own
    store.keep_chat_settings(ids[0], system=None, sampling=None)
    assert (store.session(ids[0]).system, store.session(ids[0]).sampling) == (None, None)
    with pytest.raises(UnknownSessionError):
        store.keep_chat_settings("nobody", system="", sampling=None)
