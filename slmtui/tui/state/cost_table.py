"""The table of the cost panel: this turn against the session's median for each paradigm."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.paradigms import mains, title_of

LABEL = 10
CELL = 7


@dataclass(frozen=True, slots=True)
class Metric:
    """One row: its label with the unit, how it is read from a record, and how it is written.

    `estimated` says whether a record's value is an estimate, to be marked with `~`. A median is never
    taken over measured and estimated values together: where any are measured, it is of those.
    """

    label: str
    read: Callable[[TurnRecord], float | None]
    write: Callable[[float | None], str]
    estimated: Callable[[TurnRecord], bool] = lambda _record: False

    def cell(self, records: Iterable[TurnRecord]) -> str:
        """Return the median over the records, as it is written in a cell."""
        known = [record for record in records if self.read(record) is not None]
        measured = [record for record in known if not self.estimated(record)]
        values = [value for record in measured or known if (value := self.read(record)) is not None]
        if not values:
            return fmt.NONE
        return ("" if measured else "~") + self.write(median(values))


def _giga(number: float | None) -> str:
    return fmt.significant(None if number is None else number / 1e9)


def _told(record: TurnRecord, tokens: int) -> int | None:
    """Return tokens of the prompt, or None while the first call runs: its end tells of them."""
    return None if record.status is None and not record.prompt_tokens else tokens


ENERGY = Metric(
    "energy J", lambda r: r.joules, fmt.significant, estimated=lambda r: r.energy_source == "modelled"
)

METRICS: tuple[Metric, ...] = (
    Metric("prompt tok", lambda r: _told(r, r.prompt_tokens), fmt.count),
    Metric("· reused", lambda r: _told(r, r.reused_tokens), fmt.count),
    Metric("· prefill", lambda r: _told(r, r.prefilled_tokens), fmt.count),
    Metric("output tok", lambda r: r.output_tokens, fmt.count),
    Metric("TTFT s", lambda r: r.ttft_s, fmt.significant),
    Metric("tok/s", lambda r: r.decode_tok_s, fmt.significant),
    Metric("calls", lambda r: r.calls, fmt.significant_count),
    Metric("tool calls", lambda r: r.tool_calls, fmt.significant_count),
    Metric("time s", lambda r: r.wall_s, fmt.significant),
    Metric("memory GB", lambda r: r.peak_rss_bytes, _giga),
    ENERGY,
)

RUNG_ROWS: tuple[Metric, ...] = (
    Metric("repairs", lambda r: r.repairs, fmt.significant_count),
    Metric("re-asks", lambda r: r.reasks, fmt.significant_count),
    Metric("fallbacks", lambda r: r.fallbacks, fmt.significant_count),
)
"""Rows that are there where anything was mended, asked again or left to base."""


def cost_table(
    now: TurnRecord | None, records: Sequence[TurnRecord], extra: Sequence[Metric] = ()
) -> list[str]:
    """Return the lines of the table: a head, and one line a metric.

    A paradigm's column is the median over its turns that ended well; that of this turn's paradigm is
    marked with `▸` in the head.
    """
    mine = now.paradigm if now is not None else ""
    ended = _ended(records, _columns(mine, records))
    titles = [("▸" if name == mine else "") + title_of(name)[:6] for name in ended]
    lines = [_line("", ["now" if now is None or now.status is None else "last", *titles])]
    told = [row for row in RUNG_ROWS if any(row.read(r) for r in (*records, *([now] if now else ())))]
    for metric in (*METRICS, *told, *extra):
        cells = [metric.cell(found) for found in ended.values()]
        lines.append(_line(metric.label, [metric.cell([now] if now is not None else []), *cells]))
    return lines


def _columns(mine: str, records: Sequence[TurnRecord]) -> list[str]:
    """Return the paradigms with a column: the main ones, one of which gives way to this turn's control.

    There is room for three. The one with the fewest turns goes, base never.
    """
    names = [choice.name for choice in mains()]
    if mine in names or not mine:
        return names
    turns = Counter(record.paradigm for record in records)
    names.remove(min(reversed(names[1:]), key=lambda name: turns[name]))
    return [*names, mine]


def _ended(records: Sequence[TurnRecord], names: Iterable[str]) -> dict[str, list[TurnRecord]]:
    """Return the turns of each paradigm that ended well."""
    return {name: [r for r in records if r.paradigm == name and r.status == "ok"] for name in names}


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:<{LABEL}}" + "".join(f"{cell:>{CELL}}" for cell in cells)


WIDTH = LABEL + 4 * CELL
"""Cells that the table takes with three paradigms."""
