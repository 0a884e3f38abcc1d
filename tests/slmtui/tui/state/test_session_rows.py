from sessions.listing import SessionSummary
from sessions.search import SearchHit
from slmtui.tui.state.session_rows import UNTITLED, hit_rows, local_time, session_rows

SUMMARY = SessionSummary(
    "01A", "Invoices of March", "2026-01-02T03:04:05+00:00", "2026-01-02T03:09:05+00:00", 2,
    ("base", "single"), ("tiny",), 1234, 8.0, "modelled", "What is the total?",
)  # fmt: skip


def test_a_row_tells_turns_paradigms_tokens_energy_and_model() -> None:
    (row,) = session_rows([SUMMARY], "")
    assert row.title == "Invoices of March"
    assert row.facts == "2 turns · Base, Agent · ↓1 234 tok · ~8.00 J · tiny"


def test_every_word_must_be_in_the_title_or_the_last_prompt() -> None:
    assert session_rows([SUMMARY], "march TOTAL")
    assert not session_rows([SUMMARY], "april")


def test_marks_stay_on_their_words_when_hidden_characters_go() -> None:
    hit = SearchHit("01A", "t", "", "base", "?", "ok", "a\u202eb word c", ((4, 8),))
    (row,) = hit_rows([hit])
    start, end = row.marked[0]
    assert row.facts == "ab word c"
    assert row.facts[start:end] == "word"
    assert row.title == UNTITLED


def test_a_time_that_is_none_stays_as_it_is() -> None:
    assert local_time("yesterday\x1b") == "yesterday"
