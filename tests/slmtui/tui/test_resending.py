"""Another answer or another prompt in place of one that is there, and the path through them."""

import asyncio
from dataclasses import replace

from sessions.store import Store
from slmtui.tui.glyphs import AFTER, BEFORE
from slmtui.tui.screens.again_menu import AgainMenu
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.turn_aside import TurnAside
from slmtui.tui.widgets.turn_block import TurnBlock
from tests.slmtui.tui.driving import WIDE, ask, drawn, keep_turns, make_app, ready, until
from tests.slmtui.tui.on_turns import marked_prompt, note, numbered, prompts
from tests.slmtui.tui.scripted import CHOICES, ScriptedBackend


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


async def test_an_edit_goes_where_it_belongs_though_another_path_was_opened(store: Store) -> None:
    backend = ScriptedBackend(numbered)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.press("alt+up", "e", "ctrl+u", *"first", "enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        await ask(pilot, "two")
        await pilot.press("alt+up", "e")
        assert app.chat.prompt.text == "two"
        await pilot.press("alt+up", "alt+up", "left_square_bracket")
        await until(pilot, lambda: prompts(app) == ["one"])
        app.chat.prompt.focus()
        await ask(pilot, "second")
        assert prompts(app) == ["first", "second"]
        assert backend.requests[-1].history[0].content == "first"


async def test_an_answer_that_never_began_leaves_the_path_as_it_was(store: Store) -> None:
    backend = ScriptedBackend(numbered)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for prompt in ("one", "two"):
            await ask(pilot, prompt)
        app.chat.action_unload_model()
        await until(pilot, lambda: app.chat.engine.phase == "unloaded")
        backend.problem = "no memory."
        await pilot.press("alt+up", "alt+up", "r")
        await until(pilot, lambda: "The turn failed: no memory. r tries again." in note(app))
        assert prompts(app) == ["one", "two"]
        assert [record.prompt for record in app.chat.chat.path.records] == ["one", "two"]


async def test_an_answer_by_another_model_is_not_given_in_another_session(store: Store) -> None:
    load = asyncio.Event()
    load.set()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend, models=lambda: CHOICES)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        load.clear()
        await pilot.press("alt+up", "R")
        await until(pilot, lambda: isinstance(app.screen, AgainMenu) and "qwen3-0.6b" in drawn(app.screen))
        await pilot.press("tab", "down", "enter")
        await until(pilot, lambda: app.chat.engine.phase == "loading")
        other = keep_turns(store, "base", prompt="other")
        await app.chat.open_session(other)
        load.set()
        await until(pilot, lambda: app.chat.engine.phase in {"ready", "warm"})
        await pilot.pause()
        assert [request.prompt for request in backend.requests] == ["one"]
        assert len(store.turns(other)) == 1
