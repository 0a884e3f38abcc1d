"""Puts the commands together."""

import typer

from slmtui.cli.arms import arms
from slmtui.cli.ask import ask
from slmtui.cli.compare import compare_sessions
from slmtui.cli.doctor import doctor
from slmtui.cli.formats import formats
from slmtui.cli.models import models
from slmtui.cli.notes import notes
from slmtui.cli.replay import replay
from slmtui.cli.sessions import sessions
from slmtui.cli.tools import tools


def add_commands(app: typer.Typer) -> None:
    """Add every command to the program, in the order of its help."""
    app.command("ask")(ask)
    app.add_typer(models, name="models")
    app.add_typer(sessions, name="sessions")
    app.command("replay")(replay)
    app.command("compare")(compare_sessions)
    app.command("arms")(arms)
    app.add_typer(tools, name="tools")
    app.add_typer(notes, name="notes")
    app.add_typer(formats, name="formats")
    app.command("doctor")(doctor)
