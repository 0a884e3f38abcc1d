"""What happens between a keystroke and the screen, told as messages and as what is drawn."""

import asyncio

import pytest
from textual.message import Message

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.state.paradigms import title_of
from slmtui.tui.turn_runner import TurnEnded, TurnEvent
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.new_chip import NewChip
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


async def test_a_prompt_becomes_a_turn_by_these_messages(store: Store) -> None:
    messages: list[Message] = []
    app = make_app(store)
    async with app.run_test(size=WIDE, message_hook=messages.append) as pilot:
        await ready(pilot)
        await pilot.press("shift+tab", *"what?", "enter")
        await until(pilot, lambda: bool(app.chat.chat.records) and not app.chat.busy)
    sent = {id(m): m for m in messages}.values()  # the hook sees a message again wherever it bubbles to
    told = [m for m in sent if isinstance(m, PromptArea.Submitted | TurnEvent | TurnEnded)]
    kinds = [type(m.event).__name__ if isinstance(m, TurnEvent) else type(m).__name__ for m in told]
    once = [kind for index, kind in enumerate(kinds) if kind != "TextDelta" or kinds[index - 1] != kind]
    assert once == [
        "Submitted", "TurnStarted", "AgentStarted",
        "CallStarted", "PrefillProgress", "TextDelta", "CallFinished",
        "ToolStarted", "ToolFinished", "MeterRead",
        "CallStarted", "PrefillProgress", "TextDelta", "CallFinished",
        "MeterRead", "TurnFinished", "TurnEnded",
    ]  # fmt: skip


async def test_the_turn_is_drawn_stored_and_priced(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is small?")
        screen = drawn(app.screen)
        assert f"{PROMPT} What is small?" in screen
        assert "• it fits in memory," in screen
        assert "base · 1 call · ↑120 (80 reused) ↓19 · TTFT 0.23 s" in screen
        assert "● warm" in screen
        assert app.chat.prompt.text == ""
    (summary,) = store.sessions()
    assert (summary.title, summary.turns) == ("What is small?", 1)
    assert store.turns(summary.id)[0].status == "ok"


async def test_esc_stops_the_turn_gives_the_prompt_back_and_keeps_what_was_written(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "tell me")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("escape")
        assert app.chat.prompt.text == "tell me"
        await until(pilot, lambda: not app.chat.busy)
        assert "■ cancelled · stopped by the user" in drawn(app.screen)
        assert "A small model has few parameters" in drawn(app.screen)
    turn = store.turns(store.sessions()[0].id)[0]
    assert turn.status == "cancelled"
    assert turn.answer.startswith("A **small** model")


async def test_what_is_typed_while_a_turn_runs_is_kept_and_esc_does_not_overwrite_it(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: app.chat.busy)
        app.chat.prompt.put("second")
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        assert app.chat.prompt.text == "second"
        await pilot.press("ctrl+a", "up")
        assert app.chat.prompt.text == "first"


async def test_an_engine_that_died_fails_the_turn_and_the_chat_goes_on(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        died = request.prompt == "crash"
        begun = Script(request, turn).call("base", [("answer", "Half an answer")], finish="failed")
        return begun.end("failed", "the engine died: signal 11") if died else begun.end()

    app = make_app(store, ScriptedBackend(script))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "crash")
        assert "✗ failed · the engine died: signal 11" in drawn(app.screen)
        assert app.chat.prompt.text == "crash"
        await ask(pilot, "again")
        assert [record.status for record in app.chat.chat.records] == ["failed", "ok"]


async def test_a_backend_that_raises_fails_the_turn_in_one_line(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        raise ValueError("boom")

    app = make_app(store, ScriptedBackend(script))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        assert "✗ failed · internal error: ValueError('boom')" in drawn(app.screen)
        assert "Traceback" not in drawn(app.screen)


async def test_without_a_model_nothing_is_lost(store: Store) -> None:
    keep_turns(store, "single")
    backend = ScriptedBackend(problem="No model was found.")
    app = make_app(store, backend, first_run="Run: slmtui --model FILE")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert "✗ There is no model to chat with" in drawn(app.screen)
        assert "Run: slmtui --model FILE" in drawn(app.screen)
        await send(pilot, "hello")
        await until(pilot, lambda: "There is no model to answer" in note(app))
        assert app.chat.prompt.text == "hello"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "1 session" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "347 × 29 is 10063." in drawn(app.screen))


async def test_a_prompt_can_be_typed_while_the_model_loads(store: Store) -> None:
    load = asyncio.Event()
    app = make_app(store, ScriptedBackend(load=load))
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: "45%" in drawn(app.screen))
        await send(pilot, "early")
        await until(pilot, lambda: "still loading" in note(app))
        load.set()
        await ready(pilot)
        assert app.chat.prompt.text == "early"
        assert "○ ready" in drawn(app.screen)


