import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.compare import compare_turns
from sessions.comparison import Comparison
from sessions.differences import CONDITIONS, Difference, FactorDifference, arm, differences
from sessions.records import TurnRecord

TURN = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z", status="ok", model="tiny")
CAUSAL = re.compile(r"\b(because|causes?|caused|due to|effect|thanks to|leads? to|improve\w*|impact)\b")


def turn(paradigm: str, factors: dict[str, str] | None = None, **fields: object) -> TurnRecord:
    return replace(TURN, paradigm=paradigm, factors=json.dumps(factors or {}), **fields)


def pair(comparison: Comparison, first: str, second: str) -> Difference:
    return next(d for d in comparison.differences if (d.first, d.second) == (first, second))


def test_one_factor_is_named_with_both_values() -> None:
    found = compare_turns(
        [turn("single", {"tools": "all", "x": "1"}), turn("structured", {"tools": "none", "x": "1"})]
    )
    (difference,) = found.differences
    assert difference.factors == (FactorDifference("tools", ("all",), ("none",)),)
    assert difference.text == "single and structured differ in one factor: tools (all / none)."


def test_of_several_factors_none_can_be_blamed() -> None:
    one, two = {"tools": "none", "agents": "1"}, {"tools": "all", "agents": "2"}
    (difference,) = compare_turns([turn("multi", two), turn("base", one)]).differences
    assert difference.text == (
        "base and multi differ in 2 factors: tools (none / all), agents (1 / 2): their difference cannot be"
        " put down to any one of them."
    )


def test_arms_that_differ_in_nothing_say_so() -> None:
    (difference,) = compare_turns([turn("base", {"x": "1"}), turn("single", {"x": "1"})]).differences
    assert difference.text == "base and single do not differ in any recorded factor."


def test_every_two_arms_are_told_apart_base_first() -> None:
    arms = [turn(name, {"x": name}) for name in ("vote", "multi", "base")]
    pairs = [(each.first, each.second) for each in compare_turns(arms).differences]
    assert pairs == [("base", "vote"), ("base", "multi"), ("vote", "multi")]
    found = compare_turns(arms)
    assert found.difference("base", "multi") == pair(found, "base", "multi")
    assert found.difference("multi", "base") is None


def test_a_condition_is_a_factor_too() -> None:
    turns = [turn("base", {"x": "1"}), turn("single", {"x": "1"}, model="big")]
    (difference,) = differences([arm(each.paradigm, [each]) for each in turns])
    assert difference.text == "base and single differ in one factor: model (tiny / big)."


def test_turns_of_an_earlier_version_say_that_nothing_was_recorded() -> None:
    found = compare_turns([turn("base"), turn("single", {"x": "1"}, cold=True), turn("multi")])
    assert pair(found, "base", "single").text == (
        "base and single may differ in any factor: those of base were not recorded; of the rest, these"
        " differ: cold (no / yes)."
    )
    assert pair(found, "base", "multi").text == (
        "base and multi may differ in any factor: those of base and multi were not recorded."
    )
    assert pair(found, "base", "single").listed == "cold (no / yes), factors not recorded"


def test_a_factor_that_one_arm_lacks_was_not_recorded_there() -> None:
    turns = [turn("base", {"x": "1"}), turn("single", {"x": "1", "new": "on"})]
    (difference,) = compare_turns(turns).differences
    assert difference.text == "base and single differ in one factor: new (not recorded / on)."


def test_an_arm_with_several_values_of_a_factor_says_so() -> None:
    turns = [turn("base", {"x": "1"}), turn("single", {"x": "1"}), turn("single", {"x": "2"})]
    found = compare_turns([*turns, turn("single")])
    assert pair(found, "base", "single").text == (
        "base and single differ in one factor: x (1 / 1 or 2 or not recorded)."
    )
    assert "The turns of single are of several kinds: x is 1, 2, not recorded." in found.notes


def test_the_same_values_in_other_shares_are_a_difference() -> None:
    one, two = {"x": "1"}, {"x": "2"}
    even = [turn("base", one), turn("base", two), turn("single", one), turn("single", two)]
    assert compare_turns(even).differences[0].factors == ()
    assert compare_turns([*even, turn("single", two)]).differences[0].factors == (
        FactorDifference("x", ("1", "2"), ("1", "2")),
    )


def test_factors_are_those_of_the_turns_that_the_figures_are_over() -> None:
    failed = turn("single", {"x": "2"}, status="failed")
    arms = [turn("base", {"x": "1"}), turn("single", {"x": "1"})]
    assert compare_turns([*arms, failed]).differences[0].factors == ()
    assert compare_turns([arms[0], failed]).differences[0].listed == "x (1 / 2)"


FACTORS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2", "on"]), max_size=3)


@given(st.lists(st.tuples(st.sampled_from(["base", "single", "multi"]), FACTORS), min_size=2, max_size=8))
def test_what_differs_is_listed_and_nothing_else(told: list[tuple[str, dict[str, str]]]) -> None:
    found = compare_turns([turn(*each) for each in told])
    names = {name for name, _ in told}
    assert len(found.differences) == len(names) * (len(names) - 1) // 2
    for difference in found.differences:
        assert not CAUSAL.search(difference.text)
        arms = [
            [factors for name, factors in told if name == arm]
            for arm in (difference.first, difference.second)
        ]
        for factor in difference.factors:
            assert arms[0] != arms[1]
            assert factor.text in difference.text
        if len(arms[0]) == len(arms[1]) == 1 and not difference.unrecorded:
            (one,), (two,) = arms
            differing = {name for name in {**one, **two} if one.get(name) != two.get(name)}
            assert {factor.factor for factor in difference.factors} == differing
        assert ("cannot be put down" in difference.text) == (
            len(difference.factors) > 1 and not difference.unrecorded
        )


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_is_a_field_of_a_turn(condition: str) -> None:
    assert hasattr(TURN, condition)
