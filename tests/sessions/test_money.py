import math

import pytest

from sessions.money import energy_cost, hosted_cost


def test_a_kilowatt_hour_costs_the_tariff() -> None:
    assert energy_cost(3_600_000, 0.3) == pytest.approx(0.3)
    assert energy_cost(36, 0.5) == pytest.approx(5e-6)
    assert energy_cost(0, 0.3) == 0


def test_hosted_tokens_cost_by_the_million() -> None:
    assert hosted_cost(1_000_000, 500_000, 0.2, 0.8).amount == pytest.approx(0.6)


def test_a_hosted_price_is_marked_as_an_estimate() -> None:
    assert str(hosted_cost(1200, 386, 0.15, 0.6)) == "~0.0004116"


@pytest.mark.parametrize("amount", [-1.0, math.nan])
def test_nonsense_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="tariff_per_kwh"):
        energy_cost(1, amount)
    with pytest.raises(ValueError, match="input_per_mtok"):
        hosted_cost(1, 1, amount, 1)
