"""A timeline as rows of text: names, bars of glyphs, and figures that sum to what they show as the total."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from rich.cells import cell_len

from sessions.attributing.sharing import apportion
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.cells import padded
from slmtui.tui.state.notices import plural
from slmtui.tui.state.timeline import Lane, Timeline
from slmtui.tui.state.timeline_grid import Grid

LEGEND = "░ queue, wait · ▒ prefill · █ decode · ⚙ tool · ✗ failed · ╰▶ hand-off"
ROOT, IDLE, NAMELESS = "the turn", "(idle)", "(no name)"
NAME, LEAST_BARS = 16, 12
"""The most cells of a name, and the fewest of bars before figures give way."""

_MS, _HUNDREDTH, _TENTH = 1_000_000, 10_000_000, 100_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a name, its bars as runs of text of one kind each, and its figures."""

    name: str
    runs: tuple[tuple[str, str], ...]
    figures: str = ""

    @property
    def text(self) -> str:
        """The whole row."""
        return self.name + "".join(text for text, _ in self.runs) + self.figures


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which lanes are drawn, and where their columns are; each width includes the gap beside it."""

    timeline: Timeline
    lanes: tuple[Lane, ...]
    whole: bool
    name_width: int
    bar_width: int
    figures: tuple[str, ...]

    def row(self, name: str, runs: tuple[tuple[str, str], ...], figures: str = "") -> Row:
        beside = cell_len(self.figures[0]) if self.figures else 0
        return Row(
            padded(name, self.name_width - 1) + " " * bool(self.name_width), runs, f"{figures:<{beside}}"
        )


def rows_of(timeline: Timeline, width: int, *, most: int | None = None, whole: bool = True) -> list[Row]:
    """Return a timeline in rows of `width` cells, 1 at least.

    With `most`, so many rows of lanes at most: what runs at once is drawn into one row, and then the last
    lanes into one. `whole` adds the turn's own row above, idle moments and the axis below.
    """
    layout = _layout(timeline, width, most, whole=whole)
    figures = iter(layout.figures or [""] * (len(layout.lanes) + 2))
    rows = [layout.row(ROOT, (("─" * layout.bar_width, "axis"),), next(figures))] if whole else []
    grid = Grid(layout.bar_width, timeline.wall)
    places = _draw(grid, layout)
    for lane, (first, after) in zip(layout.lanes, pairwise([*places, len(grid.rows)]), strict=True):
        rows.append(layout.row(_name(lane), grid.runs(first), next(figures)))
        rows += [layout.row("", grid.runs(row)) for row in range(first + 1, after)]
    if whole:
        if timeline.idle:
            rows.append(layout.row(IDLE, ((" " * layout.bar_width, ""),), next(figures)))
        grid.draw_axis(grid.add_row())
        rows.append(layout.row("", grid.runs(len(grid.rows) - 1)))
    return rows


def mark_under(timeline: Timeline, width: int, ident: str) -> str:
    """Return ▲ under the bar of a call, for rows of `width` cells; nothing where it has none."""
    layout = _layout(timeline, width, None, whole=True)
    every = chain.from_iterable(row for lane in timeline.lanes for row in lane.rows)
    bar = next((bar for bar in every if bar.id == ident), None)
    if bar is None:
        return ""
    first, last = Grid(layout.bar_width, timeline.wall).span(bar)
    return " " * (layout.name_width + first) + "▲" * (last - first)


def _draw(grid: Grid, layout: _Layout) -> list[int]:
    """Draw bars, and arrows between them; return the first row of each lane."""
    places = []
    for lane in layout.lanes:
        places.append(len(grid.rows))
        for bars in lane.rows or ((),):
            row = grid.add_row()
            for bar in sorted(bars, key=lambda bar: bar.is_tool):  # a tool's short run stays in sight
                grid.draw_bar(row, bar)
    last = len(layout.lanes) - 1
    for arrow in layout.timeline.arrows:
        source, target = places[min(arrow.source, last)], places[min(arrow.target, last)]
        if source != target:
            grid.draw_arrow(source, target, arrow.at)
    return places


def _layout(timeline: Timeline, width: int, most: int | None, *, whole: bool) -> _Layout:
    lanes = _within(timeline.lanes, most)
    longest = max(map(cell_len, [ROOT if whole else "", *map(_name, lanes)]))
    name_width = min(NAME, longest, width // 4)
    name_width += name_width > 0
    table = _figures(timeline, lanes, whole=whole)
    figures = _beside(table, width - name_width - LEAST_BARS)
    bar_width = width - name_width - (cell_len(figures[0]) if figures else 0)
    return _Layout(timeline, lanes, whole, name_width, bar_width, figures)


def _name(lane: Lane) -> str:
    return plain_line(lane.agent, NAME) or NAMELESS


def _within(lanes: Sequence[Lane], most: int | None) -> tuple[Lane, ...]:
    """Return lanes in `most` rows at most: first without rows for what runs at once, then the last in one."""
    if most is None or sum(max(1, len(lane.rows)) for lane in lanes) <= most:
        return tuple(lanes)
    flat = [replace(lane, rows=(tuple(chain.from_iterable(lane.rows)),)) for lane in lanes]
    if len(flat) <= most:
        return tuple(flat)
    rest = flat[most - 1 :]
    together = Lane(
        f"{plural(len(rest), 'other')}",
        (tuple(chain.from_iterable(row for lane in rest for row in lane.rows)),),
        sum(lane.prompt_tokens for lane in rest),
        sum(lane.output_tokens for lane in rest),
        sum(lane.nanoseconds for lane in rest),
    )
    return (*flat[: most - 1], together)


def _figures(timeline: Timeline, lanes: Sequence[Lane], *, whole: bool) -> Sequence[tuple[str, ...]]:
    """Return share, seconds and tokens of each row, the total's first, rounded so that they sum exactly."""
    shares = [lane.nanoseconds for lane in lanes] + [timeline.idle]
    unit, spell = _unit(timeline.wall)
    parts = apportion(round(timeline.wall / unit), shares)
    percents = (
        [_percent(each) for each in apportion(100, shares)] if timeline.wall else [fmt.NONE] * len(shares)
    )
    rows = [
        (
            percents[n],
            spell(parts[n]),
            *_tokens(lane.prompt_tokens, lane.output_tokens),
        )
        for n, lane in enumerate(lanes)
    ]
    if not whole:
        return rows
    total = _tokens(timeline.prompt_tokens, timeline.output_tokens)
    root = (_percent(100) if timeline.wall else fmt.NONE, spell(sum(parts)), *total)
    idle = [(percents[-1], spell(parts[-1]), "", "")] if timeline.idle else []
    return [root, *rows, *idle]


def _tokens(prompt: int, output: int) -> tuple[str, str]:
    return f"↑{fmt.count(prompt)}", f"↓{fmt.count(output)}"


def _percent(number: int) -> str:
    return f"{number} %"


def _unit(wall: int) -> tuple[int, Callable[[int], str]]:
    """Return the nanoseconds in which a turn's parts are told, and how so many of them are written."""
    if wall < 1_000 * _MS:
        return _MS, lambda number: f"{number} ms"
    if wall < 10_000 * _HUNDREDTH:
        return _HUNDREDTH, lambda number: f"{number / 100:.2f} s"
    return _TENTH, lambda number: f"{number / 10:.1f} s"


def _beside(table: Sequence[Sequence[str]], room: int) -> tuple[str, ...]:
    """Return rows of figures in `room` cells: share alone, or seconds too, or all; nothing where none fits.

    Each begins with the gap to its bars.
    """
    if not table:
        return ()
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for order in ((2, 3, 1, 0), (1, 0), (0,)):
        if sum(widths[column] + 1 for column in order) <= room:
            return tuple("".join(f" {row[n]:>{widths[n]}}" for n in order) for row in table)
    return ()
