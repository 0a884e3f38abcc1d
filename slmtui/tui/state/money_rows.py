"""What turns cost in money, as rows of the cost table: energy at a tariff, tokens at price lists."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

from sessions.money import POWER, Cost, Prices, TokenCounts, turn_costs
from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.cost_table import LABEL, WIDTH, Metric

TURNS = 1_000_000
"""One turn costs too little to read: the rows are for a million like it."""

Counted = Mapping[str, Mapping[str, TokenCounts]]
"""Tokens as hosted services count them, by turn and encoding, of the turns that were counted so."""


def money_rows(prices: Prices, counted: Counted) -> tuple[Metric, ...]:
    """Return the rows for which there are prices."""
    names = [POWER] if prices.tariff_per_kwh is not None else []
    names += [price.name for price in prices.hosted]
    return tuple(_row(name, prices, counted) for name in names)


def money_note(prices: Prices, record: TurnRecord | None, counted: Counted) -> tuple[str, Sequence[str]]:
    """Return what the rows mean, or how to set a price: a word for the right end, and lines."""
    if not money_rows(prices, counted):
        return "no price set", ["money.tariff_per_kwh in settings.toml"]
    found = {} if record is None else _costs(record, prices, counted)
    meant = [f"{_label(name)} {cost.basis}" for name, cost in found.items() if name != POWER]
    return f"{prices.currency} for a million such turns", wrap("; ".join(meant), WIDTH)


def _row(name: str, prices: Prices, counted: Counted) -> Metric:
    def amount(record: TurnRecord) -> float | None:
        cost = _costs(record, prices, counted).get(name)
        return None if cost is None else TURNS * cost.amount

    def estimated(record: TurnRecord) -> bool:
        cost = _costs(record, prices, counted).get(name)
        return cost is not None and cost.estimate

    return Metric(_label(name), amount, fmt.significant, estimated)


def _costs(record: TurnRecord, prices: Prices, counted: Counted) -> dict[str, Cost]:
    return {cost.what: cost for cost in turn_costs(record, prices, counted.get(record.turn))}


def _label(name: str) -> str:
    return f"{plain_line(name, LABEL - 1)}*"
