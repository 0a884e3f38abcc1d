"""The live cost panel: what this turn costs, against the session's medians, with what moves as bars."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.options import Prices
from slmtui.tui.state.cost_line import energy_so_far
from slmtui.tui.state.cost_table import WIDTH, Metric, cost_table
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.money_rows import money_note, money_rows
from slmtui.tui.widgets.plain_static import PlainStatic


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

    def show_turn(self, turn: LiveTurn | None, records: Sequence[TurnRecord], *, now: float) -> None:
        """Draw the turn as it stands at `now` seconds, against the finished turns of the session."""
        record = None if turn is None else turn.record
        if record is not None and record.status is None:
            record.wall_s = max(record.wall_s, now)
        self._show("table", _table(record, records, money_rows(self._prices)))
        self._show("rate", _rate(turn, record))
        self._show("memory", _memory(turn, record))
        self._show("context", _context(record))
        self._show("energy", _energy(record))
        self._show("money", _money(self._prices))

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
    return _gauge("memory", value, rss)


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
    return Content.assemble((_head("energy", value)[0].rstrip("\n"), "bold"))


def _money(prices: Prices) -> Content:
    word, line = money_note(prices)
    return Content.assemble(_head("money", word), (line, "dim"))
