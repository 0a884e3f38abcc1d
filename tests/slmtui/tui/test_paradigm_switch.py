"""Choosing the paradigm: round the main three, from the menu, by name, and by a click on the border."""

from textual.widgets import OptionList

from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.paradigm_menu import ParadigmMenu
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


async def test_the_paradigm_goes_round_and_the_turn_runs_under_it(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert "[Base] Agent  Multi" in drawn(app.screen)
        for paradigm in ("base", "single", "multi"):
            await ask(pilot, f"under {paradigm}")
            await pilot.press("shift+tab")
        assert "[Base] Agent  Multi" in drawn(app.screen)
    assert [request.paradigm for request in backend.requests] == ["base", "single", "multi"]


async def test_the_menu_and_the_slash_command_choose_a_paradigm_too(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, ParadigmMenu))
        assert app.screen.query_one(OptionList).highlighted == 0
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.chat.chat.paradigm == "single")
        await send(pilot, "/paradigm multi")
        await until(pilot, lambda: app.chat.chat.paradigm == "multi")
        await send(pilot, "/paradigm Vote")
        await until(pilot, lambda: "[Vote]" in drawn(app.screen))
        await pilot.press("shift+tab")
        await until(pilot, lambda: app.chat.chat.paradigm == "base")
        assert "Vote" not in drawn(app.screen)
        await send(pilot, "/paradigm")
        await until(pilot, lambda: isinstance(app.screen, ParadigmMenu))
        await until(pilot, lambda: "Controls" in drawn(app.screen))
        await pilot.press("escape")
        await send(pilot, "/paradigm multi")
        await until(pilot, lambda: app.chat.chat.paradigm == "multi")
        await send(pilot, "/paradigm oracle")
        await until(pilot, lambda: "no paradigm named oracle" in note(app))
        await send(pilot, "/paradigm many")
        await until(pilot, lambda: "no paradigm named many" in note(app))
        assert app.chat.chat.paradigm == "multi"
