"""The user's own keys: how they are written, what is wrong with them, and that they work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.dom import DOMNode
from textual.widgets._footer import FooterKey

from sessions.store import Store
from slmtui.tui.command import Command, Scope
from slmtui.tui.commands import COMMANDS, in_scope, key_name, keymap_markdown
from slmtui.tui.keymap import NO_KEY, Keymap, KeyNameError, as_textual, as_written
from tests.slmtui.tui.driving import WIDE, drawn, make_app, ready, until
from tests.slmtui.tui.everywhere import full_app, go_to
from tests.slmtui.tui.test_commands import OWNERS

OF_ID = {command.id: command for command in COMMANDS}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ctrl+k", "ctrl+k"), ("Ctrl+K", "ctrl+k"), ("shift+n", "N"), ("N", "N"),
        ("[", "left_square_bracket"), ("left_square_bracket", "left_square_bracket"),
        ("esc", "escape"), ("pgup", "pageup"), ("del", "delete"), ("F2", "f2"), ("ctrl++", "ctrl+plus"),
        ("+", "plus"), ("/", "slash"), ("?", "question_mark"), ("←", "left"), ("alt+/", "alt+slash"),
        ("shift+ctrl+a", "ctrl+shift+a"), (" ctrl+k ", "ctrl+k"),
    ],
)  # fmt: skip
def test_a_key_is_written_as_people_do(written: str, key: str) -> None:
    assert as_textual(written) == key


def test_every_key_of_the_registry_can_be_written_among_others() -> None:
    for command in COMMANDS:
        written = ", ".join(map(as_written, command.keys))
        keymap = Keymap({command.id: written})
        assert (keymap.problems, keymap.keys_of(command)) == ([], command.keys)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("f99", "there is no key 'f99'; did you mean f9?"),
        ("escpae", "did you mean escape?"),
        ("", "there is no key ''; write it as the help does"),
        ("ctl+k", "'ctl' goes before no key; use ctrl, alt, shift"),
        ("ctrl+i", "ctrl+i is tab in a terminal"),
        ("ctrl+[", "ctrl+[ is esc in a terminal"),
        ("\x1b[2J", "there is no key '\\x1b[2J'"),
    ],
)
def test_a_key_that_there_is_not_is_told_with_what_to_do(written: str, said: str) -> None:
    with pytest.raises(KeyNameError) as error:
        as_textual(written)
    assert said in str(error.value)
    assert str(error.value).isprintable()


@given(st.text(max_size=12))
def test_whatever_is_written_is_a_key_or_an_error(written: str) -> None:
    said = ""
    try:
        key = as_textual(written)
    except KeyNameError as error:
        said = str(error)
    else:
        assert as_textual(key) == key
    assert said.isprintable()


def test_every_key_of_the_registry_reads_as_it_is_shown() -> None:
    keys = {key for command in COMMANDS for key in command.keys}
    assert {as_textual(key_name(key)) for key in keys} == keys
    assert {as_textual(key) for key in keys} == keys


@pytest.mark.parametrize(
    ("own", "command", "said"),
    [
        ({"chat.panle": "x"}, "chat.panle", "there is no command 'chat.panle'; did you mean chat.panel?"),
        ({"chat.panel": "f99"}, "chat.panel", "there is no key 'f99'"),
        ({"chat.panel": "k"}, "chat.panel", "k is needed for typing"),
        ({"app.help": "home"}, "app.help", "home is needed for typing"),
        ({"chat.panel": "ctrl+t"}, "chat.panel", "ctrl+t is the key of chat.thinking (view: thinking) too"),
        ({"turn.copy": "e"}, "turn.copy", "e is the key of turn.edit"),
        ({"turn.copy": "ctrl+b"}, "turn.copy", "the key of chat.panel"),
        ({"panel.pause": "ctrl+t"}, "panel.pause", "the key of chat.thinking"),
        ({"replay.play": "f1"}, "replay.play", "the key of app.help"),
        ({"chat.end": "y"}, "chat.end", "the key of turn.copy"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(own: dict[str, str], command: str, said: str) -> None:
    (problem,) = Keymap(own).problems
    assert problem.command == command
    assert said in problem.text


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"chat.panel": "ctrl+t", "chat.thinking": "ctrl+b"},  # they change places
        {"chat.panel": ""},
        {"chat.stop": "f11"},  # the others on escape keep it
        {"replay.play": "p"},  # what a letter means elsewhere is not its concern
        {"turn.copy": "c", "turn.continue": ""},
    ],
)
def test_what_is_well_is_not_told(own: dict[str, str]) -> None:
    assert Keymap(own).problems == []


def test_keys_that_are_wrong_count_for_nothing() -> None:
    keymap = Keymap({"chat.panel": "f99", "no.such": "ctrl+k"})
    assert keymap.keys_of(OF_ID["chat.panel"]) == ("ctrl+b",)
    assert keymap.for_textual() == {}


def test_the_table_of_keys_shows_those_of_the_user() -> None:
    keymap = Keymap({"chat.panel": "ctrl+k, f12", "chat.log": ""})
    lines = keymap_markdown(keymap.keys_of).splitlines()
    assert any(line.startswith("| `ctrl+k`, `f12` | ") and line.endswith("`chat.panel` |") for line in lines)
    assert any(line.startswith("| – | ") and line.endswith("`chat.log` |") for line in lines)


def bound(owner: type[DOMNode]) -> Iterator[tuple[str, str | None]]:
    merged = owner._merged_bindings
    assert merged is not None
    yield from ((key, binding.id) for key, binding in merged)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.keys], ids=lambda command: command.id)
def test_every_command_with_keys_is_bound_somewhere_by_its_id(command: Command) -> None:
    pairs = {pair for owner in OWNERS[command.scope] for pair in bound(owner)}
    assert {(key, command.id) for key in command.keys} <= pairs


PRESSED: dict[Scope, str] = {
    "app": "app.help", "chat": "chat.panel", "panel": "panel.pause", "turn": "turn.fold",
    "compare": "compare.close", "details": "details.close", "sessions": "sessions.close",
    "replay": "replay.close", "runs": "runs.close", "report": "report.close", "item": "item.close",
    "models": "models.stop", "settings": "settings.close", "manual": "manual.close", "log": "log.close",
}  # fmt: skip


def test_a_command_of_every_scope_is_pressed() -> None:
    assert set(PRESSED) == {command.scope for command in COMMANDS}


@pytest.mark.parametrize("scope", PRESSED)
async def test_a_key_of_the_user_works_and_the_old_one_no_more(
    store: Store, tmp_path: Path, scope: Scope
) -> None:
    command = OF_ID[PRESSED[scope]]
    app = full_app(store, tmp_path, keymap={command.id: "ctrl+f12"})
    ran: list[str] = []
    async with app.run_test(size=WIDE) as pilot:
        await go_to(pilot, "chat" if scope == "app" else scope)
        target = app.chat.panel if scope == "panel" else app if scope == "app" else app.screen
        name = command.action.partition("(")[0]
        setattr(target, f"action_{name}", lambda *_: ran.append(command.id))
        await pilot.press("ctrl+f12")
        await until(pilot, lambda: bool(ran))
        await pilot.press(*command.keys)
        assert ran == [command.id]


async def test_a_key_that_others_share_stays_theirs(store: Store) -> None:
    app = make_app(store, keymap={"chat.stop": "f12"})
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: app.chat.panel.has_focus)
        await pilot.press("escape")
        await until(pilot, lambda: app.chat.prompt.has_focus)


async def test_a_key_that_was_taken_away_is_dead_and_its_footer_can_be_clicked(store: Store) -> None:
    app = make_app(store, keymap={"app.help": "", "chat.compare": "ctrl+f4, f12"})
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "^f4 compare" in drawn(app.screen).splitlines()[-1])
        await pilot.press("f1")
        assert app.screen is app.chat
        (key,) = [
            each for each in app.chat.query(FooterKey) if each.action == "app.help" or each.key == NO_KEY
        ]
        assert key.key_display == ""
        await pilot.click(key)
        await until(pilot, lambda: app.screen is not app.chat)


def test_every_scope_has_commands() -> None:
    assert all(in_scope(scope) for scope in OWNERS)
