"""What can be done with the mouse alone, and what is left on screens of every size, in mid-answer too."""

from pathlib import Path

import pytest
from textual.widgets import OptionList
from textual.widgets._footer import FooterKey

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.screens.help import HelpScreen
from slmtui.tui.screens.sessions import SessionsScreen
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.new_chip import NewChip
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.turn_block import TurnBlock
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.everywhere import full_app, go_to
from tests.slmtui.tui.scripted import Script, ScriptedBackend

LINES = 60


def long_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    text = "\n\n".join(f"Line {number} of many." for number in range(LINES))
    return Script(request, turn).call("base", [("answer", text)]).meter().end()


async def test_the_footer_is_clicked_on_every_screen(store: Store, tmp_path: Path) -> None:
    app = full_app(store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        for scope in ("sessions", "models", "settings", "runs", "log", "details", "replay", "compare"):
            await go_to(pilot, scope)  # type: ignore[arg-type]
            await until(pilot, lambda: bool(app.screen.query(FooterKey)))
            ways = {key.key: key for key in app.screen.query(FooterKey)}
            assert {"escape", "f1"} <= ways.keys(), scope
            await pilot.click(ways["f1"])
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            await until(pilot, lambda: "escape" in {key.key for key in app.screen.query(FooterKey)})
            (back,) = [key for key in app.screen.query(FooterKey) if key.key == "escape"]
            await pilot.click(back)
            await until(pilot, lambda: not isinstance(app.screen, HelpScreen))
            await until(pilot, lambda: "escape" in {key.key for key in app.screen.query(FooterKey)})
            (back,) = [key for key in app.screen.query(FooterKey) if key.key == "escape"]
            await pilot.click(back)
            await until(pilot, lambda: app.screen is app.chat)


async def test_a_session_is_opened_and_a_step_unfolded_by_clicks(store: Store) -> None:
    keep_turns(store, "single")
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        (key,) = [each for each in app.chat.query(FooterKey) if each.key == "ctrl+r"]
        await pilot.click(key)
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen))
        rows = app.screen.query_one(OptionList)
        await until(pilot, lambda: rows.option_count > 0 and rows.region.height > 0)
        await pilot.click(rows, offset=(4, 0))
        await until(pilot, lambda: app.screen is app.chat and bool(app.chat.chat.records))
        await ask(pilot, "again")
        await pilot.press("shift+tab")
        await ask(pilot, "with tools")
        await until(pilot, lambda: bool(app.chat.query(FoldLine)))
        fold = app.chat.query(FoldLine).last()
        await pilot.click(fold)
        await until(pilot, lambda: fold.has_class("-open"))
        await pilot.click(fold, offset=(4, 0))
        await until(pilot, lambda: not fold.has_class("-open"))


async def test_the_chip_is_clicked_to_follow_again(store: Store) -> None:
    backend = ScriptedBackend(long_turn, hold=200)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: "Line 48 " in drawn(app.screen))
        await pilot.press("pageup", "pageup")
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        chip = app.chat.query_one(NewChip)
        await until(pilot, lambda: chip.display)
        await pilot.click(chip)
        await until(pilot, lambda: f"Line {LINES - 1} of many." in drawn(app.screen))


async def test_a_turn_is_marked_by_a_click(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base", "single"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await until(pilot, lambda: len(app.chat.pane.transcript.turns.blocks) == 2)
        block = app.chat.pane.transcript.turns.blocks[-1]
        await pilot.click(block, offset=(3, 0))
        await until(pilot, lambda: isinstance(app.chat.focused, TurnBlock))
        await until(pilot, lambda: "y copy" in drawn(app.screen).splitlines()[-1])
        await pilot.click(PromptArea)
        await until(pilot, lambda: app.chat.prompt.has_focus)


async def test_a_screen_resized_in_mid_answer_loses_nothing(store: Store) -> None:
    backend = ScriptedBackend(long_turn, pace=0.002)
    app = make_app(store, backend)
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        sizes = [(200, 50), (80, 24), (40, 12), (120, 36)]
        for number, size in enumerate(sizes * 2):
            await until(pilot, lambda: "Line" in drawn(app.screen))
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: app.chat.size == size)  # type: ignore[misc]
            assert app.chat.prompt.region.height > 0, (number, size)
        await until(pilot, lambda: not app.chat.busy)
        (turn,) = store.turns(app.chat.chat.session or "")
        answer = app.chat.chat.latest
        assert answer is not None
        assert all(f"Line {number} of many." in answer.view.answer for number in range(LINES))
        assert turn.status == "ok"
        await until(pilot, lambda: f"Line {LINES - 1} of many." in drawn(app.screen))
        assert "cost" in drawn(app.screen).lower() or app.chat.panel.display


@pytest.mark.parametrize("size", [(59, 14), (40, 12), (30, 8)])
async def test_on_a_tiny_screen_header_and_panel_go_and_the_rest_is_read(
    store: Store, size: tuple[int, int]
) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        await until(pilot, lambda: app.chat.panel.display)
        assert app.chat.query_one(HeaderLine).display
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: not app.chat.query_one(HeaderLine).display)
        assert not app.chat.panel.display
        text = drawn(app.screen)
        assert "Ask something" in text
        assert "tok/s" in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        await send(pilot, "more")
        await until(pilot, lambda: len(app.chat.chat.records) == 2)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: app.chat.query_one(HeaderLine).display and app.chat.panel.display)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_every_screen_is_drawn_at_every_size(
    store: Store, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = full_app(store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        for scope in (
            "sessions",
            "models",
            "settings",
            "runs",
            "log",
            "details",
            "replay",
            "compare",
            "manual",
        ):
            await go_to(pilot, scope)  # type: ignore[arg-type]
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: app.screen.size == size)
            assert any(line.strip() for line in drawn(app.screen).splitlines()[:-1]), scope
            await pilot.resize_terminal(*WIDE)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.chat)
