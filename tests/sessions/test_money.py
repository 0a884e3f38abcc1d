import math

import pytest

from sessions.money import Cost, HostedPrice, Prices, TokenCounts, costs, energy_cost, hosted_cost, turn_costs
from sessions.records import TurnRecord

SMALL = HostedPrice("small", 0.15, 0.6, "o200k_base")
LARGE = HostedPrice("large", 3.0, 15.0)
OWN = TokenCounts(1200, 386)


def test_a_kilowatt_hour_costs_the_tariff() -> None:
    assert energy_cost(3_600_000, 0.3) == pytest.approx(0.3)
    assert energy_cost(36, 0.5) == pytest.approx(5e-6)
    assert energy_cost(0, 0.3) == 0


def test_hosted_tokens_cost_by_the_million() -> None:
    price = HostedPrice("x", 0.2, 0.8)
    assert hosted_cost(TokenCounts(1_000_000, 500_000), price).amount == pytest.approx(0.6)


def test_a_hosted_price_is_marked_as_an_estimate_and_says_whose_tokens_they_are() -> None:
    cost = hosted_cost(OWN, SMALL)
    assert (str(cost), cost.basis) == ("~0.0004116", "the model's own tokens")
    counted = hosted_cost(TokenCounts(1000, 300, "o200k_base"), SMALL)
    assert (str(counted), counted.basis) == ("~0.00033", "tokens of o200k_base")


def test_the_costs_of_a_turn_are_those_that_there_are_prices_for() -> None:
    turn = TurnRecord("t", "s", "base", "", "", prompt_tokens=1200, output_tokens=386)
    turn.joules, turn.energy_source = 7200, "measured"
    prices = Prices(0.5, "EUR", (SMALL, LARGE))
    counted = {"o200k_base": TokenCounts(1000, 300, "o200k_base")}
    power, small, large = turn_costs(turn, prices, counted)
    assert power == Cost("power", pytest.approx(0.001), False, "measured energy")
    assert (small.what, small.amount) == ("small", pytest.approx(0.00033))
    assert (large.what, large.amount) == ("large", pytest.approx(0.0036 + 0.00579))
    assert turn_costs(turn, Prices()) == ()
    assert [cost.what for cost in turn_costs(turn, Prices(hosted=(LARGE,)))] == ["large"]
    assert turn_costs(turn, Prices(hosted=(SMALL,)), {}) == (hosted_cost(OWN, SMALL),)


def test_energy_that_is_modelled_makes_an_estimate_and_none_makes_no_cost() -> None:
    prices = Prices(0.36)
    (power,) = costs(prices, joules=36_000, source="modelled", tokens=OWN)
    assert (str(power), power.basis) == ("~0.0036", "modelled energy")
    assert costs(prices, joules=None, source="none", tokens=OWN) == ()
    assert costs(prices, joules=None, source="measured", tokens=OWN) == ()


@pytest.mark.parametrize("amount", [-1.0, math.nan])
def test_nonsense_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="tariff_per_kwh"):
        energy_cost(1, amount)
    with pytest.raises(ValueError, match="input_per_mtok"):
        hosted_cost(TokenCounts(1, 1), HostedPrice("x", amount, 1))
