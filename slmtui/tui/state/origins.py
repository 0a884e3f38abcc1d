"""The tokens of one call's prompt by where they come from: tags, figures that sum to it, and bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from sessions.attributing.adding import added_up
from sessions.attributing.cells import InputCell, InputOrigin
from sessions.attributing.sharing import apportion
from sessions.attributing.tables import INPUT_ORIGINS
from slmtui.tui import format as fmt

TAGS: dict[InputOrigin, str] = {
    "system": "SYS", "tools": "TLS", "example": "EXA", "history": "HIS", "user": "USR",
    "tool_result": "RES", "handoff": "HND", "template": "TPL", "unknown": "???",
}  # fmt: skip
"""The tag at the left of every line of a prompt: no colour is needed to tell where it comes from."""

WORDS: dict[InputOrigin, str] = {"tool_result": "tool result", "handoff": "hand-off"}

REUSED, NEW, AVOIDABLE = "░", "█", "▚"
HEAD = (f"reused {REUSED}", f"new {NEW}", f"avoidable {AVOIDABLE}", "in all")


def word_of(origin: InputOrigin) -> str:
    """Return an origin in words."""
    return WORDS.get(origin, origin)


@dataclass(frozen=True, slots=True)
class OriginRow:
    """Tokens of one origin, or of all: what was reused, new and avoidable, and a bar of as many cells."""

    origin: InputOrigin | Literal["total"]
    reused: int
    new: int
    avoidable: int
    bar: str = ""

    @property
    def total(self) -> int:
        """All tokens."""
        return self.reused + self.new + self.avoidable


def origin_rows(cells: Iterable[InputCell], width: int) -> tuple[OriginRow, ...]:
    """Return a row for each origin that has tokens, and their sum; the longest bar has `width` cells."""
    sums = {cell.origin: cell for cell in added_up(_of_nobody(cells))}
    found = [sums[origin] for origin in INPUT_ORIGINS if origin in sums and sums[origin].prompt]
    longest = max((cell.prompt for cell in found), default=0)
    rows = [_row(cell, -(-cell.prompt * width // longest)) for cell in found]
    total = (sum(getattr(row, name) for row in rows) for name in ("reused", "new", "avoidable"))
    return (*rows, OriginRow("total", *total))


def _of_nobody(cells: Iterable[InputCell]) -> list[InputCell]:
    return [InputCell("", "", cell.origin, cell.reused, cell.new, cell.avoidable) for cell in cells]


def _row(cell: InputCell, width: int) -> OriginRow:
    parts = (cell.reused, cell.new, cell.avoidable)
    lengths = apportion(width, parts)
    bar = "".join(sign * length for sign, length in zip((REUSED, NEW, AVOIDABLE), lengths, strict=True))
    return OriginRow(cell.origin, *parts, bar)


def table(rows: Sequence[OriginRow]) -> list[str]:
    """Return rows as lines of a table under a head, each of one width before its bar."""
    lines: list[tuple[str, ...]] = [("", "", *HEAD)]
    for row in rows:
        numbers = (fmt.count(number) for number in (row.reused, row.new, row.avoidable, row.total))
        tag = "" if row.origin == "total" else TAGS[row.origin]
        lines.append((tag, "total" if row.origin == "total" else word_of(row.origin), *numbers))
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    bars = ["", *(row.bar for row in rows)]
    return [_spelled(line, widths, bar) for line, bar in zip(lines, bars, strict=True)]


def _spelled(line: Sequence[str], widths: Sequence[int], bar: str) -> str:
    words = (f"{text:<{width}}" for text, width in zip(line[:2], widths[:2], strict=True))
    numbers = (f"{text:>{width}}" for text, width in zip(line[2:], widths[2:], strict=True))
    return "  ".join((" ".join(words), *numbers, bar)).rstrip()
