"""Writing a file that a user named, all of it or nothing."""

import os
from pathlib import Path

import typer

from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.printed import one_line


def write_file(path: Path, text: str) -> None:
    """Write text to a file, in place of what it held; `-` is standard output.

    What goes wrong ends the command in one line.
    """
    if str(path) == "-":
        typer.echo(text, nl=False)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_dir():
            fail(Exit.USAGE, f"{one_line(str(path))} is a folder; name a file in it")
        if path.exists() and not path.is_file():  # a pipe or a device is written as it is
            path.write_text(text, encoding="utf-8", newline="")
        else:
            beside.write_text(text, encoding="utf-8", newline="")
            beside.replace(path)
    except (OSError, ValueError) as error:
        beside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        fail(Exit.USAGE, f"{one_line(str(path))} cannot be written: {reason}; name another file")
    say(f"Wrote {one_line(str(path))}.")
