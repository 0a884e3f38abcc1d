"""The cost panel as it is used: its boxes fold, it stands still when told, and its lines do not move."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from agents import events as ev
from agents.budget import Limits
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.engine_told import EngineTold
from slmtui.tui.app import SlmApp
from slmtui.tui.registry.panel import COMMANDS
from slmtui.tui.state.panel_state import BOXES
from slmtui.tui.widgets.cost_panel import CostPanel
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.panel_box import PanelBox
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend, multi_turn


def boxes(app: SlmApp) -> dict[str, PanelBox]:
    return {box.BOX: box for box in app.screen.query(PanelBox)}


def text_of(app: SlmApp, box: str) -> str:
    return str(boxes(app)[box].content)


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


async def in_panel(pilot: Pilot[int]) -> None:
    await pilot.press("f8")
    await until(pilot, lambda: pilot.app.screen.query_one(CostPanel).has_focus)


async def test_digits_fold_the_boxes_while_the_panel_has_the_focus_and_are_typed_otherwise(
    store: Store,
) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is small?")
        await pilot.press("2")
        assert app.chat.prompt.text == "2"
        assert text_of(app, "speed").startswith("▾2 speed ")
        await in_panel(pilot)
        await pilot.press("2")
        assert text_of(app, "speed").startswith("▸2 speed ")
        assert "\n" not in text_of(app, "speed")
        assert "33.3 tok/s" in text_of(app, "speed")
        assert app.chat.prompt.text == "2"
        await pilot.press("x")
        assert app.chat.prompt.has_focus
        assert app.chat.prompt.text == "2x"


async def test_what_is_folded_stays_so_in_the_next_turn_and_the_next_session(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/panel mem")
        await until(pilot, lambda: text_of(app, "memory").startswith("▸3"))
        await ask(pilot, "What is small?")
        await pilot.press("ctrl+n")
        await ask(pilot, "What is small?")
        assert text_of(app, "memory").startswith("▸3 memory ")
        assert "412 MB" in text_of(app, "memory")


async def test_a_box_that_is_not_there_is_said(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/panel [red]")
        await until(pilot, lambda: "There is no box named [red]" in note(app))
        assert "6 budget" in note(app)


async def test_a_click_on_a_head_folds_and_one_below_does_not(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.click(boxes(app)["context"], offset=(3, 1))
        assert text_of(app, "context").startswith("▾4")
        await pilot.click(boxes(app)["context"], offset=(3, 0))
        assert text_of(app, "context").startswith("▸4")


async def test_a_paused_panel_stands_still_and_has_it_all_afterwards(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await in_panel(pilot)
        await pilot.press("p")
        assert "‖ panel paused" in drawn(app.screen)
        assert "‖paused" in text_of(app, "figures")
        before = {name: text_of(app, name) for name in boxes(app)}
        await pilot.press("escape")
        await ask(pilot, "two")
        await in_panel(pilot)
        assert {name: text_of(app, name) for name in boxes(app)} == before
        assert "●" in app.screen.query_one(HeaderLine).engine
        await pilot.press("p")
        turns = next(line for line in text_of(app, "figures").splitlines() if line.startswith("turns"))
        assert turns.split() == ["turns", "2", "–", "–"]
        assert "paused" not in drawn(app.screen)


async def test_f8_goes_in_and_then_hides_and_ctrl_b_shows_again(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await in_panel(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: not app.chat.panel.display)
        assert app.chat.prompt.has_focus
        await pilot.press("ctrl+b")
        await until(pilot, lambda: app.chat.panel.display)
        assert app.chat.prompt.has_focus
        await in_panel(pilot)
        await pilot.press("escape")
        assert app.chat.prompt.has_focus


@pytest.mark.parametrize("turn", ["base", "single", "multi"])
async def test_no_box_gains_or_loses_a_line_while_a_turn_runs(store: Store, turn: str) -> None:
    hold = ScriptedBackend(hold=0)
    app = make_app(store, hold, paradigm=turn)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        before = {name: text_of(app, name).count("\n") for name in boxes(app)}
        await send(pilot, "What is 347 * 29?")
        await until(pilot, lambda: app.chat.chat.latest is not None)
        live = app.chat.chat.latest
        assert live is not None
        hold.go.set()
        seen = -1
        while app.chat.busy:
            if live.events != seen:
                seen = live.events
                app.chat.show_cost()
                assert {name: text_of(app, name).count("\n") for name in boxes(app)} == before
            await asyncio.sleep(0)
        await pilot.pause()
        assert {name: text_of(app, name).count("\n") for name in boxes(app)} == before


async def test_the_budget_warns_in_the_panel_and_on_a_narrow_screen(store: Store) -> None:
    for size, where in ((WIDE, "panel"), (NARROW, "line")):
        app = make_app(store, limits=Limits(max_tokens=20))
        async with app.run_test(size=size) as pilot:
            await ready(pilot)
            await ask(pilot, f"What is small in the {where}?")
            if size == WIDE:
                assert text_of(app, "budget").splitlines()[0].endswith("▲ tokens 95%")
                assert "19 of 20 ▲ 95%" in text_of(app, "budget")
            else:
                assert note(app).startswith("▲ tokens 95%")


async def test_why_a_limit_ended_the_turn_is_said(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        events = multi_turn(request, turn)
        return [*events[:-1], ev.LimitReached(events[-1].t, "math", "steps", "1 step"), events[-1]]

    app = make_app(store, ScriptedBackend(script), paradigm="multi")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        assert "■ math ended by steps" in text_of(app, "budget")


async def test_a_replay_has_the_panel_without_a_budget_it_knows_nothing_of(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: "replay" in type(app.screen).__name__.lower())
        await until(pilot, lambda: bool(boxes(app)))
        assert set(boxes(app)) == set(BOXES) - {"budget"}


async def test_without_a_meter_it_is_said_how_to_have_an_estimate(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        return (
            Script(request, turn).call("base", [("answer", "Yes.")]).meter(joules=None, source="none").end()
        )

    app = make_app(store, ScriptedBackend(script))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is small?")
        assert "no meter" in text_of(app, "energy")
        assert "energy.idle_watts" in text_of(app, "energy")
        assert "energy.full_watts give an estimate" in text_of(app, "energy")


async def test_an_engine_that_is_shared_is_said(store: Store) -> None:
    app = make_app(store, engine_told=lambda: EngineTold(Path("engine.log"), shared=True))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await app.chat._ask_who_shares()
        assert "⇄ shared · ○ ready" in drawn(app.screen)
        assert "another window" in note(app)


def test_every_box_has_its_digit_in_the_registry() -> None:
    keys = {command.action: command.keys for command in COMMANDS if command.scope == "panel"}
    assert all(keys[f"fold('{box}')"] == (str(place),) for place, box in enumerate(BOXES, 1))
