from dataclasses import replace

import pytest

from sessions.comparing.money import Money
from sessions.money import Prices
from sessions.run_records import ArmRecord, AttemptRecord, ItemRecord, RunRecord
from slmtui.tui.state.chapter_text import EMPTY, chapter_text
from slmtui.tui.state.chapters import UNSCORED, Chapter, arms, costs, doubts, pairs, verdict
from slmtui.tui.state.item_rows import attempt_facts, attempt_word, items_of, matching
from slmtui.tui.state.run_rows import run_rows
from tests.sessions.comparisons import comparison, items

ARMS = (ArmRecord("base", "base"), ArmRecord("single", "single"))
RUN = RunRecord("01R", "", "2026-01-02T03:04:05+00:00", "slmtui bench", {}, ARMS, (), items=4, begun=2)
NO_MONEY = Money(Prices(), ())


def attempts(*states: str) -> list[AttemptRecord]:
    return [
        AttemptRecord("r", arm, f"mine/{number * 2}", 1, "s", f"t{arm}{number}", state)  # type: ignore[arg-type]
        for number, pair in enumerate(states)
        for arm, state in zip(("single", "base"), pair.split(), strict=True)
    ]


def test_a_run_tells_how_far_it_is() -> None:
    ended = "2026-01-02T04:00:00+00:00"
    runs = [(RUN, 3), (replace(RUN, ended_at=ended), 4), (replace(RUN, ended_at=ended, stopped="by you"), 1)]
    rows = run_rows(runs, "")
    assert [row.facts.rsplit(" · ")[-1] for row in rows] == [
        "… not ended: 5 attempts left to make", "✓ ended", "■ stopped: by you"
    ]  # fmt: skip
    assert run_rows(runs, "STOPPED you") == rows[2:]


def test_a_run_by_hand_counts_what_is_judged() -> None:
    (row,) = run_rows([(replace(RUN, plan={"kind": "by hand"}, title="Mine\x1b"), 1)], "")
    assert (row.title, row.facts) == ("Mine", "base, single · 4 prompts · 1 of 2 judged · ✎ by hand")


def test_items_have_their_attempts_in_the_order_of_the_arms() -> None:
    found = items_of(items(3), attempts("right wrong", "wrong right"), ["base", "single"])
    assert [item.states for item in found] == [
        "base ✗ wrong · single ✓ right", "", "base ✓ right · single ✗ wrong"
    ]  # fmt: skip
    assert found[0].expected == "3.2187 (number)"


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [0, 1, 2]),
        ("base:right", [2]),
        ("-base:right", [0, 1]),
        ("single:right -base:right", [0]),
        ("(1)", [1]),
        ("yours UNITS", []),
        ("-", [0, 1, 2]),
    ],
)
def test_items_are_narrowed_by_words_and_by_what_arms_made_of_them(query: str, places: list[int]) -> None:
    found = items_of(items(3), attempts("right wrong", "wrong right"), ["base", "single"])
    assert matching(found, query) == places


def test_an_attempt_tells_how_it_was_read_and_why_it_is_not_right() -> None:
    attempt = AttemptRecord("r", "base", "i", 1, "s", "t", "wrong", False, True, None, "3\x07", "no tool")
    assert attempt_facts(attempt) == ["right by the flexible reading", "read as 3", "no tool"]
    assert attempt_word(replace(attempt, state=None, preferred=True)) == "· unscored ★ preferred"


def test_text_of_items_is_drawn_without_what_a_terminal_obeys() -> None:
    (item,) = items_of([ItemRecord("i", "d", "a\x1b[2J\u202eb", '{"value": "\x9b"}')], (), ())
    assert item.line == "a[2Jb"
    assert "\x9b" not in item.expected


def test_the_chapters_of_a_scored_comparison_say_what_the_command_says() -> None:
    found = comparison()
    text = chapter_text(verdict(found), 100).plain
    assert "• base and single: 10 items are not enough to tell." in text
    assert "2 things to know before believing it" in text
    assert "Where an arm fell behind\n• base is right and single is not: 1 of 10" in chapter_text(
        pairs(found), 100
    ).plain  # fmt: skip
    assert "PASS@K" in chapter_text(arms(found), 100).plain
    assert "A RIGHT ANSWER" in chapter_text(costs(found, NO_MONEY), 100).plain
    assert "Attempts without a score: 2." in chapter_text(doubts(found), 100).plain


def test_without_scores_there_is_cost_alone() -> None:
    found = comparison(scored=False)
    assert UNSCORED in chapter_text(verdict(found), 80).plain
    assert "RIGHT (95 %)" not in chapter_text(arms(found), 80).plain
    assert "A RIGHT ANSWER" not in chapter_text(costs(found, NO_MONEY), 80).plain


@pytest.mark.parametrize("width", [40, 76, 116])
def test_no_table_is_wider_than_the_room(width: int) -> None:
    found = comparison()
    for chapter in (arms(found), pairs(found), costs(found, NO_MONEY)):
        only_tables = Chapter((), tuple(replace(each, title="") for each in chapter.tables))
        assert max(map(len, chapter_text(only_tables, width).plain.splitlines())) <= max(width, 60)


def test_an_empty_chapter_says_so() -> None:
    assert chapter_text(Chapter(), 80).plain == EMPTY
