"""Text that is not ours, made safe to print: no control characters, no escapes, no hidden directions."""

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
