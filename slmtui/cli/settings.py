"""`slmtui settings`: every setting, where it comes from, and how to change it in the file."""

from typing import Annotated, Any

import typer

from slmtui.assemble import surroundings
from slmtui.cli.exits import Exit, fail, say, user_errors
from slmtui.cli.options import Json
from slmtui.cli.output import emit, emit_json, short, table
from slmtui.settings_desk import Setting, SettingsDesk, told
from slmtui.settings_keys import TABLE

settings = typer.Typer(
    help="Every setting, where it comes from, and how to change it in the file.", invoke_without_command=True
)

Key = Annotated[str, typer.Argument(help="A setting, as sampling.top_p, or keys.chat.panel for a key.")]
MOST = 200
"""Characters of a text of the user's that is said in a sentence."""
HEAD = ("setting", "value", "from", "what it does")


@settings.callback()
def settings_of_nothing(context: typer.Context) -> None:
    """List the settings, unless a command is given."""
    if context.invoked_subcommand is None:
        show_settings()


@settings.command("show")
def show_settings(as_json: Json = False) -> None:
    """List every setting with its value, where that comes from, and what the setting does."""
    desk = _desk()
    with user_errors():
        listed, keys = desk.every(), desk.keys()
        origin = desk.sources().origin((TABLE,))
    if as_json:
        emit_json([*map(_object, listed), {"name": TABLE, "value": dict(keys), "from": origin}])
        return
    rows = [(each.name, short(told(each.value), 40), each.origin, each.meaning) for each in listed]
    rows += [(f"{TABLE}.{name}", short(each, 40), origin, "") for name, each in keys.items()]
    emit(table(HEAD, rows))


@settings.command("path")
def settings_path() -> None:
    """Print where the settings file is, or would be."""
    emit(str(_desk().path))


@settings.command("set")
def set_setting(
    key: Key,
    value: Annotated[str, typer.Argument(help='The value: 0.5, on, a text, or ["a", "b"].')],
) -> None:
    """Set a setting in the file; comments and the rest of it stay as they are."""
    desk = _desk()
    with user_errors():
        if key.startswith(f"{TABLE}."):
            name = key.removeprefix(f"{TABLE}.")
            _check_keys({**desk.keys(), name: value}, name)
            desk.put_keys(name, value)
            say(f"Set {name} in {desk.path}.")
            return
        desk.put(key, value)
        _say_what_counts(desk, desk.find(key), "Set")


@settings.command("unset")
def unset_setting(key: Key) -> None:
    """Take a setting out of the file; its default counts again."""
    desk = _desk()
    with user_errors():
        if key.startswith(f"{TABLE}."):
            desk.put_keys(key.removeprefix(f"{TABLE}."), None)
            say(f"Took {short(key, MOST)} out of {desk.path}.")
            return
        desk.reset(key)
        _say_what_counts(desk, desk.find(key), "Took out")


@settings.command("keys")
def settings_keys() -> None:
    """Print every command with its keys, those of the settings in place of the usual ones, as Markdown."""
    from slmtui.tui.commands import keymap_markdown  # noqa: PLC0415 - Textual is not for the others
    from slmtui.tui.keymap import Keymap  # noqa: PLC0415

    with user_errors():
        keymap = Keymap(_desk().keys())
    emit(keymap_markdown(keymap.keys_of), newline=False)
    for problem in keymap.problems:
        say(f"{TABLE}.{short(problem.command, MOST)}: {problem.text}")
    if keymap.problems:
        raise typer.Exit(Exit.FAILED)


def _desk() -> SettingsDesk:
    around = surroundings()
    return SettingsDesk(around.environ, around.config, {})


def _check_keys(own: dict[str, str], name: str) -> None:
    """End the command if the keys of a command are wrong."""
    from slmtui.tui.keymap import Keymap  # noqa: PLC0415 - Textual is not for the others

    wrong = next((each.text for each in Keymap(own).problems if each.command == name), None)
    if wrong is not None:
        fail(Exit.USAGE, f"{TABLE}.{name}: {wrong}")


def _say_what_counts(desk: SettingsDesk, setting: Setting, did: str) -> None:
    value = short(told(setting.value), MOST) or "nothing"
    say(f"{did} {setting.name} in {desk.path}; it is {value} {setting.when}.")
    if setting.overruled:
        say(f"{setting.overruled} overrules the file.")


def _object(setting: Setting) -> dict[str, Any]:
    value = setting.value if isinstance(setting.value, bool | int | float | None) else told(setting.value)
    return {
        "name": setting.name,
        "value": value,
        "from": setting.origin,
        "default": told(setting.default),
        "allowed": setting.allowed or ", ".join(setting.choices),
        "counts": setting.when,
        "meaning": setting.meaning,
    }
