import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.quoting import LONGEST, essence, quoted_answer
from slmtui.engine.gbnf import check
from tests.gbnf_match import makes


def holds(result: str, answer: str) -> bool:
    expression = quoted_answer(result)
    assert expression is not None
    return makes(f"root ::= {expression}\n", answer)


@pytest.mark.parametrize(
    ("result", "comes_to"),
    [
        ("26.2 mile = 42.1648 kilometer", "42.1648"),
        ("-40 degree Celsius = -40 degree Fahrenheit", "-40"),
        ("1976-07-04 is a Sunday", "Sunday"),
        ("46 days", "46 days"),
        ("1,344", "1,344"),
        ("a = b", "a = b"),
    ],
)
def test_what_a_result_comes_to(result: str, comes_to: str) -> None:
    assert essence(result) == comes_to


def test_an_answer_holds_the_result_and_no_number_behind_it() -> None:
    assert holds("1344", "84 times 6 is 1344.")
    assert holds("1344", "1344")
    for wrong in (
        "84 * 6 is 1334.",
        "so " * 20 + "1344",
        "It is 1344, or 1345.",
        "It is 1344.\nNo.",
        "{1344",
        " 1344",
        "",
    ):
        assert not holds("1344", wrong)


def test_an_answer_holds_one_of_several_lines_without_its_place() -> None:
    result = "a.md:4: House: The code is 4821.\na.md:9: House: The colour is red."
    assert holds(result, "The code is 4821.")
    assert holds(result, "my notes say: The colour is red.")
    assert not holds(result, "The code is 4822.")
    assert holds("1: # a\n2: port = 80\n3: host = b", "It is port = 80.")


def test_no_other_date_stands_before_a_date() -> None:
    assert holds("2015-07-10", "The date is 2015-07-10.")
    assert not holds("2015-07-10", "9 days before November 16, 2015-07-10.")


def test_a_list_is_not_begun_before_the_right_one() -> None:
    assert holds("apple, fig, pear", "In order: apple, fig, pear")
    assert not holds("apple, fig, pear", "In order: fig, apple, fig, pear")


def test_what_is_too_long_is_not_quoted() -> None:
    assert quoted_answer("") is None
    assert quoted_answer("x" * (LONGEST + 1)) is None
    assert quoted_answer("\n".join(map(str, range(100)))) is None


@settings(max_examples=30)
@given(st.text())
def test_any_result_makes_a_grammar_or_none(result: str) -> None:
    expression = quoted_answer(result)
    if expression is not None:
        check(f"root ::= {expression}\n")
