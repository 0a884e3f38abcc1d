"""What a turn costs in money: its energy at a tariff, and what its tokens would cost elsewhere."""

from dataclasses import dataclass

JOULES_PER_KWH = 3_600_000
PER_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """An amount of money that nobody was billed. Shown with `~`."""

    amount: float

    def __str__(self) -> str:
        return f"~{self.amount:.4g}"


def energy_cost(joules: float, tariff_per_kwh: float) -> float:
    """Return the price of an energy: joules / 3.6e6 * tariff, in the tariff's currency.

    It is as good as the joules: an estimate where their source is `modelled`. Raises `ValueError`
    for negative amounts.
    """
    _refuse_negative(joules=joules, tariff_per_kwh=tariff_per_kwh)
    return joules / JOULES_PER_KWH * tariff_per_kwh


def hosted_cost(
    prompt_tokens: int, output_tokens: int, input_per_mtok: float, output_per_mtok: float
) -> Estimate:
    """Return what the tokens would cost on a hosted price list, in its currency per million tokens.

    An estimate: another model has another tokenizer, and would write another answer. Raises
    `ValueError` for negative amounts.
    """
    _refuse_negative(
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
        input_per_mtok=input_per_mtok,
        output_per_mtok=output_per_mtok,
    )
    return Estimate((prompt_tokens * input_per_mtok + output_tokens * output_per_mtok) / PER_MILLION)


def _refuse_negative(**amounts: float) -> None:
    for name, amount in amounts.items():
        if not amount >= 0:  # NaN too
            raise ValueError(f"{name} must not be negative, and is {amount:g}.")
