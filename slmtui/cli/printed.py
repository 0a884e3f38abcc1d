"""Text that is not ours, made safe to print: no control characters, no escapes, no hidden directions."""

import shutil
import sys
import textwrap
import unicodedata

_KEPT = {"\n", "\t"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}  # scripts and emoji need these


def printable(text: str) -> str:
    """Return a text without what could move the cursor, colour the terminal or turn the direction."""
    return "".join(c for c in text if c in _KEPT or c in _JOINERS or unicodedata.category(c) not in _HIDDEN)


def one_line(text: str) -> str:
    """Return a text safe to print, on one line."""
    return " ".join(printable(text).split())


def wrapped(text: str, width: int | None = None, *, indent: str = "") -> str:
    """Return a text safe to print, its lines at most `width` characters: by default as the terminal is wide.

    A word that is longer has a line of its own. What goes to a file or a pipe stays on one line. Lines after
    the first begin with `indent`, for which the first leaves room.
    """
    line = one_line(text)
    if width is None:
        if not sys.stdout.isatty():
            return line
        width = shutil.get_terminal_size().columns
    room = max(width - len(indent), 1)
    lines = textwrap.wrap(line, room, break_long_words=False, break_on_hyphens=False)
    return f"\n{indent}".join(lines)
