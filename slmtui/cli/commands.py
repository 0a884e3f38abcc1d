"""Puts the commands together."""

import typer

from slmtui.cli.arms import arms
from slmtui.cli.ask import ask
from slmtui.cli.bench import bench
from slmtui.cli.compare import compare_sessions
from slmtui.cli.doctor import doctor
from slmtui.cli.formats import formats
from slmtui.cli.ledger import ledger
from slmtui.cli.models import models
from slmtui.cli.notes import notes
from slmtui.cli.replay import replay
from slmtui.cli.report import report
from slmtui.cli.runs import runs
from slmtui.cli.serve import serve
from slmtui.cli.sessions import sessions
from slmtui.cli.settings import settings
from slmtui.cli.tools import tools
from slmtui.cli.trace import trace
from slmtui.cli.whatif import whatif


def add_commands(app: typer.Typer) -> None:
    """Add every command to the program, in the order of its help."""
    app.command("ask")(ask)
    app.command("serve")(serve)
    app.add_typer(models, name="models")
    app.add_typer(sessions, name="sessions")
    app.command("replay")(replay)
    app.command("whatif")(whatif)
    app.command("ledger")(ledger)
    app.command("bench")(bench)
    app.add_typer(runs, name="runs")
    app.command("compare")(compare_sessions)
    app.command("report")(report)
    app.command("trace")(trace)
    app.command("arms")(arms)
    app.add_typer(tools, name="tools")
    app.add_typer(notes, name="notes")
    app.add_typer(formats, name="formats")
    app.add_typer(settings, name="settings")
    app.command("doctor")(doctor)
