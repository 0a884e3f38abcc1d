"""The marked turn: moving the mark, copying, the menu and the details."""

from textual import events
from textual.widgets import OptionList

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.screens.turn_menu import TurnMenu
from slmtui.tui.widgets.frozen_turn import FrozenTurn
from slmtui.tui.widgets.turn_block import TurnBlock
from slmtui.tui.widgets.turn_list import LIVE_TURNS
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, until
from tests.slmtui.tui.on_turns import marked_prompt, note
from tests.slmtui.tui.scripted import Script, ScriptedBackend

CODE = "Here:\n\n```python\nprint(1)\n```\n\nand\n\n```\nplain\n```\n"


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


async def test_the_details_of_a_turn_open(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.press("alt+up", "d")
        await until(pilot, lambda: type(app.screen).__name__ == "DetailsScreen")


async def test_the_menu_shows_the_keys_of_the_user(store: Store) -> None:
    app = make_app(store, keymap={"turn.copy": "ctrl+shift+f12", "turn.edit": ""})
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await pilot.press("alt+up", "m")
        await until(pilot, lambda: isinstance(app.screen, TurnMenu))
        assert "ctrl+shift+f12  Copy the answer as Markdown." in drawn(app.screen)
        assert f"│{' ' * 17}Edit the prompt;" in drawn(app.screen).replace("▌", "│")


async def test_the_mark_stays_on_a_turn_that_is_frozen(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for number in range(LIVE_TURNS + 1):
            await ask(pilot, f"question {number}")
        oldest = app.chat.pane.transcript.turns.blocks[0]
        assert isinstance(oldest, TurnBlock)
        oldest.focus()
        await pilot.pause()
        await app.chat.ask("another")
        await until(pilot, lambda: not app.chat.busy)
        assert marked_prompt(app) == "question 0"
        assert isinstance(app.chat.marked, FrozenTurn)
