"""What the arms cost in money, as a table and in words; and how to set a price where none is."""

from collections.abc import Iterator

from sessions.comparing.money import ArmCost, Money
from sessions.comparison import Interval
from sessions.money import PER_MILLION, POWER, HostedPrice, Prices
from sessions.report.figures import NONE, Figures
from sessions.report.table import Table, table

NOT_SET = "No price is set: [money] in the settings has a tariff of energy and prices of hosted services."


def is_set(prices: Prices) -> bool:
    """Whether there is any price."""
    return prices.tariff_per_kwh is not None or bool(prices.hosted)


def money(found: Money, figures: Figures, *, scored: bool) -> Table:
    """Return what a million attempts, and as many right answers, cost by each price."""
    currency = found.prices.currency
    right = ", and for as many right ones with 95 % intervals, failures included" if scored else ""
    head = ("Arm", "By the price of", "Counted", "Attempts", *(("Right answers",) if scored else ()))
    return table(
        f"{currency} for a million attempts{right}; ~ is an estimate",
        head,
        [cells(each, figures)[: len(head)] for each in found.costs],
        right=range(3, len(head)),
    )


def cells(cost: ArmCost, figures: Figures) -> tuple[str, str, str, str, str]:
    """Return an arm, a price, what was counted, and what a million attempts and right answers cost."""
    mean = amount(cost.mean, figures, estimate=cost.estimate)
    return cost.arm, cost.what, cost.basis, mean, _per_right(cost, figures)


def amount(each: float, figures: Figures, *, estimate: bool) -> str:
    """Return what a million of something cost, each so much, marked where it is an estimate."""
    return f"{'~' * estimate}{figures.numbers.significant(PER_MILLION * each)}"


def sentences(found: Money) -> tuple[str, ...]:
    """Return the prices in words, or how to set one; and whether there was no energy to pay for."""
    if not is_set(found.prices):
        return (NOT_SET,)
    return tuple(_prices(found))


def _per_right(cost: ArmCost, figures: Figures) -> str:
    if cost.per_right is None:
        return cost.note or NONE
    value = amount(cost.per_right, figures, estimate=cost.estimate)
    return value + _within(cost.interval, figures, estimate=cost.estimate)


def _within(interval: Interval | None, figures: Figures, *, estimate: bool) -> str:
    if interval is None:
        return ""
    low, high = (amount(end, figures, estimate=estimate) for end in (interval.low, interval.high))
    return f" ({low} to {high})"


def _prices(found: Money) -> Iterator[str]:
    prices = found.prices
    if prices.tariff_per_kwh is not None:
        yield f"A kWh costs {prices.tariff_per_kwh:g} {prices.currency}."
        if found.costs and not any(cost.what == POWER for cost in found.costs):
            yield "No energy was read, so there is none to pay for."
    yield from (_hosted(price, prices.currency) for price in prices.hosted)
    if prices.hosted:
        yield "A hosted service is estimated: it would frame a prompt, and answer it, in its own way."


def _hosted(price: HostedPrice, currency: str) -> str:
    asked = f"{price.input_per_mtok:g} {currency} a million tokens read and {price.output_per_mtok:g} written"
    return f"{price.name} asks {asked}."
