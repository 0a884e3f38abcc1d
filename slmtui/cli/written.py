"""Writing a file that a user named, all of it or nothing."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.printed import one_line


@contextmanager
def file_to_write(path: Path) -> Generator[TextIO, None, None]:
    """Open a file to be written in place of what it held; `-` is standard output.

    Until the end nothing of it is seen, and after an error the file holds what it held. What goes wrong
    with the file ends the command in one line.
    """
    if str(path) == "-":
        yield sys.stdout
        return
    beside = path.parent / f".{path.name}.{os.getpid()}"
    try:
        if path.is_dir():
            fail(Exit.USAGE, f"{one_line(str(path))} is a folder; name a file in it")
        as_it_is = path.exists() and not path.is_file()  # a pipe or a device
        with (path if as_it_is else beside).open("w", encoding="utf-8", newline="") as out:
            yield out
        if not as_it_is:
            beside.replace(path)
    except (OSError, ValueError) as error:
        beside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        fail(Exit.USAGE, f"{one_line(str(path))} cannot be written: {reason}; name another file")
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    say(f"Wrote {one_line(str(path))}.")


def write_file(path: Path, text: str) -> None:
    """Write text to a file, in place of what it held; `-` is standard output."""
    with file_to_write(path) as out:
        out.write(text)
