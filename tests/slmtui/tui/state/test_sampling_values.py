import pytest

from agents.message import Sampling
from slmtui.settings import SamplingTable
from slmtui.tui.state.sampling_values import MEANING, SamplingError, changed, span, told


def test_every_setting_has_its_meaning_and_its_range() -> None:
    assert set(MEANING) == set(SamplingTable.model_fields) == set(told(Sampling()))
    assert span("temperature") == "from 0 to 5"
    assert span("top_p") == "above 0, up to 1"
    assert span("seed") == "from 0 to 4 294 967 295"


def test_what_is_typed_is_taken_by_the_settings_own_model() -> None:
    set_to = changed(Sampling(), {"temperature": "0.2", "top_k": "5"})
    assert set_to == Sampling(temperature=0.2, top_k=5)
    assert changed(set_to, told(set_to)) == set_to
    fine = Sampling(temperature=0.1234567)
    assert changed(fine, told(fine)) == fine


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("temperature", "9", "temperature is 9; it should be a number from 0 to 5."),
        ("top_p", "0", "top_p is 0; it should be a number above 0, up to 1."),
        ("top_k", "4.5", "top_k is 4.5; it should be a whole number from 0 to 1 000 000."),
        ("seed", "", "seed is empty; it should be a whole number from 0 to 4 294 967 295."),
        ("temperature", "nan", "temperature is nan; it should be a number from 0 to 5."),
        ("heat", "1", "There is no sampling setting 'heat'; there are: temperature, top_k,"),
    ],
)
def test_what_is_wrong_is_said_in_words(name: str, value: str, said: str) -> None:
    with pytest.raises(SamplingError) as caught:
        changed(Sampling(), {name: value})
    assert str(caught.value).startswith(said)


def test_a_hostile_value_is_told_plainly() -> None:
    with pytest.raises(SamplingError) as caught:
        changed(Sampling(), {"seed": "\x1b[31m" * 20})
    assert "\x1b" not in str(caught.value)
