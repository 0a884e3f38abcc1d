"""The options that several commands share, declared once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.helps import Helps, switched
from slmtui.cli.exits import Exit, fail

Model = Annotated[
    str | None, typer.Option("--model", "-m", help="A GGUF file, or the name of a model on this machine.")
]
Paradigm = Annotated[
    str | None,
    typer.Option("--paradigm", "-p", help="base, single, multi, or a control; `slmtui arms` lists them."),
]
Db = Annotated[Path | None, typer.Option("--db", help="The file that keeps the sessions.")]
Notes = Annotated[Path | None, typer.Option("--notes", help="A folder of text and Markdown files to search.")]
Cold = Annotated[
    bool,
    typer.Option(
        "--cold",
        help="Reuse nothing of the KV cache and run each call alone, so that the answer depends on nothing"
        " else: for scored runs.",
    ),
]
Switches = Annotated[
    list[str] | None,
    typer.Option("--switch", help="A switch of help, as examples=0; `slmtui arms` lists them. Repeatable."),
]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow", help="A tool that may write or reach out without asking. Repeatable."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def overrides(**flags: object) -> Mapping[str, Any]:
    """Return flags as the settings take them: paths as text, what was not given as None."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in flags.items()}


def switches(given: list[str] | None) -> Mapping[str, Any]:
    """Return `NAME=VALUE` switches as the settings take them. A wrong one ends the command."""
    helps = Helps()
    for each in given or ():
        name, _, value = each.partition("=")
        try:
            helps = switched(helps, name.strip(), value.strip())
        except ValueError as error:
            fail(Exit.USAGE, f"--switch {each}: {error}")
    return {name: getattr(helps, name) for name in (each.partition("=")[0].strip() for each in given or ())}
