"""Text that is not ours, in every place where the screens of what is stored draw it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.comparison import Comparison
from sessions.listing import SessionSummary
from sessions.records import TurnRecord
from sessions.run_records import ArmRecord, AttemptRecord, ItemRecord, RunRecord
from sessions.store import Store
from slmtui.tui.plain import plain
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.run_item import RunItemScreen
from slmtui.tui.state.chapter_text import chapter_text
from slmtui.tui.state.chapters import doubts, verdict
from slmtui.tui.state.item_rows import attempt_facts, items_of
from slmtui.tui.state.preview import previews
from slmtui.tui.state.run_rows import run_rows
from slmtui.tui.state.session_markdown import session_markdown
from slmtui.tui.state.session_rows import read_search, session_rows
from tests.sessions.comparisons import comparison, keep_run
from tests.slmtui.tui.driving import NARROW, drawn, make_app, ready, until

NASTY = "[b]x[/] [/red] \x1b[2J\x1b]0;t\x07 \u202eback\u200b\x9b9\ud800 日本語 " + "long" * 3_000
TEXT = st.text(st.sampled_from(list("[]/\\ab \x00\x07\x1b\x9b\u202e\u200b\ud800\n\t#-:*«")), max_size=80)


def is_plain(text: str) -> bool:
    return plain(text) == text


@given(TEXT, TEXT)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_nothing_raw_reaches_the_rows(first: str, second: str) -> None:
    summary = SessionSummary(
        "s", first, second, second, 1, (second,), (first,), 1, 1.0, "measured", second, tags=(first,)
    )
    for row in session_rows([summary], read_search("")):
        assert is_plain(row.title + row.when + row.facts + row.tags)
    session_rows([summary], read_search(first))
    run = RunRecord("r", first, second, "", {}, (ArmRecord(second, first),), (), None, second)
    for run_row in run_rows([(run, 0)], ""):
        assert is_plain(run_row.title + run_row.when + run_row.facts)
    attempt = AttemptRecord("r", first, "i", 1, "s", "t", None, False, True, None, first, second)
    (item,) = items_of([ItemRecord("i", second, first, second)], [attempt], [first])
    assert is_plain(item.line + item.states + item.expected + "".join(attempt_facts(attempt)))
    turn = TurnRecord("t", "s", first, second, "", answer=first, reason=second)
    for preview in previews([turn]):
        assert is_plain(preview.prompt + preview.answer + preview.cost)
    assert is_plain(session_markdown(summary, [turn]).partition("\n# ")[2])


@given(TEXT)
def test_nothing_raw_reaches_a_chapter(text: str) -> None:
    found: Comparison = comparison(("base", f"a{text}"))
    for chapter in (verdict(found), doubts(found)):
        assert is_plain(chapter_text(chapter, 60).plain)


async def test_a_run_of_nasty_texts_is_shown_from_end_to_end(store: Store) -> None:
    keep_run(store, 3, arms=("base", "multi"), words=NASTY, title=NASTY)
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "1 run" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "Verdicts" in drawn(app.screen))
        for key in "234567":
            await pilot.press(key)
            await pilot.pause()
        await until(pilot, lambda: "3 of 3 items" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunItemScreen) and "[b]x[/]" in drawn(app.screen))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.player is not None)
        await pilot.press("end")
        await until(pilot, lambda: "■ at the end" in drawn(app.screen))
        assert is_plain(drawn(app.screen))
