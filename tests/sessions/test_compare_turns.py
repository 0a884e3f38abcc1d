from dataclasses import replace

import pytest

from sessions.compare import compare_turns
from sessions.records import TurnRecord

TURN = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z", status="ok", model="tiny")


def made(paradigm: str, *values: float, prompt: str = "hello", **fixed: object) -> list[TurnRecord]:
    return [replace(TURN, paradigm=paradigm, prompt=prompt, wall_s=value, **fixed) for value in values]


def test_turns_are_paired_by_prompt_and_not_scored() -> None:
    turns = [*made("single", 3.0), *made("single", 9.0, prompt="other"), *made("base", 2.0, 8.0)]
    found = compare_turns(turns)
    assert [arm.arm for arm in found.arms] == ["base", "single"]
    assert (found.scored, found.pareto, found.arms[0].states) == (False, (), {})
    (pair,) = found.pairs
    assert (pair.n, pair.verdict, pair.p, pair.regressions) == (1, None, None, ())
    assert pair.text == "Nothing was scored: only what the two cost can be compared."
    assert next(each for each in pair.resources if each.metric == "wall_s").ratio == 1.5
    assert any("did not answer the same items" in note for note in found.notes)


def test_turns_that_did_not_end_ok_are_left_out_and_counted() -> None:
    found = compare_turns([*made("base", 1.0), *made("base", 99.0, status="cancelled")])
    spread = found.arms[0].spread("wall_s")
    assert spread is not None
    assert (spread.n, spread.maximum) == (1, 1.0)
    assert "Turns that did not end ok are left out of the figures: 1 of base." in found.notes


def test_a_spread_has_the_quartiles_of_numpy() -> None:
    spread = compare_turns(made("base", 4.0, 1.0, 2.0, 3.0, 10.0)).arms[0].spread("wall_s")
    assert spread is not None
    assert (spread.n, spread.median, spread.q1, spread.q3, spread.p95) == (
        5,
        3.0,
        2.0,
        4.0,
        pytest.approx(8.8),
    )
    assert (spread.minimum, spread.maximum, spread.mean, spread.total) == (1.0, 10.0, 4.0, 20.0)
    assert compare_turns(made("base", 1.0)).arms[0].spread("nothing") is None


def test_earlier_turns_of_a_conversation_are_noted() -> None:
    found = compare_turns([*made("base", 1.0, position=1), *made("single", 1.0, position=2)])
    assert any("what was said before them may differ" in note for note in found.notes)
