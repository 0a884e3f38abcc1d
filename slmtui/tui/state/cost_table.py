"""The table of the cost panel: this turn against the session's median for each paradigm."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.paradigms import choices

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


def cost_table(
    now: TurnRecord | None, records: Sequence[TurnRecord], extra: Sequence[Metric] = ()
) -> list[str]:
    """Return the lines of the table: a head, and one line a metric.

    A paradigm's column is the median over its turns that ended well; that of this turn's paradigm is
    marked with `▸` in the head.
    """
    mine = now.paradigm if now is not None else ""
    titles = [("▸" if choice.name == mine else "") + choice.title[:6] for choice in choices()]
    lines = [_line("", ["now" if now is None or now.status is None else "last", *titles])]
    ended = {
        choice.name: [r for r in records if r.paradigm == choice.name and r.status == "ok"]
        for choice in choices()
    }
    for metric in (*METRICS, *extra):
        cells = [metric.cell(found) for found in ended.values()]
        lines.append(_line(metric.label, [metric.cell([now] if now is not None else []), *cells]))
    return lines


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:<{LABEL}}" + "".join(f"{cell:>{CELL}}" for cell in cells)


WIDTH = LABEL + 4 * CELL
"""Cells that the table takes with three paradigms."""
