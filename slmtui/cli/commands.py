"""Puts the commands together."""

import typer

from slmtui.cli.ask import ask


def add_commands(app: typer.Typer) -> None:
    """Add every command to the program."""
    app.command()(ask)
