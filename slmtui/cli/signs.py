"""Signs for terminals and files whose encoding has no others: a minus that is lost is a wrong figure."""

import sys

PLAIN = {"−": "-", "–": "-", "×": "x", "÷": "/", "·": "-", "±": "~", "…": "~", "’": "'", "→": ">"}
"""What stands for a sign that cannot be written, as wide as the sign itself."""

BOXES = str.maketrans("│─┌┐└┘├┤┬┴┼", "|-+++++++++")


def writable(text: str, encoding: str | None = None) -> str:
    """Return a text with the signs that the encoding lacks, by default standard output's, as plain ones."""
    told = encoding or sys.stdout.encoding or "ascii"
    lacking = {ord(sign): plain for sign, plain in PLAIN.items() if not can_write(sign, told)}
    return text.translate(lacking)


def boxed(text: str, encoding: str) -> str:
    """Return a chart; where the encoding has no lines to draw with, letters stand for them."""
    return text if can_write("│─┌┐└┘├┤┬┴┼", encoding) else text.translate(BOXES)


def can_write(text: str, encoding: str) -> bool:
    """Whether an encoding has all of these characters."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
