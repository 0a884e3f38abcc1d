import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import NamedChance
from sessions.choices import entropy_bits, likeliest


def chances(*probabilities: float) -> list[NamedChance]:
    return [NamedChance(f"name{index}", p) for index, p in enumerate(probabilities)]


@pytest.mark.parametrize(
    ("probabilities", "bits"),
    [((1.0,), 0.0), ((1.0, 0.0), 0.0), ((0.5, 0.5), 1.0), ((0.25,) * 4, 2.0), ((0.5, 0.25, 0.25), 1.5)],
)
def test_entropy_of_known_choices(probabilities: tuple[float, ...], bits: float) -> None:
    found = entropy_bits(chances(*probabilities))
    assert found == bits
    assert math.copysign(1, found) == 1  # no minus zero in an export


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=20))
def test_entropy_lies_between_certainty_and_a_draw_from_equals(weights: list[int]) -> None:
    found = entropy_bits(chances(*(weight / sum(weights) for weight in weights)))
    assert found is not None
    assert 0 <= found <= math.log2(len(weights)) + 1e-9


def test_the_likeliest_is_the_first_of_equals() -> None:
    assert likeliest(chances(0.2, 0.4, 0.4)) == NamedChance("name1", 0.4)


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert (likeliest(()), entropy_bits(())) == (None, None)
