"""How a command ends: its exit code, and one clear line on standard error instead of a traceback."""

import io
import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn, cast

import typer

from slmtui.cli.printed import one_line


class Exit(IntEnum):
    """The exit codes of every command; `MEANINGS` says what they mean."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_MODEL = 3
    BUG = 70
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.OK: "It did what was asked.",
    Exit.FAILED: "It ran, and the outcome is negative: a turn failed, nothing was found, a check failed.",
    Exit.USAGE: "The input is wrong: an option, a setting, a file, a session or column that does not exist.",
    Exit.NO_MODEL: "There is no model, or the engine cannot start.",
    Exit.BUG: "slmtui itself is wrong. The line on standard error says where the log is.",
    Exit.INTERRUPTED: "Interrupted with ^C. What was written so far is kept.",
}

COMMAND_LINE_ERROR = cast("type[Exception]", typer.BadParameter.__mro__[2])
"""What typer raises for any wrong command line: click's class, to which typer gives no name of its own."""


def say(text: str) -> None:
    """Print talk: to standard error, since standard output is for data."""
    typer.echo(text, err=True)


def fail(code: Exit, text: str) -> NoReturn:
    """Say what is wrong, and end with `code`."""
    say(f"slmtui: {one_line(text)}")
    raise typer.Exit(code)


@contextmanager
def user_errors() -> Generator[None, None, None]:
    """Turn the errors that a user can cause into a line and an exit code."""
    # Imported here: `slmtui --version` must not wait for them.
    from sessions.errors import SessionsError  # noqa: PLC0415
    from slmtui.backend import BackendError  # noqa: PLC0415
    from slmtui.models.errors import ModelFileError, ModelNotFoundError  # noqa: PLC0415
    from slmtui.settings import SettingsError  # noqa: PLC0415
    from slmtui.suites.suite import SuiteError  # noqa: PLC0415
    from tools.file_places import FolderError  # noqa: PLC0415
    from tools.note_files import NotesError  # noqa: PLC0415
    from tools.table_catalogue import TablesError  # noqa: PLC0415

    try:
        yield
    except (
        SessionsError, SettingsError, SuiteError, NotesError, FolderError, TablesError, ModelFileError,
    ) as error:  # fmt: skip
        fail(Exit.USAGE, str(error))
    except (BackendError, ModelNotFoundError) as error:
        fail(Exit.NO_MODEL, str(error))
    except BrokenPipeError:
        raise
    except OSError as error:  # a folder of ours that cannot be made, a full disk
        where = error.filename if error.filename is not None else "the system"
        fail(Exit.USAGE, f"{where}: {error.strerror or error}")


def guarded(command: Callable[[], int | None]) -> NoReturn:
    """Run the whole program, `command`, to its exit code: ^C and bugs end it in order too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows another
            stream.reconfigure(errors="replace")
    try:
        code = command() or Exit.OK
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        code = _nobody_reads()
    except COMMAND_LINE_ERROR as error:
        code = _wrong_command_line(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence against tracebacks
        say(f"slmtui: this is a bug in slmtui: {one_line(repr(error))}. {_logged()}")
        code = Exit.BUG
    sys.exit(code)


def _nobody_reads() -> Exit:
    """End quietly when whoever read our output has had enough; the interpreter would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OK


def _wrong_command_line(error: Any) -> Exit:
    """Say what is wrong with the command line, and which help to read."""
    command = error.ctx.command_path if getattr(error, "ctx", None) else "slmtui"
    message = one_line(error.format_message()).replace("Value error, ", "").rstrip(".")
    say(f"slmtui: {message}; `{command} --help` says more")
    return Exit.USAGE


def _logged() -> str:
    """Write the traceback to the log, and return where that is."""
    import platformdirs  # noqa: PLC0415 - rarely wanted

    folder = platformdirs.PlatformDirs("slmtui", appauthor=False).user_log_path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = logging.getLogger("slmtui.cli")
        log.addHandler(logging.FileHandler(folder / "slmtui.log"))
        log.propagate = False
        log.exception("a command failed")
    except OSError:
        return "Its traceback could not be written to the log."
    return f"The traceback is in {folder / 'slmtui.log'}."
