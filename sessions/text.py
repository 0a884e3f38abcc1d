"""Text that models and users wrote, made safe to store, to list and to export."""

import re

TITLE_LENGTH = 60
SURROGATES = re.compile("[\ud800-\udfff]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters but tab and line feed, and what turns the direction of text or has no width."""


def storable(text: str) -> str:
    """Return text that every reader of SQLite gets whole: NUL and lone surrogates become U+FFFD."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def plain(text: str) -> str:
    """Return text without control characters but tab and line feed; other line ends become line feeds."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNSAFE.sub("", SURROGATES.sub("\ufffd", lines))


def title_of(prompt: str) -> str:
    """Return the first line of a prompt that says something, cut to 60 characters at a word."""
    lines = (" ".join(line.split()) for line in plain(prompt).split("\n"))
    line = next(filter(None, lines), "")
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < TITLE_LENGTH // 3 else cut).rstrip() + "…"
