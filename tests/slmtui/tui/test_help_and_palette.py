from textual.command import CommandPalette
from textual.widgets import OptionList

from sessions.store import Store
from slmtui.tui.commands import COMMANDS
from slmtui.tui.screens.help import HelpScreen, help_text
from tests.slmtui.tui.driving import NARROW, keep_turns, make_app, ready, send, until


def test_the_help_tells_every_command_the_screen_s_own_first() -> None:
    text = help_text("replay", "0.1.0").plain
    assert all(command.description in text for command in COMMANDS)
    assert text.index("\nReplay\n") < text.index("\nChat\n")


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
        await pilot.press(*"session: new")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is app.chat and app.chat.chat.session is None)


async def test_the_theme_is_taken_from_the_options_and_an_unknown_one_changes_nothing(store: Store) -> None:
    for theme, expected in (("nord", "nord"), ("no-such-theme", "textual-dark")):
        app = make_app(store, theme=theme)
        async with app.run_test(size=NARROW):
            assert app.theme == expected
