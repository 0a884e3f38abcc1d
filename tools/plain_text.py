"""Text that is safe to show and to put in a prompt: no escapes, no control or invisible characters."""

import re

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
"""Hyphens, dashes and the minus sign of Unicode, which models write for `-`."""

_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # operating system commands: titles, links, the clipboard
    r"|\x1b[PX^_][^\x1b\n]*(?:\x1b\\)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequences: colours, cursor, modes
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_BREAK = re.compile(r"\r\n?")
_OTHER_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")  # spaces: editors do not count lines by them
# Controls, bidirectional overrides, invisible spaces, lone surrogates, and the tag characters and variation
# selectors that can hide a whole sentence from the reader but not from a model.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# One of these may choose how an emoji looks; a row of them is a message.
_ROW_OF_SELECTORS = re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+")


def plain(text: str) -> str:
    """Return the text with escape sequences, control and invisible characters removed; lines stay lines."""
    text = _ESCAPE_SEQUENCES.sub("", text)
    text = _UNSEEN.sub("", _OTHER_BREAKS.sub(" ", _LINE_BREAK.sub("\n", text)))
    return _ROW_OF_SELECTORS.sub(r"\1", text)


def visible(name: str) -> str:
    """Return the name of a file with whatever cannot be printed written as an escape, such as \\x1b."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def one_line(text: str, limit: int) -> str:
    """Return plain text on one line, cut to at most `limit` characters."""
    line = " ".join(plain(text[: limit * 20]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def quoted(value: object, limit: int = 60) -> str:
    """Return a value that somebody else wrote, short and between quotes, for an error message."""
    if isinstance(value, int) and value.bit_length() > 256:
        return "a very large number"
    if isinstance(value, str | int | float | None):
        return f"'{one_line(str(value), limit)}'"
    return f"a {type(value).__name__}"
