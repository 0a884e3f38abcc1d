import math

import pytest
from scipy import stats

from sessions.stats.power import EXACT_UP_TO, in_words, items_needed, power, resolvable


def brute_power(n: int, difference: float, share: float) -> float:
    """Sum over every number of discordant pairs, with scipy's binomial and its exact test."""
    total = 0.0
    for m in range(n + 1):
        one_way = stats.binom(m, (1 + difference / share) / 2)
        rejected = sum(one_way.pmf(k) for k in range(m + 1) if m and stats.binomtest(k, m).pvalue <= 0.05)
        total += stats.binom.pmf(m, n, share) * rejected
    return total


@pytest.mark.parametrize(
    ("n", "difference", "share"), [(8, 0.5, 0.6), (25, 0.2, 0.3), (40, 0.0, 0.5), (30, 0.4, 0.4)]
)
def test_power_is_that_of_every_outcome(n: int, difference: float, share: float) -> None:
    assert power(n, difference, share) == pytest.approx(brute_power(n, difference, share), abs=1e-9)


def test_two_hundred_items_resolve_nine_points() -> None:
    assert resolvable(200) == pytest.approx(0.09, abs=0.005)
    assert in_words(200).startswith("200 paired items resolve a difference of 9.1 points in accuracy")


def test_what_is_resolvable_is_where_power_reaches_eighty_percent() -> None:
    for n, share in ((12, 0.2), (100, 0.05), (400, 0.3)):
        smallest = resolvable(n, share)
        assert power(n, smallest, share) >= 0.8
        assert power(n, smallest - 0.001, share) < 0.8


def test_five_items_show_nothing_and_six_need_all_of_them() -> None:
    assert math.isinf(resolvable(5))
    assert math.isinf(resolvable(0))
    assert "cannot show any difference" in in_words(5)
    assert resolvable(6) == pytest.approx(0.8 ** (1 / 6), abs=1e-3)  # all six must be discordant, one way


def test_more_items_resolve_less_and_more_discordance_more() -> None:
    assert resolvable(50) > resolvable(200) > resolvable(1000) > resolvable(5000)
    assert resolvable(200, 0.05) < resolvable(200, 0.2) < resolvable(200, 0.5)


def test_the_approximation_takes_over_without_a_jump() -> None:
    assert resolvable(EXACT_UP_TO) == pytest.approx(resolvable(EXACT_UP_TO + 1), abs=0.0015)


def test_large_numbers_follow_the_published_formula() -> None:
    # Connor 1987: n = (z_a sqrt(psi) + z_b sqrt(psi - d^2))^2 / d^2
    psi, d = 0.2, 0.02
    z_a, z_b = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    wanted = (z_a * math.sqrt(psi) + z_b * math.sqrt(psi - d * d)) ** 2 / d**2
    assert items_needed(d, psi) == math.ceil(wanted)


def test_items_needed_undo_what_is_resolvable() -> None:
    for difference in (0.03, -0.1, 0.4):
        needed = items_needed(difference)
        assert needed is not None
        assert power(needed, abs(difference)) >= 0.8
        assert power(needed - 1, abs(difference)) < 0.8
    assert items_needed(0.0) is None
    assert items_needed(1e-5) is None