async def test_tokens_are_counted_while_typing(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.put("three small words")
        await until(pilot, lambda: "~3 tokens" in drawn(app.screen))
        await pilot.press("ctrl+u")
        await until(pilot, lambda: "tokens" not in drawn(app.screen))


async def test_a_step_opens_to_its_arguments_and_result(store: Store) -> None:
    app = make_app(store, paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        app.screen.query_one(FoldLine).focus()
        await pilot.press("space")
        assert '"expression": "347 * 29"' in drawn(app.screen)
        await pilot.press("enter")
        assert "▸ calculator · 12 ms · ok" in drawn(app.screen)
        await pilot.click(FoldLine)
        assert "▾ calculator · 12 ms · ok" in drawn(app.screen)
        await pilot.press("escape")
        assert app.focused is app.chat.prompt


def long_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    text = "".join(f"Line {number} of many.\n\n" for number in range(60))
    return Script(request, turn).call("base", [("answer", text)]).end()


async def test_a_reader_further_up_is_left_there_and_told_of_what_is_new(store: Store) -> None:
    backend = ScriptedBackend(long_turn, hold=200)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: "Line 48 " in drawn(app.screen))
        await pilot.press("pageup")
        await until(pilot, lambda: app.screen.query_one(NewChip).display)
        seen = app.chat.pane.transcript.scroll_offset.y
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        assert app.chat.pane.transcript.scroll_offset.y == seen
        assert "new · end" in drawn(app.screen)
        await pilot.press("end")
        await until(pilot, lambda: "Line 59 " in drawn(app.screen))
        assert not app.screen.query_one(NewChip).display


async def test_history_is_walked_from_the_first_line(store: Store) -> None:
    session = keep_turns(store, "base", prompt="asked before")
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"draft", "up")
        assert app.chat.prompt.text == "asked before"
        await pilot.press("down")
        assert app.chat.prompt.text == "draft"
        await pilot.press("ctrl+j", "x", "up")
        assert app.chat.prompt.text == "draft\nx"
        assert app.chat.prompt.cursor_location[0] == 0


async def test_the_panel_comes_and_goes_and_gives_way_on_a_narrow_screen(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        assert app.chat.panel.display
        await pilot.press("ctrl+b")
        assert not app.chat.panel.display
        await pilot.press("f8")
        assert app.chat.panel.display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.chat.panel.display)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: "100 columns" in note(app))


async def test_ctrl_c_stops_a_turn_and_twice_in_a_row_quits(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: app.chat.busy)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.chat.busy)
        assert app.chat.chat.records[-1].status == "cancelled"
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "again quits" in note(app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: backend.closed)
    assert app.return_value == 0


async def test_ctrl_c_copies_what_is_selected(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"copy me", "f7", "ctrl+c")
        assert app.clipboard == "copy me"
        assert "Copied 7 characters" in note(app)


async def test_quitting_in_the_middle_of_a_turn_stores_its_end(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: app.chat.busy and app.chat.chat.latest is not None)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: backend.closed)
    assert store.turns(store.sessions()[0].id)[0].status == "cancelled"


async def test_a_long_session_opens_with_its_last_turns_and_loads_more(store: Store) -> None:
    session = store.create_session()
    for number in range(27):
        keep_turns(store, "single", prompt=f"question {number}", session=session)
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert len(app.screen.query("FrozenTurn")) == 20
        transcript = app.chat.pane.transcript
        transcript.scroll_home(animate=False)
        await until(pilot, lambda: "load more (7 earlier turns)" in drawn(app.screen))
        await send(pilot, "/more")
        await until(pilot, lambda: len(app.screen.query("FrozenTurn")) == 27)
        await until(pilot, lambda: transcript.scroll_offset.y > 0)
        assert f"{PROMPT} question 7" in drawn(app.screen)
        await send(pilot, "/more")
        await until(pilot, lambda: "All turns" in note(app))


async def test_old_turns_freeze_and_thaw_when_they_are_opened(store: Store) -> None:
    app = make_app(store, paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for number in range(7):
            await ask(pilot, f"question {number}")
        frozen = app.screen.query("FrozenTurn")
        assert len(frozen) == 1
        frozen.first().focus()
        await pilot.press("enter")
        await until(pilot, lambda: not app.screen.query("FrozenTurn"))
        assert isinstance(app.focused, FoldLine)


@pytest.mark.parametrize("line", ["/nothing", "/"])
async def test_an_unknown_slash_command_is_told_and_kept(store: Store, line: str) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.put(line)
        await pilot.press("enter")
        await until(pilot, lambda: f"There is no {line}" in note(app))
        assert app.chat.prompt.text == line
        assert not app.chat.chat.records


@pytest.mark.parametrize(("x", "paradigm"), [(4, "base"), (11, "single"), (18, "multi"), (40, "multi")])
async def test_a_click_on_its_word_chooses_a_paradigm(store: Store, x: int, paradigm: str) -> None:
    app = make_app(store, paradigm="multi")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.click(PromptBox, offset=(x, 0))
        assert app.chat.chat.paradigm == paradigm
        assert f"[{title_of(paradigm)}]" in drawn(app.screen)


async def test_every_theme_draws_a_turn_and_tells_the_paradigm_without_colour(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "multi"), paradigm="single")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        before = drawn(app.screen)
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            assert drawn(app.screen) == before
        assert "[Agent]" in before


async def test_a_resize_while_streaming_loses_nothing(store: Store) -> None:
    backend = ScriptedBackend(long_turn, hold=100)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: "Line 23 " in drawn(app.screen))
        await pilot.resize_terminal(80, 24)
        await pilot.resize_terminal(60, 12)
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        await pilot.resize_terminal(120, 36)
        await until(pilot, lambda: "Line 59 of many." in drawn(app.screen))


async def test_an_internal_error_leaves_one_line_and_no_traceback(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(store)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot)
            app.call_next(lambda: 1 / 0)
            await until(pilot, lambda: not app.is_running)
    told = capsys.readouterr().err
    assert "an internal error" in told
    assert "Traceback" not in told
    assert app.return_code == 1
