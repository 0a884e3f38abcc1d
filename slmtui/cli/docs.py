"""Writes docs/cli.md from the commands themselves: `python -m slmtui.cli.docs docs`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from slmtui.cli import app
from slmtui.cli.commands import add_commands
from slmtui.cli.exits import MEANINGS
from slmtui.settings import FILE_NAME, NESTING, PREFIX, Settings

FILE = "cli.md"
INTRODUCTION = """\
# The command line

Made from the commands by `python -m slmtui.cli.docs docs`; a test keeps it so.

Standard output is data, standard error is talk: an answer, a table or JSON can be piped on. Text that
a model, a file or a user wrote is printed without control characters and escapes. Every error that a
user can cause is one line on standard error, and an exit code.
"""


def cli_markdown() -> str:
    """Return the document."""
    program = typer.Typer(help=app.info.help, add_completion=False)
    program.callback(invoke_without_command=True)(_callback())
    add_commands(program)
    lines = [INTRODUCTION, *_exit_codes(), *_command(typer.main.get_command(program), "slmtui"), *_settings()]
    return "\n".join(lines).rstrip() + "\n"


def write(folder: Path) -> None:
    """Write the document into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(cli_markdown(), encoding="utf-8")


def _callback() -> Any:
    assert app.registered_callback is not None
    return app.registered_callback.callback


def _exit_codes() -> Iterator[str]:
    yield from ("## Exit codes", "", "| code | meaning |", "| --- | --- |")
    for code, meaning in MEANINGS.items():
        yield f"| {int(code)} | {meaning} |"
    yield ""


def _command(command: Any, name: str) -> Iterator[str]:
    """Yield a command and those below it."""
    groups: dict[str, Any] = getattr(command, "commands", {})
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    yield from (f"## `{' '.join([name, *map(_placeholder, arguments)])}`", "", command.help or "", "")
    if arguments or options:
        yield from ("| | |", "| --- | --- |")
        yield from (f"| `{_placeholder(each)}` | {_meaning(each)} |" for each in arguments)
        yield from (f"| {_names(each)} | {_meaning(each)} |" for each in options)
        yield ""
    for child, below in groups.items():
        yield from _command(below, f"{name} {child}")


def _placeholder(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    return names if option.is_flag or not option.metavar else f"{names} `{_cell(option.metavar)}`"


def _meaning(param: Any) -> str:
    shown = isinstance(param.default, str | int | float) and not isinstance(param.default, bool)
    return _cell(param.help or "") + (f" Default: `{param.default}`." if shown else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _settings() -> Iterator[str]:
    yield from (
        "## Settings",
        "",
        f"They come from `{FILE_NAME}` in the folder of settings (`slmtui doctor` says where), from the",
        "environment, and from the flags; a flag goes before a variable, and a variable before the file.",
        "",
        "| key in the file | variable | default |",
        "| --- | --- | --- |",
    )
    for path, default in _keys():
        shown = "" if default is None else f"`{_as_toml(default)}`"
        yield f"| `{'.'.join(path)}` | `{PREFIX}{NESTING.join(path).upper()}` | {shown} |"


def _as_toml(value: object) -> str:
    """Return a default as it would stand in the settings file, texts without their quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return "[]" if value == () else str(value)


def _keys() -> Iterator[tuple[tuple[str, ...], object]]:
    yield from _keys_of(Settings(), ())


def _keys_of(table: BaseModel, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name in type(table).model_fields:
        value = getattr(table, name)
        if isinstance(value, BaseModel):
            yield from _keys_of(value, (*path, name))
        else:
            yield (*path, name), value


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
