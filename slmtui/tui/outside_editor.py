"""The user's own editor, run on the text of a prompt."""

import asyncio
import shlex
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slmtui.tui.plain import plain_line

NAME = "prompt.md"
MOST = 4_000_000
"""Bytes that the editor may leave behind."""


class EditorError(Exception):
    """The editor gave nothing back; the text says why, and what to do."""


async def edited(command: str, text: str) -> str:
    """Return what the editor of a command line made of a text. Raises `EditorError`.

    The terminal must be free. The file lies in a folder that only the user can look into.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="slmtui-") as folder, _interrupts_for_editor():
            file = Path(folder) / NAME
            file.write_text(text, encoding="utf-8")
            await _run(command, file)
            return _read(file)
    except OSError as error:
        raise EditorError(f"No editor can be given the prompt: {error.strerror or error}.") from error


async def _run(command: str, file: Path) -> None:
    try:
        words = shlex.split(command)
        process = await asyncio.create_subprocess_exec(*words, str(file))
    except (OSError, ValueError, TypeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        name = plain_line(command, 60)
        raise EditorError(f"The editor {name} cannot be started ({why}): set $VISUAL to another.") from error
    code = await process.wait()
    if code != 0:
        raise EditorError(f"The editor {plain_line(words[0], 60)} ended with {code}: nothing was taken.")


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST + 1)
        if len(data) > MOST:
            raise EditorError("What the editor wrote is too long: nothing was taken.")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(f"What the editor wrote cannot be read: {error}.") from error


@contextmanager
def _interrupts_for_editor() -> Iterator[None]:
    """Let ctrl+c mean the editor alone. A handler, unlike ignoring, is not handed down to it."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
