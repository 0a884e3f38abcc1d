"""What turns cost in money, as rows of the cost table: energy at a tariff, tokens at a price list."""

from dataclasses import replace

from sessions.money import energy_cost, hosted_cost
from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.options import Prices
from slmtui.tui.state.cost_table import ENERGY, Metric

TURNS = 1_000_000
"""One turn costs too little to read: the rows are for a million like it."""


def money_rows(prices: Prices) -> tuple[Metric, ...]:
    """Return the rows for which there are prices."""
    rows = []
    tariff = prices.tariff_per_kwh
    if tariff is not None:

        def power(record: TurnRecord) -> float | None:
            return None if record.joules is None else TURNS * energy_cost(record.joules, tariff)

        rows.append(replace(ENERGY, label="power*", read=power))
    asked, written = prices.hosted_input_per_mtok, prices.hosted_output_per_mtok
    if asked is not None and written is not None:

        def hosted(record: TurnRecord) -> float | None:
            return TURNS * hosted_cost(record.prompt_tokens, record.output_tokens, asked, written).amount

        rows.append(Metric("hosted*", hosted, fmt.significant, estimated=lambda _record: True))
    return tuple(rows)


def money_note(prices: Prices) -> tuple[str, str]:
    """Return what the rows mean, or how to set a price: a word for the right end, and a line."""
    if money_rows(prices):
        return f"{prices.currency} for a million such turns", "* power: energy; hosted: these tokens"
    return "no price set", "money.tariff_per_kwh in settings.toml"
