"""A program of a few commands, run the whole way to its exit code."""

from collections.abc import Callable
from typing import Any

import pytest
import typer

from slmtui.cli.exits import guarded
from tests.slmtui.cli.conftest import Ran


def program(capsys: pytest.CaptureFixture[str], **commands: Callable[..., Any]) -> Callable[..., Ran]:
    app = typer.Typer(pretty_exceptions_enable=False)
    for name, command in commands.items():
        app.command(name)(command)

    def run(*args: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            guarded(lambda: app(list(map(str, args)), standalone_mode=False, prog_name="slmtui"))
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
