from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.suites.item import Expected, ExpectedCall, Instruction, Kind
from slmtui.suites.item_json import decode_expected, encode_expected
from slmtui.suites.scorers.score import _SCORERS
from slmtui.suites.suite import SuiteError

texts = st.text(max_size=12)
numbers = st.floats(0, 1e9, allow_nan=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e9, 1e9) | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
    max_leaves=6,
)
calls = st.builds(
    ExpectedCall, texts, st.dictionaries(texts, st.lists(values, max_size=3).map(tuple), max_size=3)
)
instructions = st.builds(Instruction, texts, st.dictionaries(texts, values, max_size=3))
expectations = st.builds(
    Expected,
    kind=st.sampled_from(get_args(Kind)),
    value=texts,
    values=st.lists(texts, max_size=4).map(tuple),
    relative=numbers,
    absolute=numbers,
    calls=st.lists(calls, max_size=2).map(tuple),
    instructions=st.lists(instructions, max_size=2).map(tuple),
)


@given(expectations)
def test_a_right_answer_goes_through_json_without_loss(expected: Expected) -> None:
    assert decode_expected(encode_expected(expected)) == expected


def test_what_is_as_by_default_is_left_out() -> None:
    assert encode_expected(Expected("number", "36")) == '{"kind":"number","value":"36"}'


@pytest.mark.parametrize("text", ["", "{}", '{"kind":"guess"}', '{"kind":"number","value":3}'])
def test_what_is_no_right_answer_is_told_of(text: str) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        decode_expected(text)


def test_there_is_a_scorer_for_every_kind() -> None:
    assert set(_SCORERS) == set(get_args(Kind))
