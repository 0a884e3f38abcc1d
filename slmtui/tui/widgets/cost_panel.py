"""The live cost panel: what this turn costs, against the session's medians, with what moves as bars."""

from collections.abc import Sequence
from textwrap import wrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from sessions.money import Prices
from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.cost_line import energy_scope, energy_so_far, memory_kinds
from slmtui.tui.state.cost_table import WIDTH, Metric, cost_table
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.money_rows import Counted, money_note, money_rows
from slmtui.tui.widgets.plain_static import PlainStatic

NOT_COUNTED: Counted = {}


class CostPanel(VerticalScroll, can_focus=False):
    """Draws each of its parts only when it changed."""

    BORDER_TITLE = "cost"

    def __init__(self, prices: Prices) -> None:
        super().__init__()
        self._prices = prices

    def compose(self) -> ComposeResult:
        """Hold the table and the gauges, each of a fixed height."""
        for name in ("table", "rate", "memory", "context", "energy", "money"):
            yield PlainStatic(classes=f"cost--{name}")

    def show_turn(
        self,
        turn: LiveTurn | None,
        records: Sequence[TurnRecord],
        *,
        now: float,
        counted: Counted = NOT_COUNTED,
    ) -> None:
        """Draw the turn as it stands at `now` seconds, against the finished turns of the session.

        `counted` has the tokens of turns as hosted services count them.
        """
        record = None if turn is None else turn.record
        if record is not None and record.status is None:
            record.wall_s = max(record.wall_s, now)
        self._show("table", _table(record, records, money_rows(self._prices, counted)))
        self._show("rate", _rate(turn, record))
        self._show("memory", _memory(turn, record))
        self._show("context", _context(record))
        self._show("energy", _energy(record))
        self._show("money", _money(self._prices, record, counted))

    def _show(self, name: str, content: Content) -> None:
        part = self.query_one(f".cost--{name}", PlainStatic)
        height = content.plain.count("\n") + 1
        part.show(content, layout=height != part.size.height)


def _table(record: TurnRecord | None, records: Sequence[TurnRecord], extra: Sequence[Metric]) -> Content:
    head, *lines = cost_table(record, records, extra)
    return Content.assemble((head, "bold underline"), "\n" + "\n".join(lines))


def _head(name: str, value: str) -> tuple[str, str]:
    return f"{name}{value:>{WIDTH - len(name)}}\n", "bold"


def _rate(turn: LiveTurn | None, record: TurnRecord | None) -> Content:
    rates = turn.gauges.rates if turn is not None else []
    value = fmt.rate(record.decode_tok_s if record is not None else None)
    if turn is not None and turn.gauges.prefill is not None:
        prefill = turn.gauges.prefill
        value = f"prefill {fmt.count(prefill.done)} / {fmt.count(prefill.total)}"
    return _gauge("speed", value, rates)


def _memory(turn: LiveTurn | None, record: TurnRecord | None) -> Content:
    rss = turn.gauges.rss if turn is not None else []
    value = fmt.NONE
    if record is not None and record.rss_bytes is not None:
        value = f"{fmt.size(record.rss_bytes)} · peak {fmt.size(record.peak_rss_bytes)}"
    kinds = "" if record is None else memory_kinds(record)
    return Content.assemble(_gauge("memory", value, rss), (f"\n{kinds}" if kinds else "", "dim"))


def _gauge(name: str, value: str, series: Sequence[float]) -> Content:
    top = fmt.round_up(max(series, default=1.0))
    return Content.assemble(_head(name, value), (fmt.spark(series, WIDTH, top), "$primary"))


def _context(record: TurnRecord | None) -> Content:
    used = record.context_used if record is not None else None
    size = record.context_size if record is not None else None
    if used is None or not size:
        return Content.assemble(_head("context", fmt.NONE), (fmt.bar(0, WIDTH), "$primary"))
    value = f"{fmt.count(used)} of {fmt.count(size)} · {used / size:.0%}"
    return Content.assemble(_head("context", value), (fmt.bar(used / size, WIDTH), "$primary"))


def _energy(record: TurnRecord | None) -> Content:
    value = fmt.NONE if record is None else energy_so_far(record)
    if record is not None and record.energy_source != "none":
        watts = f" · {fmt.significant(record.mean_watts)} W" if record.mean_watts is not None else ""
        value = f"{value} {record.energy_source}{watts}"
    below = [] if record is None else wrap(energy_scope(record), WIDTH)
    return _part("energy", value, below)


def _money(prices: Prices, record: TurnRecord | None, counted: Counted) -> Content:
    return _part("money", *money_note(prices, record, counted))


def _part(name: str, value: str, below: Sequence[str]) -> Content:
    """Return a head with lines below it, the last without an end."""
    head, style = _head(name, value)
    if not below:
        return Content.assemble((head.rstrip("\n"), style))
    return Content.assemble((head, style), ("\n".join(below), "dim"))
