"""The marked turn: moving the mark, and everything that is done with a turn."""

import asyncio

import pytest
from textual import events
from textual.widgets import OptionList

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.glyphs import AFTER, BEFORE, PROMPT
from slmtui.tui.screens.again_menu import AgainMenu
from slmtui.tui.screens.turn_menu import TurnMenu
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.status_line import StatusLine
from slmtui.tui.widgets.turn_aside import TurnAside
from slmtui.tui.widgets.turn_block import TurnBlock
from tests.slmtui.tui.agent_turns import thinking_turn
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, keep_turns, make_app, ready, until
from tests.slmtui.tui.scripted import CHOICES, Script, ScriptedBackend

CODE = "Here:\n\n```python\nprint(1)\n```\n\nand\n\n```\nplain\n```\n"


def note(app: SlmApp) -> str:
    return str(app.chat.query_one(StatusLine).content)


def marked_prompt(app: SlmApp) -> str:
    block = app.chat.marked
    return block.turn.view.prompt if block is not None else ""


def prompts(app: SlmApp) -> list[str]:
    return [block.turn.view.prompt for block in app.chat.pane.transcript.turns.blocks]


def numbered(request: TurnRequest, turn: str) -> list[ev.Event]:
    """Answers with what was asked, and goes on from a beginning like the real one."""
    said = request.beginning + f"Answer to {request.prompt}, seed {request.sampling.seed}."
    script = Script(request, turn).call("base", [("answer", said.removeprefix(request.beginning))])
    started = script.events[0]
    assert isinstance(started, ev.TurnStarted)
    script.events[0] = ev.TurnStarted(
        0.0, turn, request.session, request.paradigm, request.prompt, started.started_at,
        request.sampling, started.engine, True, beginning=request.beginning,
    )  # fmt: skip
    script.answer = said
    return script.meter().end()


async def test_the_mark_moves_over_the_turns_and_goes_back_to_the_prompt(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("alt+up")
        await until(pilot, lambda: "no turn yet" in note(app))
        for prompt in ("one", "two", "three"):
            await ask(pilot, prompt)
        assert "▌" not in drawn(app.screen)
        await pilot.press("alt+up")
        assert marked_prompt(app) == "three"
        await pilot.pause()
        assert f"▌{PROMPT} three" in drawn(app.screen)
        await pilot.press("alt+up", "alt+up", "alt+up")
        assert marked_prompt(app) == "one"
        await pilot.press("end")
        assert marked_prompt(app) == "three"
        await pilot.press("home")
        assert marked_prompt(app) == "one"
        await pilot.press("alt+down", "alt+down", "alt+down")
        assert app.focused is app.chat.prompt
        await pilot.press("alt+up", "escape")
        assert app.focused is app.chat.prompt
        assert marked_prompt(app) == ""


async def test_letters_are_commands_only_while_a_turn_is_marked(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press(*"yer bcxd Y")
        assert app.chat.prompt.text == "yer bcxd Y"
        await pilot.press("ctrl+u")
        await ask(pilot, "one")
        app.chat.pane.transcript.focus()
        await pilot.press(*"yes")
        assert app.chat.prompt.text == "yes"
        await pilot.press("ctrl+u", "alt+up", *"quick")  # no command begins with q: it goes to the prompt
        assert app.chat.prompt.text == "quick"


async def test_what_is_typed_fast_from_a_marked_turn_is_not_eaten(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.press("alt+up")
        for letter in "hello bye":
            app.post_message(events.Key("space" if letter == " " else letter, letter))
        await until(pilot, lambda: app.chat.prompt.text == "hello bye")


async def test_a_click_marks_a_turn_and_the_menu_does_the_rest(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.click(TurnBlock, offset=(4, 0))
        assert marked_prompt(app) == "one"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TurnMenu))
        menu = app.screen.query_one(OptionList)
        assert "Copy the answer as Markdown." in drawn(app.screen)
        assert menu.get_option("walk_siblings(-1)").disabled
        menu.highlighted = menu.get_option_index("copy_answer")
        await pilot.press("enter")
        await until(pilot, lambda: "Copied the answer" in note(app))
        assert app.clipboard.startswith("A **small** model has few parameters:\n\n- it fits")


async def test_copying_gives_the_source_and_says_what_was_copied(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        made = Script(request, turn).call("base", [("answer", CODE)])
        made.answer = "\x1b[31m" + CODE + "\x1b]0;title\x07\u202e"
        return made.end()

    app = make_app(store, ScriptedBackend(script))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "code")
        await pilot.press("alt+up", "y")
        assert app.clipboard == CODE.strip()
        assert "Copied the answer: 11 lines" in note(app)
        await pilot.press("x")
        assert app.clipboard == "print(1)\n"
        assert note(app) == "✓ Copied code block 1 of 2 (python): 9 characters."
        await pilot.press("x")
        assert app.clipboard == "plain\n"
        await pilot.press("x")
        assert app.clipboard == "print(1)\n"
        await pilot.press("Y")
        assert app.clipboard.startswith("> code\n\nHere:\n\n```python\nprint(1)\n```")
        assert "*base · 1 call · " in app.clipboard


async def test_a_running_turn_is_copied_as_far_as_it_is_written(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.chat.prompt.put("go")
        await pilot.press("enter")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("alt+up", "y")
        assert app.clipboard.startswith("A **small** model")
        await pilot.press("r")
        await until(pilot, lambda: "A turn is running" in note(app))
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)


async def test_an_edited_prompt_stands_beside_the_old_one(store: Store) -> None:
    backend = ScriptedBackend(numbered)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for prompt in ("one", "two", "three"):
            await ask(pilot, prompt)
        await pilot.press(*"draft", "alt+up", "alt+up", "e")
        assert (app.chat.prompt.text, app.focused) == ("two", app.chat.prompt)
        await pilot.press("escape")
        assert app.chat.prompt.text == "draft"
        await pilot.press("alt+up", "alt+up", "e", "ctrl+u", *"other", "enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 4 and not app.chat.busy)
        assert prompts(app) == ["one", "other"]
        assert app.chat.prompt.text == "draft"
        history = [message.content for message in backend.requests[-1].history]
        assert history == ["one", "Answer to one, seed 0."]
        await until(pilot, lambda: f"{BEFORE} 2/2 {AFTER}" in drawn(app.screen))
        await pilot.press("alt+up", "left_square_bracket")
        await until(pilot, lambda: prompts(app) == ["one", "two", "three"])
        assert marked_prompt(app) == "two"
        await until(pilot, lambda: f"{BEFORE} 1/2 {AFTER}" in drawn(app.screen))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "no earlier one" in note(app))
        frozen = app.screen.query(FrozenTurn)[0]
        await pilot.click(frozen, offset=(frozen.size.width - 1, 0))
        await until(pilot, lambda: marked_prompt(app) == "other")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.chat.marked, TurnBlock))
        await pilot.pause()
        await pilot.click(app.chat.query_one(TurnAside), offset=(3, 0))
        await until(pilot, lambda: prompts(app) == ["one", "two", "three"])
    session = store.sessions()[0].id
    assert [turn.prompt for turn in store.conversation(session)] == ["one", "two", "three"]
    assert len(store.turns(session)) == 4


