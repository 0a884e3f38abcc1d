"""The bars and arrows of a timeline in cells: so many columns for so many nanoseconds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, product

from sessions.attributing.cells import NANO
from slmtui.tui.state.timeline import Bar, BarKind

GLYPHS: dict[BarKind, str] = {"wait": "░", "prefill": "▒", "decode": "█", "tool": "╌"}
TOOL, FAILED = "⚙", "✗"
LEAST_STEP = 9
"""Columns between two marks of the axis, at least."""

BLANK = (" ", "")
_JOINED = {
    ("│", "╰▶"): "├", ("│", "╭▶"): "├", ("╰", "│"): "├", ("╭", "│"): "├",
    ("╭", "╰▶"): "├", ("╰", "╭▶"): "├",
}  # fmt: skip


@dataclass(slots=True)
class Grid:
    """Rows of cells, each a glyph and its kind: that of a bar, `failed`, `arrow`, `axis`, or nothing."""

    width: int
    wall: int
    rows: list[list[tuple[str, str]]] = field(default_factory=list)

    def add_row(self) -> int:
        """Add a blank row, and return its number."""
        self.rows.append([BLANK] * self.width)
        return len(self.rows) - 1

    def runs(self, row: int) -> tuple[tuple[str, str], ...]:
        """Return a row as texts of one kind each."""
        runs = groupby(self.rows[row], key=lambda cell: cell[1])
        return tuple(("".join(glyph for glyph, _ in cells), kind) for kind, cells in runs)

    def column(self, at: int) -> int:
        """Return the column of a moment in nanoseconds."""
        return max(0, min(at * self.width // self.wall, self.width - 1)) if self.wall else 0

    def span(self, bar: Bar) -> tuple[int, int]:
        """Return the first column of a bar and the one past its last: it has one at least."""
        first = self.column(bar.start)
        last = -(-bar.end * self.width // self.wall) if self.wall else 0
        return first, max(first + 1, min(last, self.width))

    def draw_bar(self, row: int, bar: Bar) -> None:
        """Draw a bar: in each of its columns what most of it was there."""
        first, last = self.span(bar)
        cells = self.rows[row]
        for column in range(first, last):
            kind = self._kind(bar, column)
            cells[column] = (GLYPHS[kind], kind)
        if bar.is_tool:
            cells[first] = (TOOL, "tool")
        if bar.failed:
            cells[last - 1] = (FAILED, "failed")

    def _kind(self, bar: Bar, column: int) -> BarKind:
        """Return what a bar did for most of a column, in units of a nanosecond over the width."""
        low, high = column * self.wall, (column + 1) * self.wall
        took: dict[BarKind, int] = {}
        for each in bar.stretches:
            part = min(each.end * self.width, high) - max(each.start * self.width, low)
            if part > 0:
                took[each.kind] = took.get(each.kind, 0) + part
        return max(took, key=lambda kind: took[kind], default="tool" if bar.is_tool else "decode")

    def draw_arrow(self, source: int, target: int, at: int) -> None:
        """Draw a hand-off from a row to another, before its moment, wherever no bar is in the way."""
        column = max(0, self.column(at) - 2)
        step = 1 if target > source else -1
        for row in range(source + step, target, step):
            self._join(row, column, "│")
        self._join(target, column, "╰▶" if step > 0 else "╭▶")

    def _join(self, row: int, column: int, sign: str) -> None:
        """Put a sign where nothing stands, and join it to another arrow's."""
        cells = self.rows[row]
        glyph, kind = cells[column]
        if kind == "":
            cells[column] = (sign[0], "arrow")
        elif kind == "arrow":
            cells[column] = (_JOINED.get((glyph, sign), glyph), "arrow")
        if len(sign) > 1 and column + 1 < self.width and cells[column + 1] == BLANK:
            cells[column + 1] = (sign[1], "arrow")

    def draw_axis(self, row: int) -> None:
        """Write the seconds at round distances."""
        cells, step = self.rows[row], self._step()
        mark = 0
        while mark <= self.wall:
            column, label = self.column(mark), f"╵{mark / NANO:g} s"
            if column + len(label) <= self.width:
                cells[column : column + len(label)] = [(glyph, "axis") for glyph in label]
            mark += step

    def _step(self) -> int:
        """Return the nanoseconds between two marks: 1, 2 or 5 times a power of ten."""
        return next(step for step in _steps() if step * self.width >= self.wall * LEAST_STEP)


def _steps() -> Iterator[int]:
    yield from (digit * 10**power for power, digit in product(range(6, 40), (1, 2, 5)))
