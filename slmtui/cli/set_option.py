"""`--set KEY=VALUE`: any setting, given on the command line."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

import typer

from slmtui.cli.exits import Exit, fail
from slmtui.settings import Settings, SettingsError

SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting, as sampling.top_p=0.5; a value is as in TOML. Repeatable."),
]


def settings_given(given: Iterable[str] | None, refused: Iterable[str] = ()) -> dict[str, Any]:
    """Return `KEY=VALUE` settings as the settings take them, tables as mappings.

    A value that is not TOML is text. One without `=`, and a key that is among the `refused`, end the command.
    """
    found: dict[str, Any] = {}
    for each in given or ():
        key, equals, value = each.partition("=")
        names = [name.strip() for name in key.split(".")]
        if not equals or not all(names):
            fail(Exit.USAGE, f"--set {each}: write KEY=VALUE, such as engine.kv_cache=q8_0")
        if names[0] in refused:
            fail(Exit.USAGE, f"--set {each}: {names[0]} cannot be changed here")
        _put(found, names, _value(value.strip()), each)
    return found


def loading(
    load: Callable[[Mapping[str, Any]], Settings], given: Iterable[str] | None
) -> Callable[[Mapping[str, Any]], Settings]:
    """Return `load` with errors that name the `--set` they come from."""
    keys = [each.partition("=")[0].strip() for each in given or ()]

    def loaded(values: Mapping[str, Any]) -> Settings:
        try:
            return load(values)
        except SettingsError as error:
            raise SettingsError(_named(str(error), keys)) from error

    return loaded


def _put(found: dict[str, Any], names: list[str], value: Any, each: str) -> None:
    table = found
    for name in names[:-1]:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            fail(Exit.USAGE, f"--set {each}: {name} is set twice, as a value and as a table")
    table[names[-1]] = value


def _value(text: str) -> Any:
    """Return a value as TOML has it; what is no value of TOML, such as a bare word, is text."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return read["value"] if read.keys() == {"value"} else text


def _named(text: str, keys: Iterable[str]) -> str:
    """Return an error about a flag as one about the `--set` of that key."""
    for key in keys:
        flag = f"--{key.rpartition('.')[2].strip().replace('_', '-')} "
        if text.startswith(flag):
            return f"--set {key} {text.removeprefix(flag)}"
    return text
