"""Text that is not ours, made safe to draw: no control characters, no bidirectional or hidden marks.

Prompts, answers, tool results, titles, file names and errors all pass through here once, on their
way into the view. What is stored stays as it was.
"""

import re

_UNSAFE = re.compile(
    "["
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 without the newline, DEL and C1: terminal escapes begin here
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # drawn as nothing, or as a blank
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, bidi, separators
    "\ud800-\udfff"  # half of a pair: cannot be encoded, so cannot be written to a terminal
    "\U000e0000-\U000e007f"  # tags: invisible text that a model reads and a person does not
    "]"
)
_SPELLED = {"\t": "    ", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_SPACES = re.compile(r"\s+")

MOST_LINES, MOST_CHARACTERS = 2_000, 100_000
"""What is drawn of one text: more would hold up the screen, and nobody scrolls through it."""


def _spell(match: re.Match[str]) -> str:
    character = match[0]
    return "\ufffd" if "\ud800" <= character <= "\udfff" else _SPELLED.get(character, "")


def plain(text: str) -> str:
    """Return `text` with newlines kept, tabs spelled out and everything unsafe removed.

    It works character by character, so a text cleaned in pieces equals the text cleaned whole.
    """
    return _UNSAFE.sub(_spell, text)


def typed(text: str) -> str:
    """Return text for the prompt: clean, with its tabs, which a program text may need, as they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\t".join(plain(part) for part in lines.split("\t"))


def plain_line(text: str, limit: int = 200) -> str:
    """Return `text` on one line of at most `limit` characters, cut with an ellipsis."""
    line = _SPACES.sub(" ", plain(text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def beginning_of(text: str, lines: int = MOST_LINES, characters: int = MOST_CHARACTERS) -> str:
    """Return the beginning of a long text, with a line that says how much more there is."""
    head = "\n".join(text[:characters].split("\n", lines)[:lines])
    left = text[len(head) :].rstrip()
    if not left:
        return text
    more = left.count("\n")
    what = f"{more:,} more lines" if more > 1 else f"{len(left):,} more characters"
    return f"{head}\n… {what.replace(',', ' ')} are not shown"