async def test_an_answer_is_given_again_with_another_seed_and_both_are_kept(store: Store) -> None:
    app = make_app(store, ScriptedBackend(numbered))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        for count in (2, 3):
            await pilot.press("alt+up", "r") if count == 2 else await pilot.press("r")
            await until(pilot, lambda: len(app.chat.chat.records) == count and not app.chat.busy)  # noqa: B023
        assert prompts(app) == ["one"]
        assert "Answer to one, seed 2." in drawn(app.screen)
        await until(pilot, lambda: f"{BEFORE} 3/3 {AFTER}" in drawn(app.screen))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "Answer to one, seed 1." in drawn(app.screen))
        assert app.chat.prompt.text == ""
    assert [turn.parent for turn in store.turns(store.sessions()[0].id)] == ["", "", ""]


async def test_at_temperature_zero_the_same_answer_is_said_to_be_expected(store: Store) -> None:
    app = make_app(store, ScriptedBackend(numbered))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        from dataclasses import replace

        app.chat.chat.sampling = replace(app.chat.chat.sampling, temperature=0.0)
        await pilot.press("alt+up", "r")
        await until(pilot, lambda: "temperature 0" in note(app))
        await until(pilot, lambda: not app.chat.busy)


async def test_a_prompt_is_answered_again_under_another_paradigm(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        await pilot.press("alt+up", "R")
        await until(pilot, lambda: isinstance(app.screen, AgainMenu) and app.screen.is_mounted)
        assert "Base · as before" in drawn(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        assert [request.paradigm for request in backend.requests] == ["base", "single"]
        assert backend.requests[1].sampling.seed == backend.requests[0].sampling.seed
        assert app.chat.chat.paradigm == "base"


async def test_a_prompt_is_answered_again_by_another_model(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend, models=lambda: CHOICES)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        await pilot.press("alt+up", "R")
        await until(pilot, lambda: isinstance(app.screen, AgainMenu) and "qwen3-0.6b" in drawn(app.screen))
        assert "smollm2 · loaded" in drawn(app.screen)
        assert "broken" not in drawn(app.screen)
        await pilot.press("tab", "down", "enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    asked = [call[0] for call in backend.calls if call[0] in {"run", "switch"}]
    assert asked == ["run", "switch", "run"]
    assert ("switch", CHOICES[2].path) in backend.calls


async def test_a_branch_keeps_what_followed_as_siblings(store: Store) -> None:
    backend = ScriptedBackend(numbered)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for prompt in ("one", "two", "three"):
            await ask(pilot, prompt)
        await pilot.press("alt+up", "b")
        await until(pilot, lambda: "ends at this turn" in note(app))
        await pilot.press("home", "b")
        await until(pilot, lambda: prompts(app) == ["one"])
        assert app.focused is app.chat.prompt
        await pilot.press("alt+up", "b")
        await until(pilot, lambda: prompts(app) == ["one", "two", "three"])
        assert marked_prompt(app) == "one"
        await pilot.press("b")
        await until(pilot, lambda: prompts(app) == ["one"])
        await ask(pilot, "other")
        assert prompts(app) == ["one", "other"]
        await until(pilot, lambda: f"{BEFORE} 2/2 {AFTER}" in drawn(app.screen))
        assert len(backend.requests[-1].history) == 2


async def test_a_stopped_answer_is_continued_beside_it(store: Store) -> None:
    backend = ScriptedBackend(numbered, hold=5)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.chat.prompt.put("one")
        await pilot.press("enter")
        await until(pilot, lambda: "Answer to" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        written = app.chat.chat.records[0].answer
        await pilot.press("ctrl+u", "alt+up", "c")
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        request = backend.requests[-1]
        assert (request.beginning, request.paradigm, request.parent) == (written, "base", "")
        answer = app.chat.chat.records[1].answer
        assert answer.startswith(written)
        block = app.chat.marked
        assert block is not None
        assert block.turn.view.answer == answer
        assert prompts(app) == ["one"]


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


def long_session(store: Store, turns: int) -> str:
    session = store.create_session()
    for number in range(turns):
        keep_turns(store, "single", prompt=f"question {number}", session=session)
    return session


async def test_at_most_sixty_turns_are_drawn_wherever_the_reader_goes(store: Store) -> None:
    app = make_app(store, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        transcript = app.chat.pane.transcript
        for first in (55, 35, 15, 0):
            transcript.scroll_home(animate=False)
            await pilot.pause()
            transcript.page(-1)
            await until(pilot, lambda: prompts(app)[0] == f"question {first}")  # noqa: B023
            assert len(prompts(app)) <= 60
            await pilot.pause()
        assert transcript.turns.below.display
        await ask(pilot, "new")
        assert prompts(app)[-1] == "new"
        assert len(prompts(app)) <= 60
        assert not transcript.turns.below.display
        await pilot.press("alt+up", "home")
        await until(pilot, lambda: marked_prompt(app) == "question 0")
        assert "later turns" not in drawn(app.screen)
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "new")


async def test_what_is_in_view_stays_there_when_more_turns_are_drawn(store: Store) -> None:
    app = make_app(store, session=long_session(store, 50))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        transcript = app.chat.pane.transcript
        transcript.scroll_to(y=0, animate=False)
        await pilot.pause()
        block = transcript.turns.block_of(app.chat.chat.path.window[0].turn)
        assert block is not None
        seen_at = transcript.seen_at(block)
        transcript.page(-1)
        await until(pilot, lambda: len(prompts(app)) == 40)
        await until(pilot, lambda: transcript.scroll_offset.y > 0)
        assert transcript.seen_at(block) == seen_at
        await pilot.press("alt+up", "alt+up")
        await pilot.press("end")
        assert transcript.at_end


async def test_a_running_turn_goes_on_while_the_reader_is_far_above(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    app = make_app(store, backend, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.put("go")
        await pilot.press("enter")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("alt+up", "home")
        await until(pilot, lambda: marked_prompt(app) == "question 0")
        assert "go" not in prompts(app)
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        assert "go" not in prompts(app)
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "go")
        await until(pilot, lambda: "Try 347 * 29" in drawn(app.screen))


async def test_a_running_turn_is_drawn_on_when_the_reader_comes_back_to_it(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    app = make_app(store, backend, session=long_session(store, 95))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.put("go")
        await pilot.press("enter")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("alt+up", "home")
        await until(pilot, lambda: marked_prompt(app) == "question 0")
        await pilot.press("end")
        await until(pilot, lambda: marked_prompt(app) == "go")
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        await until(pilot, lambda: "Try 347 * 29" in drawn(app.screen))
        assert prompts(app).count("go") == 1


@pytest.mark.parametrize("key", ["d"])
async def test_the_details_of_a_turn_open(store: Store, key: str) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.press("alt+up", key)
        await until(pilot, lambda: type(app.screen).__name__ == "DetailsScreen")
        await asyncio.sleep(0)
