import math

import pytest

from sessions.energy_audit import MODELLED, EnergyFigure, energy_audit, variation


def measured(*watts: float, wall_s: float = 4.0) -> list[EnergyFigure]:
    return [(power * wall_s, wall_s, 2.0, "measured") for power in watts]


def test_figures_that_vary_as_those_of_a_counter_do_are_left_alone() -> None:
    assert energy_audit(measured(21, 30, 26, 24), idle_watts=9) is None


def test_energy_that_is_time_times_a_constant_says_so() -> None:
    turns: list[EnergyFigure] = [(85.0 * wall, wall, 1.0, "measured") for wall in (1.0, 2.5, 7.0)]
    assert (found := energy_audit(turns)) is not None
    assert "every turn implies 85 W (they vary by 0.0%): this energy is time × constant" in found
    assert energy_audit(turns[:2]) is None  # two that agree are no surprise


@pytest.mark.parametrize(("half", "said"), [(0.019, True), (0.021, False)])
def test_two_per_cent_is_the_line(half: float, said: bool) -> None:
    around = measured(*(100 * (1 + side * half) for side in (-1, 1) * 3))
    assert (energy_audit(around) is not None) is said


def test_modelled_energy_is_named_and_its_watts_are_not_judged() -> None:
    turns: list[EnergyFigure] = [(5.0, 1.0, 1.0, "modelled")] * 4
    assert energy_audit(turns, idle_watts=20) == MODELLED


def test_sources_are_not_mixed_in_silence() -> None:
    both = energy_audit([*measured(20, 30), (9.0, 1.0, 1.0, "modelled")])
    assert both == f"{MODELLED}; some figures are measured and others modelled: they must not be compared"


def test_watts_below_idle_and_above_what_a_machine_draws() -> None:
    found = energy_audit(measured(4, 30, 9_000), idle_watts=12)
    assert found is not None
    low, high = found.split("; ")
    assert low.startswith("1 of 3 turns implies less than the idle power, 4 W against 12 W")
    assert high.startswith("1 of 3 turns implies up to 9000 W, more than is plausible (3000 W)")
    assert "2 of 3 turns imply" in str(energy_audit(measured(4, 5, 40), idle_watts=12))


def test_turns_without_a_figure_or_without_time_are_left_out() -> None:
    turns: list[EnergyFigure] = [
        (None, 3.0, 1.0, "measured"),
        (0.0, 0.0, 0.0, "measured"),
        (7.0, 1.0, None, "none"),
        (7.0, 1.0, 1.0, "measured"),
    ]
    assert energy_audit(turns) is None
    assert energy_audit([]) is None


def test_the_coefficient_of_variation() -> None:
    assert variation([9, 11]) == pytest.approx(0.1)
    assert variation([2, 4, 4, 4, 5, 5, 7, 9]) == pytest.approx(math.sqrt(4) / 5)
    assert variation([]) is None
    assert variation([0.0, 0.0]) is None
