from typing import Any

import pytest

from slmtui.suites.item import Called, Expected, ExpectedCall, Item, Outcome
from slmtui.suites.scorers import score


def call(name: str, **arguments: Any) -> Called:
    return Called("agent", name, arguments)


def scored(wanted: tuple[ExpectedCall, ...], *called: Called) -> tuple[bool, bool]:
    result = score(Item("i", "set", "?", Expected("calls", calls=wanted)), Outcome("done", "ok", called))
    return result.strict, result.flexible


AREA = ExpectedCall("area.triangle", {"base": (10,), "height": (5.0,), "unit": ("", "m", "metres")})


@pytest.mark.parametrize(
    ("called", "strict", "flexible"),
    [
        (call("area_triangle", base=10, height=5), True, True),
        (call("area.triangle", base=10.0, height=5, unit="M"), True, True),
        (call("area_triangle", base=10, height=5, unit=""), True, True),
        (call("area_triangle", base=10, height=5, unit="cm"), False, True),
        (call("area_triangle", base=10), False, True),
        (call("area_triangle", base=10, height=5, colour="red"), False, True),
        (call("area_triangle", base="10", height=5), False, True),
        (call("area_circle", base=10, height=5), False, False),
    ],
)
def test_a_call_is_right_by_its_name_and_arguments(called: Called, strict: bool, flexible: bool) -> None:
    assert scored((AREA,), called) == (strict, flexible)


@pytest.mark.parametrize(
    ("value", "allowed", "right"),
    [
        ("April 1st, 2024", "april-1st 2024", True),
        ("it's", 'it"s', True),
        ("San Diego", "San Jose", False),
        (1, True, False),
        (True, True, True),
        (False, 0, False),
        (2, 2.0, True),
        ([3, 4], [3.0, 4.0], True),
        ([4, 3], [3, 4], False),
        ([3], [3, 4], False),
        (["New York"], ["new york"], True),
        ({"min": 3, "max": 4}, {"min": [3], "max": [4, 5]}, True),
        ({"min": 3}, {"min": [3], "max": [4, ""]}, True),
        ({"min": 3}, {"min": [3], "max": [4]}, False),
        ({"min": 3, "mean": 1}, {"min": [3]}, False),
        ([{"a": "X"}, {"a": "y"}], [{"a": ["x"]}, {"a": ["Y"]}], True),
        (None, "x", False),
    ],
)
def test_values_are_compared_as_the_leaderboard_does(value: Any, allowed: Any, right: bool) -> None:
    wanted = ExpectedCall("f", {"x": (allowed,)})
    assert scored((wanted,), call("f", x=value)) == (right, True)


ONE, TWO = ExpectedCall("f", {"x": (1, 2)}), ExpectedCall("f", {"x": (1,)})


def test_several_calls_may_stand_in_any_order() -> None:
    # The first call would do for both: each is paired so that all find one.
    assert scored((ONE, TWO), call("f", x=1), call("f", x=2)) == (True, True)
    assert scored((TWO, ONE), call("f", x=2), call("f", x=1)) == (True, True)
    assert scored((ONE, TWO), call("f", x=2), call("f", x=2)) == (False, True)


def test_nothing_may_be_called_beside() -> None:
    assert scored((ONE,), call("f", x=1), call("f", x=1)) == (False, True)
    assert scored((ONE,)) == (False, False)


def test_what_was_called_is_kept() -> None:
    item = Item("i", "set", "?", Expected("calls", calls=(ONE,)))
    assert score(item, Outcome("", "ok", (call("f", x=1),))).extracted == 'f({"x":1})'


@pytest.mark.parametrize(
    ("outcome", "strict", "flexible"),
    [
        (Outcome("No function fits.", "ok"), True, True),
        (Outcome(" ", "ok"), False, True),
        (Outcome("It is 3", "ok", (call("f"),)), False, False),
        (Outcome("", "failed"), False, False),
    ],
)
def test_where_no_tool_is_right_none_may_be_called(outcome: Outcome, strict: bool, flexible: bool) -> None:
    result = score(Item("i", "set", "?", Expected("no_call"), "none"), outcome)
    assert (result.strict, result.flexible) == (strict, flexible)
