"""The table of the cost panel: this turn against the session's median for each paradigm."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
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
    `beside` is another metric that is written into the same cell, after a dot.
    """

    label: str
    read: Callable[[TurnRecord], float | None]
    write: Callable[[float | None], str]
    estimated: Callable[[TurnRecord], bool] = lambda _record: False
    beside: "Metric | None" = None

    def cell(self, records: Sequence[TurnRecord]) -> str:
        """Return the median over the records, as it is written in a cell."""
        own = self._own(records)
        return own if self.beside is None or own == fmt.NONE else f"{own}·{self.beside.cell(records)}"

    def _own(self, records: Sequence[TurnRecord]) -> str:
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
    Metric(
        "calls·tool",
        lambda r: r.calls,
        fmt.significant_count,
        beside=Metric("tool calls", lambda r: r.tool_calls, fmt.significant_count),
    ),
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


@dataclass(frozen=True, slots=True)
class Medians:
    """The columns of the paradigms: their heads, how many turns each is of, and the cells of every row."""

    heads: tuple[str, ...]
    turns: tuple[int, ...]
    cells: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class MedianCache:
    """Works medians out anew only when a turn has ended: a session may have thousands."""

    _key: Hashable = None
    _medians: Medians = field(default_factory=lambda: Medians((), (), {}))

    def of(self, mine: str, records: Sequence[TurnRecord], rows: Sequence[Metric], version: int) -> Medians:
        """Return the medians over the turns that ended well; `version` grows when their prices change."""
        ends = (records[0].turn, records[-1].turn, records[-1].status) if records else ()
        key = (mine, len(records), ends, tuple(row.label for row in rows), version)
        if key != self._key:
            self._key, self._medians = key, medians(mine, records, rows)
        return self._medians


def medians(mine: str, records: Sequence[TurnRecord], rows: Sequence[Metric]) -> Medians:
    """Return the medians of each paradigm over its turns that ended well; `mine` is marked with `▸`."""
    ended = _ended(records, _columns(mine, records))
    heads = tuple(("▸" if name == mine else "") + title_of(name)[:6] for name in ended)
    cells = {row.label: tuple(row.cell(found) for found in ended.values()) for row in rows}
    return Medians(heads, tuple(len(found) for found in ended.values()), cells)


def rows_of(
    now: TurnRecord | None, records: Sequence[TurnRecord], extra: Sequence[Metric]
) -> tuple[Metric, ...]:
    """Return the rows of the table. While a turn runs, it adds none: the table would jump."""
    over = [now] if now is not None and now.status is not None else []
    told = [row for row in RUNG_ROWS if any(row.read(record) for record in (*records, *over))]
    return (*METRICS, *told, *extra)


def cost_table(
    now: TurnRecord | None,
    records: Sequence[TurnRecord],
    extra: Sequence[Metric] = (),
    cache: MedianCache | None = None,
    version: int = 0,
) -> list[str]:
    """Return the lines of the table: a head, one line a metric, and how many turns the medians are of.

    A paradigm's column is the median over its turns that ended well; that of this turn's paradigm is
    marked with `▸` in the head.
    """
    mine = now.paradigm if now is not None else ""
    rows = rows_of(now, records, extra)
    found = (cache or MedianCache()).of(mine, records, rows, version)
    running = now is None or now.status is None
    lines = [_line("", ["now" if running else "last", *found.heads])]
    mine_alone = [now] if now is not None else []
    lines += [_line(row.label, [row.cell(mine_alone), *found.cells[row.label]]) for row in rows]
    counts = [fmt.count(number) if number else fmt.NONE for number in found.turns]
    return [*lines, _line("turns", ["", *counts])]


RATIOS: tuple[tuple[str, Callable[[TurnRecord], float | None]], ...] = (
    ("time", lambda r: r.wall_s),
    ("tok", lambda r: r.prompt_tokens + r.output_tokens),
    ("J", lambda r: r.joules),
)
"""What this turn is measured by against base."""


def against_base(now: TurnRecord | None, records: Sequence[TurnRecord]) -> str:
    """Return this turn over the median of the base turns that ended well: ×1.9 time ×2.3 tok ×~1.9 J.

    Energy is compared only where both have the same source; `~` marks what is estimated.
    """
    if now is None:
        return fmt.NONE
    if now.paradigm == "base":
        return "this is base"
    base = [record for record in records if record.paradigm == "base" and record.status == "ok"]
    if not base:
        return "no base turn yet"
    parts = [_ratio(now, base, label, read) for label, read in RATIOS]
    return " ".join(part for part in parts if part) or fmt.NONE


def _ratio(
    now: TurnRecord, base: Sequence[TurnRecord], label: str, read: Callable[[TurnRecord], float | None]
) -> str:
    alike = [b for b in base if label != "J" or b.energy_source == now.energy_source]
    values = [value for record in alike if (value := read(record)) is not None]
    mine = read(now)
    if mine is None or not values or median(values) <= 0:
        return ""
    mark = "~" if label == "J" and now.energy_source == "modelled" else ""
    ratio = mine / median(values)
    return f"×{mark}{ratio:.1f} {label}" if ratio < 99.95 else f"×{mark}{fmt.count(ratio)} {label}"


def start_note(now: TurnRecord | None, load_s: float | None) -> str:
    """Return whether the turn began warm, and how long the model took to load, which is no part of it."""
    word = fmt.NONE if now is None or not now.turn else "cold (asked)" if now.cold else _warmth(now)
    return word if load_s is None else f"{word} · load {fmt.duration(load_s)}"


def _warmth(record: TurnRecord) -> str:
    return "warm" if record.warm else "cold"


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
