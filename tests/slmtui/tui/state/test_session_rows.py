import pytest

from sessions.listing import SessionSummary
from sessions.search import SearchHit
from sessions.store import Store
from slmtui.tui.state.session_list import FoundSessions
from slmtui.tui.state.session_rows import (
    UNTITLED,
    hit_rows,
    local_time,
    read_search,
    session_rows,
    tags_typed,
)
from tests.slmtui.tui.driving import keep_turns

SUMMARY = SessionSummary(
    "01A", "Invoices of March", "2026-01-02T03:04:05+00:00", "2026-01-02T03:09:05+00:00", 2,
    ("base", "single"), ("tiny",), 1234, 8.0, "modelled", "What is the total?", tags=("march", "sums"),
)  # fmt: skip


def test_a_row_tells_model_paradigms_turns_tokens_energy_and_tags() -> None:
    (row,) = session_rows([SUMMARY], read_search(""))
    assert row.title == "Invoices of March"
    assert row.facts == "tiny · Base, Agent · 2 turns · ↓1 234 tok · ~8.00 J"
    assert row.tags == "#march #sums"
    assert row.chat


def test_what_is_no_chat_says_so_and_is_only_replayed() -> None:
    (row,) = session_rows([SUMMARY._replace(kind="bench")], read_search(""))
    assert row.facts.startswith("of a run · tiny")
    assert not row.chat


def test_every_word_must_be_in_the_title_or_the_last_prompt() -> None:
    assert session_rows([SUMMARY], read_search("march TOTAL"))
    assert not session_rows([SUMMARY], read_search("april"))


@pytest.mark.parametrize("line", ["tag:march", "#MARCH #su", "tag:sum total"])
def test_tags_are_found_by_their_beginning(line: str) -> None:
    assert session_rows([SUMMARY], read_search(line))


@pytest.mark.parametrize("line", ["tag:april", "#march #april", "#march weather"])
def test_every_tag_must_be_there(line: str) -> None:
    assert not session_rows([SUMMARY], read_search(line))


def test_a_mark_without_a_word_searches_for_nothing() -> None:
    assert read_search("tag: # two") == read_search("two")


def test_tags_are_typed_with_or_without_their_mark() -> None:
    assert tags_typed(" #one, two  two ") == ("one", "two")


def test_marks_stay_on_their_words_when_hidden_characters_go() -> None:
    hit = SearchHit("01A", "t", "", "base", "?", "ok", "a\u202eb word c", ((4, 8),))
    (row,) = hit_rows([hit])
    start, end = row.marked[0]
    assert row.facts == "ab word c"
    assert row.facts[start:end] == "word"
    assert row.title == UNTITLED


def test_a_time_that_is_none_stays_as_it_is() -> None:
    assert local_time("yesterday\x1b") == "yesterday"


def test_a_tag_narrows_what_full_text_search_finds_too(store: Store) -> None:
    first, _ = keep_turns(store, "base", prompt="one"), keep_turns(store, "base", prompt="two")
    store.tag(first, "kept")
    found = FoundSessions()
    found.read(store)
    found.search(store, "memory")
    assert len(found.by_text) == 2
    found.search(store, "memory tag:kept")
    assert [row.session for row in found.by_text] == [first]
    assert found.tally == "0 of 2 by title · 1 turn by text"
    found.search(store, "#kept")
    assert found.tally == "1 of 2 by tag"


def test_every_kind_is_listed_when_it_is_asked_for(store: Store) -> None:
    keep_turns(store, "base")
    keep_turns(store, "base", session=store.create_session("arm", "bench"))
    found = FoundSessions()
    found.read(store)
    found.search(store, "")
    assert (len(found.rows), found.tally) == (1, "1 session")
    found.every_kind = True
    found.read(store)
    found.search(store, "")
    assert (len(found.rows), found.tally) == (2, "2 sessions of every kind")
