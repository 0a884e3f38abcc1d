from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.store import Store
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.run_item import RunItemScreen
from slmtui.tui.screens.run_report import ReportScreen
from slmtui.tui.screens.runs import RunsScreen
from tests.sessions.comparisons import keep_run
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend


async def runs_opened(pilot: Pilot[int]) -> RunsScreen:
    await ready(pilot)
    await pilot.press("f6")
    await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, RunsScreen)
    return screen


async def report_opened(pilot: Pilot[int]) -> ReportScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ReportScreen)
    await until(pilot, lambda: screen.findings is not None)
    return screen


async def test_runs_are_listed_and_one_opens_its_report(store: Store) -> None:
    keep_run(store, 4, title="older")
    keep_run(store, 6, title="[b]newer[/b]")
    app = make_app(store, ScriptedBackend(problem="No model."))
    async with app.run_test(size=NARROW) as pilot:
        screen = await runs_opened(pilot)
        await until(pilot, lambda: "2 runs" in drawn(screen))
        text = drawn(screen)
        assert text.index("[b]newer[/b]") < text.index("older")
        assert "base, single, multi · 6 items · 18 of 18 done · ✓ ended" in text
        await pilot.press("slash", *"older")
        await until(pilot, lambda: "1 of 2 runs" in drawn(screen) and "newer" not in drawn(screen))
        await pilot.press("enter", "enter")
        report = await report_opened(pilot)
        await until(pilot, lambda: "Verdicts" in drawn(report) and "3 arms · 12 attempts" in drawn(report))
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_without_a_run_it_says_how_to_make_one(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await runs_opened(pilot)
        await until(pilot, lambda: "There is no run yet." in drawn(screen))
        assert "slmtui bench" in drawn(screen)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("2", "How attempts ended:"),
        ("3", "What the arms differ in"),
        ("4", "What a right answer costs"),
        ("5", "What the figures themselves show"),
        ("6", "Accuracy in % (O)"),
        ("7", "6 of 6 items"),
    ],
)
async def test_a_digit_shows_a_chapter(store: Store, key: str, said: str) -> None:
    keep_run(store, 6)
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await runs_opened(pilot)
        await pilot.press("enter")
        report = await report_opened(pilot)
        await pilot.press(key)
        await until(pilot, lambda: said in drawn(report))


async def test_a_click_on_a_tab_shows_its_chapter(store: Store) -> None:
    keep_run(store, 6)
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await runs_opened(pilot)
        await pilot.press("enter")
        report = await report_opened(pilot)
        await pilot.click("#items")
        await until(pilot, lambda: "6 of 6 items" in drawn(report))


async def test_items_are_filtered_and_one_is_shown_and_replayed(store: Store) -> None:
    keep_run(store, 6)
    app = make_app(store, ScriptedBackend(problem="No model."))
    async with app.run_test(size=WIDE) as pilot:
        await runs_opened(pilot)
        await pilot.press("enter")
        report = await report_opened(pilot)
        await pilot.press("slash", *"-base:failed")
        await until(pilot, lambda: "of 6 items" in drawn(report) and "6 of 6" not in drawn(report))
        await pilot.press("escape")
        await until(pilot, lambda: "6 of 6 items" in drawn(report))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunItemScreen) and "1 of 6" in drawn(app.screen))
        text = drawn(app.screen)
        assert "expected: 3.2187 (number)" in text
        assert all(f"─ {arm} · " in text for arm in ("base", "single", "multi"))
        await pilot.press("n")
        await until(pilot, lambda: "2 of 6" in drawn(app.screen))
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.player is not None)
        await until(pilot, lambda: "turn 1 of 3 · base " in drawn(app.screen))
        assert "REPLAY" in drawn(app.screen)
        assert "item 2 of 6: yours/1" in drawn(app.screen)
        await pilot.press("n")
        await until(pilot, lambda: "item 3 of 6: mine/2" in drawn(app.screen))
        await pilot.press("N", "N", "N")
        await until(pilot, lambda: "item 1 of 6" in drawn(app.screen) or "first item" in drawn(app.screen))
        assert app.chat.backend.facts is None


async def test_a_report_is_exported_and_nothing_is_overwritten(store: Store, tmp_path: Path) -> None:
    keep_run(store, 4)
    app = make_app(store)
    path = tmp_path / "r.html"
    async with app.run_test(size=WIDE) as pilot:
        await runs_opened(pilot)
        await pilot.press("enter")
        report = await report_opened(pilot)
        for name, said in ((path, "Wrote"), (path, "is there already"), (f"{path}!", "Wrote")):
            report.status.forget()
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, AskText))
            app.screen.query_one("LineInput").value = str(name)  # type: ignore[attr-defined]
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in drawn(report))  # type: ignore[misc]
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


async def test_a_run_that_is_gone_is_told(store: Store) -> None:
    run = keep_run(store, 2)
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await runs_opened(pilot)
        await until(pilot, lambda: "1 run" in drawn(screen))
        store.suites.delete(run.id)
        await pilot.press("enter")
        await until(pilot, lambda: "There is no run" in drawn(app.screen))


async def test_the_turns_of_this_session_are_compared(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base", "single"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/report")
        report = await report_opened(pilot)
        await until(pilot, lambda: "Nothing is scored" in drawn(report))
        await pilot.press("4")
        await until(pilot, lambda: "base and single, mean of an attempt" in drawn(report))
        await pilot.press("7")
        await until(pilot, lambda: "Only a run has charts and items" in drawn(report))


async def test_this_session_is_exported(store: Store, tmp_path: Path) -> None:
    app = make_app(store)
    path = tmp_path / "s.md"
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, f"/export {path}")
        await until(pilot, lambda: "no turn yet" in drawn(app.screen))
        await ask(pilot, "What is a small model?")
        await send(pilot, f"/export {path}")
        await until(pilot, path.exists)
        await send(pilot, f"/export {path}")
        await until(pilot, lambda: "is there already" in drawn(app.screen))
    assert "> What is a small model?" in path.read_text(encoding="utf-8")
