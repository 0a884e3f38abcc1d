"""What a turn costs in money: its energy at a tariff, and what its tokens would cost elsewhere.

Every figure of money on a screen or in a file comes from `costs`, most by way of `turn_costs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.events import EnergySource
from sessions.records import TurnRecord

JOULES_PER_KWH = 3_600_000
PER_MILLION = 1_000_000

POWER = "power"
"""The name of the cost that is of energy."""


@dataclass(frozen=True, slots=True)
class HostedPrice:
    """What a hosted service asks for a million tokens, read and written.

    `encoding` names the tokens that it counts, as tiktoken does; empty where that is not known.
    """

    name: str
    input_per_mtok: float
    output_per_mtok: float
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """What energy costs per kWh, and tokens elsewhere, all in `currency`; a tariff of None is not set."""

    tariff_per_kwh: float | None = None
    currency: str = "EUR"
    hosted: tuple[HostedPrice, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens read and written, and who `counted` them: an encoding of tiktoken, or empty for the model."""

    input: int
    output: int
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money in the prices' currency, for `what`. An `estimate` is shown with `~`.

    `basis` says in words what it was worked out from.
    """

    what: str
    amount: float
    estimate: bool
    basis: str

    def __str__(self) -> str:
        return f"{'~' * self.estimate}{self.amount:.4g}"


def turn_costs(
    turn: TurnRecord, prices: Prices, counted: Mapping[str, TokenCounts] | None = None
) -> tuple[Cost, ...]:
    """Return what a turn costs; `counted` has its tokens by encoding, see `sessions.hosted_tokens`."""
    tokens = TokenCounts(turn.prompt_tokens, turn.output_tokens)
    return costs(prices, joules=turn.joules, source=turn.energy_source, tokens=tokens, counted=counted)


def costs(
    prices: Prices,
    *,
    joules: float | None,
    source: EnergySource,
    tokens: TokenCounts,
    counted: Mapping[str, TokenCounts] | None = None,
) -> tuple[Cost, ...]:
    """Return what there are prices for: the energy, then each hosted price in its order.

    `tokens` are as the model itself counts; `counted` has them by encoding, where they were counted so.
    """
    found = [] if prices.tariff_per_kwh is None else _power(joules, source, prices.tariff_per_kwh)
    for price in prices.hosted:
        basis = (counted or {}).get(price.encoding, tokens)
        found.append(hosted_cost(basis, price))
    return tuple(found)


def energy_cost(joules: float, tariff_per_kwh: float) -> float:
    """Return the price of an energy: joules / 3.6e6 * tariff, in the tariff's currency.

    It is as good as the joules: an estimate where their source is `modelled`. Raises `ValueError`
    for negative amounts.
    """
    _refuse_negative(joules=joules, tariff_per_kwh=tariff_per_kwh)
    return joules / JOULES_PER_KWH * tariff_per_kwh


def hosted_cost(tokens: TokenCounts, price: HostedPrice) -> Cost:
    """Return what the tokens would cost on a hosted price list: tokens / 1e6 * price, read and written.

    An estimate: the service frames a prompt in its own way, and its model would write another answer.
    Raises `ValueError` for negative amounts.
    """
    _refuse_negative(
        input=tokens.input,
        output=tokens.output,
        input_per_mtok=price.input_per_mtok,
        output_per_mtok=price.output_per_mtok,
    )
    amount = (tokens.input * price.input_per_mtok + tokens.output * price.output_per_mtok) / PER_MILLION
    counted = f"tokens of {tokens.counted}" if tokens.counted else "the model's own tokens"
    return Cost(price.name, amount, estimate=True, basis=counted)


def _power(joules: float | None, source: EnergySource, tariff: float) -> list[Cost]:
    if joules is None or source == "none":
        return []
    amount = energy_cost(joules, tariff)
    return [Cost(POWER, amount, estimate=source == "modelled", basis=f"{source} energy")]


def _refuse_negative(**amounts: float) -> None:
    for name, amount in amounts.items():
        if not amount >= 0:  # NaN too
            raise ValueError(f"{name} must not be negative, and is {amount:g}.")
