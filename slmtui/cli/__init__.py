"""Every command. Each lives in a file of its own and imports what is heavy only when it runs."""

import sys
from typing import Annotated

import typer

import slmtui
from slmtui.cli.exits import Exit, fail, guarded
from slmtui.cli.options import Db, Model, Notes, Paradigm

app = typer.Typer(
    name="slmtui",
    help="Chat with a small language model under three agent paradigms, and see what every turn costs.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"slmtui {slmtui.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    model: Model = None,
    paradigm: Paradigm = None,
    db: Db = None,
    notes: Notes = None,
    continue_: Annotated[
        bool, typer.Option("--continue", "-c", help="Go on with the latest session.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option("--resume", help="Go on with a session: its id, or part of it.")
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Open the app, unless a command is given."""
    command = context.invoked_subcommand
    if command is not None:
        if continue_ or any(given is not None for given in (model, paradigm, db, notes, resume)):
            fail(Exit.USAGE, f"options go behind the command: slmtui {command} …")
        return
    if continue_ and resume is not None:
        fail(Exit.USAGE, "--continue goes on with the latest session, --resume with another; choose one")
    from slmtui.cli.chat import open_app  # noqa: PLC0415 - Textual is not for `--version`

    raise typer.Exit(
        open_app(model=model, paradigm=paradigm, db=db, notes=notes, resume="last" if continue_ else resume)
    )


def main() -> None:
    """Run slmtui."""
    guarded(_run)


WITH_VALUE = frozenset({"--model", "-m", "--paradigm", "-p", "--db", "--notes", "--resume"})
ALONE = frozenset({"--continue", "-c"})
"""The options with which the app opens."""


def _opens_app(arguments: list[str]) -> bool:
    """Whether a command line opens the app for certain: no command is in it, and no help is asked for."""
    left = iter(arguments)
    for each in left:
        name, sign, _ = each.partition("=")
        if name in WITH_VALUE and (sign or next(left, None) is not None):
            continue
        if each not in ALONE:
            return False
    return True


def _run() -> int | None:
    arguments = sys.argv[1:]
    if arguments[:1] != ["--version"] and not _opens_app(arguments) and not app.registered_commands:
        # Neither `--version` nor the app waits for what the commands import.
        from slmtui.cli.commands import add_commands  # noqa: PLC0415

        add_commands(app)
    code: int | None = app(standalone_mode=False, prog_name="slmtui")
    return code
