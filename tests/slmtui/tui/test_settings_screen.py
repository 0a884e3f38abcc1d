"""The settings in the app: shown, changed by key and by mouse, written, and taken at once."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import OptionList

from agents.message import Sampling
from sessions.store import Store
from slmtui.settings_desk import SettingsDesk
from slmtui.tui.app import SlmApp
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.screens.settings.choices import ChoiceMenu
from slmtui.tui.screens.settings.screen import SettingsScreen
from tests.slmtui.tui.driving import (
    NARROW,
    WIDE,
    app_of,
    ask,
    drawn,
    keep_turns,
    make_app,
    ready,
    send,
    until,
)
from tests.slmtui.tui.everywhere import settled_desk
from tests.slmtui.tui.snapshots import SIZES, Compare, fixed_surroundings, stop_blinking

__all__ = ["fixed_surroundings"]


def app_with(store: Store, folder: Path, text: str = "", **options: object) -> tuple[SlmApp, Path]:
    desk = settled_desk(folder / "config", text)
    return make_app(store, settings_desk=desk, keymap=desk.keys(), **options), desk.path


async def opened(pilot: Pilot[int], words: str = "") -> SettingsScreen:
    """Open the settings that hold some words, with the mark on the first of them."""
    app = app_of(pilot)
    await ready(pilot)
    await send(pilot, f"/settings {words}".strip())
    await until(pilot, lambda: isinstance(app.screen, SettingsScreen) and app.screen.marked is not None)
    assert isinstance(app.screen, SettingsScreen)
    return app.screen


async def type_value(pilot: Pilot[int], value: str) -> None:
    """Type a value in place of the one that stands in the line."""
    screen = app_of(pilot).screen
    assert isinstance(screen, SettingsScreen)
    await pilot.press("enter")
    await until(pilot, lambda: screen.line.is_open and screen.line.input.has_focus)
    screen.line.input.value = ""
    await pilot.press(*value)


async def test_f2_shows_every_setting_with_value_origin_and_meaning(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, "[sampling]\nseed = 7\n")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await until(pilot, lambda: "general" in drawn(app.screen))
        text = drawn(app.screen)
        assert "Settings" in text.splitlines()[0]
        (seed,) = [line for line in text.splitlines() if line.split()[:1] == ["seed"]]
        assert seed.split()[:3] == ["seed", "7", "file"]
        assert "the same seed draws the same answer" in seed
        await pilot.press("f2")
        await until(pilot, lambda: app.screen is app.chat)
    assert path.read_text() == "[sampling]\nseed = 7\n"


async def test_a_switch_is_switched_and_written(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, "# mine\n")
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, "engine.share")
        await pilot.press("space")
        await until(pilot, lambda: "✓ engine.share is off at the next start" in drawn(screen))
        assert "share = false" in path.read_text()
        await pilot.press("d")
        await until(pilot, lambda: "✓ engine.share is on" in drawn(screen))
        await pilot.press("d")
        await until(pilot, lambda: "engine.share is the default already" in drawn(screen))
    assert path.read_text().strip() == "# mine"


async def test_few_choices_go_round_and_of_many_there_is_a_list(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, "[engine]\nflash_attention = true\n")
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, "kv_cache")
        await pilot.press("down", "left")
        await until(pilot, lambda: "q4_0" in path.read_text())
        await pilot.press("enter")
        await until(pilot, lambda: 'kv_cache = "f16"' in path.read_text())
        screen.search.value = "paradigm"
        screen.wanted = "paradigm"
        await until(pilot, lambda: screen.marked is not None and screen.marked.name == "paradigm")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceMenu))
        assert f"{CHOSEN} base" in drawn(app.screen)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen and 'paradigm = "single"' in path.read_text())
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert "[Agent]" in drawn(app.chat)  # this session has not begun


async def test_a_number_is_typed_and_a_wrong_one_told_while_it_is(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, "sampling.temperature")
        await type_value(pilot, "9")
        await until(pilot, lambda: "✗ sampling.temperature is '9'; it should be less than" in drawn(screen))
        await pilot.press("enter")
        await pilot.pause()
        assert screen.line.is_open
        assert path.read_text() == ""
        await pilot.press("backspace", *"0.25")
        await until(pilot, lambda: "✗" not in drawn(screen).splitlines()[-4])
        await pilot.press("enter")
        await until(pilot, lambda: "✓ sampling.temperature is 0.25 in new sessions" in drawn(screen))
        assert path.read_text() == "[sampling]\ntemperature = 0.25\n"
        await type_value(pilot, "1")
        await pilot.press("escape")
        await until(pilot, lambda: not screen.line.is_open and screen.listed.has_focus)
        assert path.read_text() == "[sampling]\ntemperature = 0.25\n"


async def test_what_is_typed_is_of_the_row_it_was_begun_for(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, "sampling.top")
        await type_value(pilot, "1")
        screen.listed.highlighted = 2
        await until(pilot, lambda: screen.marked is not None and screen.marked.name == "sampling.top_p")
        await pilot.press("enter")
        await until(pilot, lambda: not screen.line.is_open)
    assert path.read_text() == "[sampling]\ntop_k = 1\n"


async def test_keys_with_a_comma_among_them_can_be_taken_as_they_stand(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "keys.replay.previous")
        await pilot.press("enter")
        await until(pilot, lambda: screen.line.is_open and screen.line.input.has_focus)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.line.is_open)
    assert path.read_text() == '[keys]\n"replay.previous" = "shift+←, comma"\n'


async def test_new_sessions_take_it_and_one_that_has_begun_keeps_its_own(
    store: Store, tmp_path: Path
) -> None:
    app, _ = app_with(store, tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "one")
        await opened(pilot, "sampling.seed")
        await type_value(pilot, "5")
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.chat.usual_sampling.seed == 5)
        assert app.chat.chat.sampling.seed == Sampling().seed
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: app.screen is app.chat)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: app.chat.chat.session is None)
        assert app.chat.chat.sampling.seed == 5


async def test_a_key_is_given_and_works_at_once(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, session=keep_turns(store, "base"))
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "keys.chat.panel")
        await type_value(pilot, "k")
        await until(pilot, lambda: "✗ k is needed for typing" in drawn(screen))
        await pilot.press("backspace", *"ctrl+t")
        await until(pilot, lambda: "✗ ctrl+t is the key of chat.thinking" in drawn(screen))
        await pilot.press("backspace", "k", "enter")
        await until(pilot, lambda: "✓ keys.chat.panel is ctrl+k now" in drawn(screen))
        assert path.read_text() == '[keys]\n"chat.panel" = "ctrl+k"\n'
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.panel.display
        await pilot.press("ctrl+b")
        assert app.chat.panel.display
        await pilot.press("ctrl+k")
        await until(pilot, lambda: not app.chat.panel.display)


async def test_a_key_that_is_none_of_a_command_can_be_taken_out(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path)
    path.write_text("[keys]\n'chat.panle' = 'f12'\n")
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "panle")
        assert "✗ There is no command with this id" in drawn(screen)
        await pilot.press("d")
        await until(pilot, lambda: "panle" not in path.read_text())


async def test_a_variable_that_overrules_the_file_is_told(store: Store, tmp_path: Path) -> None:
    desk = SettingsDesk({"SLMTUI_SAMPLING__SEED": "8"}, settled_desk(tmp_path / "config").folder, {})
    app = make_app(store, settings_desk=desk)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot, "sampling.seed")
        assert "‼ SLMTUI_SAMPLING__SEED overrules the file" in drawn(screen)
        await type_value(pilot, "5")
        await pilot.press("enter")
        await until(pilot, lambda: "the file says 5" in drawn(screen))
        assert "seed is 8 in new sessions; SLMTUI_SAMPLING__SEED" in " ".join(drawn(screen).split())


async def test_a_file_broken_meanwhile_is_told_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, "theme = 'nord'\n")
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "engine.share")
        path.write_text("theme = = x\n")
        await pilot.press("enter")
        await until(pilot, lambda: "is not TOML" in drawn(screen))
        assert path.read_text() == "theme = = x\n"
        await pilot.press("r")
        await until(pilot, lambda: "✗ unreadable" in drawn(screen))
        assert "Mend the file, then r reads it again." in drawn(screen)
        path.write_text("theme = 'nord'\n")
        await pilot.press("r")
        await until(pilot, lambda: "✗ unreadable" not in drawn(screen) and "Read anew." in drawn(screen))


async def test_a_click_marks_and_a_second_one_changes(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "engine")
        lines = drawn(screen).splitlines()
        row = next(y for y, line in enumerate(lines) if line.split()[:1] == ["share"])
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: screen.marked is not None and screen.marked.name == "engine.share")
        assert path.read_text() == ""
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: "share = false" in path.read_text())


async def test_tables_are_left_to_the_file(store: Store, tmp_path: Path) -> None:
    app, _ = app_with(store, tmp_path, '[[tools.mcp]]\nname = "x"\ncommand = "y"\n')
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "tools.mcp")
        assert "1 in the file" in drawn(screen)
        await pilot.press("enter")
        await until(pilot, lambda: "tools.mcp: It is a list of tables: edit it in the file." in drawn(screen))


async def test_without_a_settings_file_it_says_so(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "started without a settings file" in drawn(app.chat))


# The theme


async def test_a_theme_that_is_chosen_is_kept_and_said(store: Store, tmp_path: Path) -> None:
    app, path = app_with(store, tmp_path, "# mine\n")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert path.read_text().strip() == "# mine"
        await send(pilot, "/theme nord")
        await until(pilot, lambda: "Theme nord, kept in the settings." in drawn(app.chat))
        assert (app.theme, 'theme = "nord"' in path.read_text()) == ("nord", True)
        await send(pilot, "/theme no[b]such")
        await until(
            pilot, lambda: "There is no theme named no[b]such; choose one of: ansi-dark" in drawn(app.chat)
        )
        await send(pilot, "/theme")
        await until(pilot, lambda: app.screen is not app.chat and bool(app.screen.query(OptionList)))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count > 20)
        await pilot.press(*"dracula")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Theme dracula, kept in the settings." in drawn(app.chat))


async def test_a_theme_that_cannot_be_kept_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = make_app(store, settings_desk=SettingsDesk({}, tmp_path / "file" / "config", {}))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/theme nord")
        await until(pilot, lambda: "Theme nord, until you leave:" in drawn(app.chat))
        assert app.theme == "nord"


# What it looks like


def fixed(store: Store) -> SlmApp:
    """An app over a settings file whose place is the same in every run."""
    return make_app(store, settings_desk=SettingsDesk({"SLMTUI_SAMPLING__SEED": "8"}, Path("no-folder"), {}))


@SIZES
def test_the_settings(store: Store, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
        await pilot.press(*["down"] * 8)
        await pilot.pause()
        stop_blinking(pilot)

    assert snap_compare(fixed(store), terminal_size=size, run_before=steps)


@SIZES
def test_a_wrong_value(store: Store, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        screen = await opened(pilot, "sampling")
        await type_value(pilot, "9")
        await until(pilot, lambda: "✗" in drawn(screen))
        screen.status.forget()
        stop_blinking(pilot)

    assert snap_compare(fixed(store), terminal_size=size, run_before=steps)


@SIZES
def test_the_help_of_the_settings(store: Store, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await opened(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "Where you are" in drawn(pilot.app.screen))
        stop_blinking(pilot)

    assert snap_compare(fixed(store), terminal_size=size, run_before=steps)
