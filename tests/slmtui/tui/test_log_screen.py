"""The engine's log in the app: its end, followed, filtered, and never drawn raw."""

from pathlib import Path

from textual.pilot import Pilot

from sessions.store import Store
from slmtui.engine_told import EngineTold
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.log import LogScreen
from tests.slmtui.tui.driving import NARROW, drawn, make_app, ready, send, until


def screen_of(app: SlmApp) -> LogScreen:
    assert isinstance(app.screen, LogScreen)
    return app.screen


async def opened(pilot: Pilot[int], app: SlmApp) -> LogScreen:
    await ready(pilot)
    await pilot.press("ctrl+l")
    await until(pilot, lambda: isinstance(app.screen, LogScreen) and bool(screen_of(app).status.content))
    return screen_of(app)


async def test_the_log_opens_at_its_end_and_follows(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    log.write_text("".join(f"line {n}\n" for n in range(100)), encoding="utf-8")
    app = make_app(store, engine_log=log)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, app)
        await until(pilot, lambda: "line 99" in drawn(screen))
        assert "100 of 100 lines" in drawn(screen)
        assert str(log)[:20] in drawn(screen)
        with log.open("a", encoding="utf-8") as file:
            file.write("another line\n")
        await screen._read()
        await until(pilot, lambda: "another line" in drawn(screen))
        await pilot.press("home")
        await until(pilot, lambda: "line 0" in drawn(screen) and "‖ standing still" in drawn(screen))
        with log.open("a", encoding="utf-8") as file:
            file.write("one more\n")
        await screen._read()
        await pilot.pause()
        assert "line 0" in drawn(screen)
        await pilot.press("f")
        await until(pilot, lambda: "one more" in drawn(screen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_reading_further_up_stops_the_following(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    log.write_text("".join(f"line {n}\n" for n in range(100)), encoding="utf-8")
    app = make_app(store, engine_log=log)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, app)
        await until(pilot, lambda: "line 99" in drawn(screen))
        await pilot.press("pageup")
        await until(pilot, lambda: "line 99" not in drawn(screen))
        with log.open("a", encoding="utf-8") as file:
            file.write("one more\n")
        await screen._read()
        await pilot.pause()
        assert not screen.following
        assert "one more" not in drawn(screen)


async def test_the_lines_that_hold_a_text_are_shown_and_esc_takes_it_away(
    store: Store, tmp_path: Path
) -> None:
    log = tmp_path / "engine.log"
    log.write_text("load: model\nwarning: slow\nload: context\n", encoding="utf-8")
    app = make_app(store, engine_log=log)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("slash", *"WARN", "home", "end")
        await until(pilot, lambda: "1 of 3 lines" in drawn(screen))
        assert "load: model" not in drawn(screen)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: "3 of 3 lines" in drawn(screen))
        assert "load: context" in drawn(screen)
        assert app.screen is screen


async def test_a_hostile_log_is_drawn_plain(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    log.write_bytes(b"\x1b[31m[red]red[/red] [/]\x1b]2;owned\x07 \xff\xfe \xe2\x80\xaefdp.exe\n")
    app = make_app(store, engine_log=log)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, app)
        await until(pilot, lambda: "[red]red[/red] [/]" in drawn(screen))
        assert "\x1b" not in drawn(screen)
        assert "\u202e" not in drawn(screen)


async def test_the_log_of_another_window_s_engine_is_named_as_such(store: Store, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.log"
    theirs.write_text("their engine\n", encoding="utf-8")
    told = EngineTold(theirs, shared=True, others=True)
    app = make_app(store, engine_log=tmp_path / "ours.log", engine_told=lambda: told)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, app)
        await until(pilot, lambda: "their engine" in drawn(screen))
        assert "of another window" in drawn(screen)


async def test_where_there_is_no_log_it_is_said(store: Store, tmp_path: Path) -> None:
    app = make_app(store, engine_log=tmp_path / "none.log")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/log")
        await until(pilot, lambda: "There is no log yet" in drawn(app.screen))
