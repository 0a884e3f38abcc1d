from textual import events
from textual.command import CommandPalette
from textual.widgets import HelpPanel, OptionList

from sessions.store import Store
from slmtui.tui.screens.help import HelpScreen
from slmtui.tui.widgets.prompt_area import PromptArea
from tests.slmtui.tui.driving import NARROW, drawn, keep_turns, make_app, ready, send, until


async def test_the_help_begins_with_what_has_the_focus(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"), keymap={"turn.copy": "ctrl+y"})
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "The prompt. What you type goes to the model" in drawn(app.screen))
        assert "Send the prompt" in drawn(app.screen)
        await pilot.press("escape", "alt+up")
        await until(pilot, lambda: app.screen is app.chat and not isinstance(app.chat.focused, PromptArea))
        await pilot.press("f1")
        await until(pilot, lambda: "turn that is marked: letters act on it" in drawn(app.screen))


async def test_the_help_is_searched(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f1", "slash")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and app.screen.search.has_focus)
        await pilot.press(*"engine log")
        await until(pilot, lambda: "Send the prompt" not in drawn(app.screen))
        assert "ctrl+l /log" in drawn(app.screen)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: "Where you are" in drawn(app.screen))
        await pilot.press("q")
        await until(pilot, lambda: app.screen is app.chat)


async def test_the_mouse_scrolls_the_help_and_searches_it(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f1")
        await until(
            pilot, lambda: isinstance(app.screen, HelpScreen) and "Where you are" in drawn(app.screen)
        )
        help_screen = app.screen
        assert isinstance(help_screen, HelpScreen)
        await pilot._post_mouse_events([events.MouseScrollDown], help_screen.text, button=0)
        await until(pilot, lambda: help_screen.text.scroll_target_y > 0)
        await pilot.click(help_screen.search)
        await until(pilot, lambda: help_screen.search.has_focus)


async def test_textual_s_panel_of_keys_is_reached_and_left(store: Store) -> None:
    app = make_app(store, keymap={"chat.log": "ctrl+y"})
    async with app.run_test(size=(120, 60)) as pilot:
        await ready(pilot)
        for there in (True, False):
            await pilot.press("ctrl+p")
            await until(pilot, lambda: isinstance(app.screen, CommandPalette))
            await pilot.press(*"app: keys at")
            await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
            await pilot.press("down", "enter")
            await until(pilot, lambda there=there: bool(app.screen.query(HelpPanel)) is there)  # type: ignore[misc]


async def test_f1_opens_the_help_and_esc_closes_it(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("f1")
        await until(pilot, lambda: app.screen is app.chat)
        await send(pilot, "/help")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_the_palette_runs_a_command_of_the_screen_in_front(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count > 5)
        options = app.screen.query_one(OptionList).options
        assert not any("chat: stop" in str(option.prompt) for option in options)  # nothing runs
        assert any("[f2]" in str(option.prompt) for option in options)
        await pilot.press(*"session: new")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is app.chat and app.chat.chat.session is None)


async def test_the_theme_is_taken_from_the_options_and_an_unknown_one_changes_nothing(store: Store) -> None:
    for theme, expected in (("nord", "nord"), ("no-such-theme", "textual-dark")):
        app = make_app(store, theme=theme)
        async with app.run_test(size=NARROW):
            assert app.theme == expected
