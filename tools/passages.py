"""A note cut into passages that know their line and heading, and the part of a passage worth showing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 600
MARK, UNMARK = "\x01", "\x02"
"""What stands before and after a word that was found; no plain text holds them."""

_MAX_HEADING = 200
_MAX_EXCERPT = 300
_WRAPPED = 50  # a line shorter than this was not broken for its length, so the next does not continue it
_LIST_ITEM = re.compile(r"\s*(?:[-*+|>]|\d{1,3}[.)])")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some paragraphs of a note: the line they start on (from 1), the heading above, and their lines."""

    line: int
    heading: str
    text: str


def passages(text: str) -> Iterator[Passage]:
    """Yield the sections of a plain text, cut between lines where they grow over `MAX_CHARACTERS`.

    A heading is a passage of its own only if nothing stands under it.
    """
    heading, bare_heading_line = "", 0
    lines: list[str] = []
    start = size = 0
    for number, line in enumerate(text.split("\n"), 1):
        title = _heading(line)
        if lines and (title or size + len(line) > MAX_CHARACTERS):
            yield from _cut(start, heading, lines)
            lines, size = [], 0
        if title:
            if bare_heading_line:
                yield Passage(bare_heading_line, "", heading)
            heading, bare_heading_line = title, number
        elif line.strip() or lines:
            start = start if lines else number
            lines.append(line)
            size += len(line) + 1
            bare_heading_line = 0
    yield from _cut(start, heading, lines)
    if bare_heading_line:
        yield Passage(bare_heading_line, "", heading)


def _heading(line: str) -> str:
    """Return the title of a Markdown heading (`## Title ##`), or nothing."""
    title = line.lstrip("#")
    level = len(line) - len(title)
    is_heading = 1 <= level <= 6 and title[:1].isspace() and len(line) <= _MAX_HEADING
    return title.strip().rstrip("#").strip() if is_heading else ""


def _cut(line: int, heading: str, lines: list[str]) -> Iterator[Passage]:
    """Make a passage, or several of one enormous line; others are short enough."""
    text = "\n".join(lines).rstrip()
    for at in range(0, len(text), 2 * MAX_CHARACTERS):
        yield Passage(line, heading, text[at : at + 2 * MAX_CHARACTERS])


def excerpt(marked: str) -> tuple[int, str]:
    """Return the line (from 0) with the most marked words, and its sentence or list item on one line."""
    lines = marked.split("\n")
    best = max(range(len(lines)), key=lambda number: lines[number].count(MARK))
    first, last = best, best
    if MARK in marked:
        while first > 0 and _continues(lines[first - 1], lines[first]):
            first -= 1
        while last + 1 < len(lines) and _continues(lines[last], lines[last + 1]):
            last += 1
    else:  # what was found is the heading or the name of the file: show the beginning
        last = len(lines) - 1
    text = " ".join(" ".join(lines[first : last + 1]).split())
    return best, _window(text)


def _continues(line: str, following: str) -> bool:
    plain = line.replace(MARK, "").replace(UNMARK, "").rstrip()
    follows = following.replace(MARK, "").strip()
    if len(plain) < _WRAPPED or plain[-1] in ".!?:;":
        return False
    return bool(follows) and not _LIST_ITEM.match(follows)


def _window(text: str) -> str:
    """Cut a text to what stands around its first mark, and take the marks away."""
    at = max(0, len(text[: text.find(MARK)].replace(MARK, "")) - _MAX_EXCERPT // 3) if MARK in text else 0
    text = text.replace(MARK, "").replace(UNMARK, "")
    if len(text) <= _MAX_EXCERPT:
        return text
    at = min(at, len(text) - _MAX_EXCERPT)
    before, after = "…" if at else "", "…" if at + _MAX_EXCERPT < len(text) else ""
    return before + text[at : at + _MAX_EXCERPT].strip() + after
