"""How a turn is drawn: folded, frozen and live again, with and without its thoughts."""

from textual import events

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.turn_block import TurnBlock
from tests.slmtui.tui.agent_turns import thinking_turn
from tests.slmtui.tui.driving import WIDE, ask, drawn, keep_turns, make_app, ready, until
from tests.slmtui.tui.on_turns import note
from tests.slmtui.tui.scripted import Script, ScriptedBackend


async def test_a_turn_folds_to_one_line_live_and_frozen(store: Store) -> None:
    session = keep_turns(store, "single", prompt="first\nof two lines")
    app = make_app(store, session=session, paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "second")
        await pilot.press("alt+up", "space")
        await until(pilot, lambda: "▸ second" in drawn(app.screen))
        assert app.chat.marked is not None
        assert app.chat.marked.size.height == 1
        await pilot.press("alt+up", "space")
        assert isinstance(app.chat.marked, FrozenTurn)
        await until(pilot, lambda: "▸ first of two lines" in drawn(app.screen))
        assert app.chat.marked.size.height == 1
        assert "agent · ↓" in drawn(app.screen)
        await pilot.press("space", "alt+down", "space")
        await until(pilot, lambda: drawn(app.screen).count("calculator · 12 ms") == 2)


async def test_a_frozen_turn_says_why_its_text_was_not_selected_and_thaws(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.mouse_down(FrozenTurn, offset=(3, 1))
        up_and_click = [events.MouseUp, events.Click]  # what the app makes of a mouse button let go
        await pilot._post_mouse_events(up_and_click, FrozenTurn, offset=(12, 1), button=1)  # type: ignore[arg-type]
        await until(pilot, lambda: "drag again" in note(app))
        assert isinstance(app.chat.marked, TurnBlock)


async def test_thoughts_are_hidden_and_shown_live_and_frozen(store: Store) -> None:
    app = make_app(store, ScriptedBackend(thinking_turn), paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "How much?")
        assert "agent · thought" in drawn(app.screen)
        assert " tok\n" in drawn(app.screen) or " tok " in drawn(app.screen)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "agent · thought" not in drawn(app.screen))
        await app.chat.open_session(app.chat.chat.session)
        await pilot.pause()
        assert app.screen.query(FrozenTurn)
        assert "agent · thought" not in drawn(app.screen)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "agent · thought" in drawn(app.screen))


async def test_a_failed_tool_is_open_until_its_agent_makes_up_for_it(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        made = Script(request, turn).agent("agent", request.prompt)
        made.tool("agent", "units", {"to": "parsecs"}, "I know no such unit.", status="error")
        if request.prompt == "twice":
            made.tool("agent", "units", {"to": "metres"}, "5 m")
        return made.call("agent", [("answer", "So.")]).end()

    app = make_app(store, ScriptedBackend(script), paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "once")
        assert "▾ ✗ units · 12 ms · error" in drawn(app.screen)
        assert "I know no such unit." in drawn(app.screen)
        app.screen.query_one(FoldLine).action_fold()
        await app.chat.draw_now()
        await until(pilot, lambda: "▸ ✗ units" in drawn(app.screen))
        await pilot.press("ctrl+n")
        await ask(pilot, "twice")
        assert "▸ units · 12 ms · error, then recovered" in drawn(app.screen)
        assert "I know no such unit." not in drawn(app.screen)
        await app.chat.open_session(app.chat.chat.session)
        await until(pilot, lambda: "▸ units · 12 ms · error, then recovered" in drawn(app.screen))


async def test_a_double_click_thaws_a_frozen_turn_once(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        frozen = app.screen.query_one(FrozenTurn)
        frozen.post_message(FrozenTurn.Thaw(frozen, clicked=True))
        frozen.post_message(FrozenTurn.Thaw(frozen, clicked=True))
        await until(pilot, lambda: isinstance(app.chat.marked, TurnBlock))
        await pilot.pause()
        assert len(app.chat.pane.transcript.turns.blocks) == 1
