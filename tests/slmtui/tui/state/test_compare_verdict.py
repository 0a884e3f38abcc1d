import pytest

from agents.events import EnergySource
from sessions.compare import compare
from sessions.comparison import Comparison
from sessions.differences import Arm
from sessions.observation import RESOURCES, Observation
from slmtui.tui.state.compare_verdict import RULE, SHARED, least_marked, verdict


def observed(
    arm: str,
    item: str,
    right: bool | None,
    seconds: float,
    repeat: int = 1,
    source: EnergySource = "modelled",
) -> Observation:
    values = dict.fromkeys(RESOURCES, 1.0) | {"wall_s": seconds}
    state = None if right is None else "right" if right else "wrong"
    return Observation(
        arm, item, "by hand", repeat, f"{arm}{item}{repeat}", state, right, right, None, source, values
    )


def compared(
    prompts: int, *, right: tuple[bool | None, bool | None] = (None, None), repeats: int = 1
) -> Comparison:
    """Compare base with single, which takes about twice as long."""
    found = [
        observed(arm, f"i{n}", truth, seconds * (1 + n / 10), repeat)
        for n in range(prompts)
        for repeat in range(1, repeats + 1)
        for arm, truth, seconds in (("base", right[0], 1.0), ("single", right[1], 2.0))
    ]
    return compare(found, [Arm("base"), Arm("single")], resamples=200)


def test_one_answer_each_is_no_verdict_and_says_what_is_missing() -> None:
    for made in (compared(1), compared(1, right=(False, True))):
        (said,) = verdict(made, "base", shared=True)
        assert said.startswith("No verdict: one answer each.")
        assert "two for what they cost, and 6 prompts" in said
        assert "r runs this prompt again" in said


def test_nothing_to_compare_is_said() -> None:
    assert verdict(None, "base", shared=False) == ["No verdict: it takes two arms that answered."]


def test_costs_come_with_their_spread_from_two_prompts_on() -> None:
    said = verdict(compared(4), "base", shared=False)
    (costs,) = (each for each in said if each.startswith("single / base"))
    assert "over 4 rounds: ×2.00 seconds (2.00 to 2.00)" in costs
    assert "it takes 6 prompts at least" in said[0]
    assert "there are 0 for single" in said[0]
    assert said[-1] == RULE


def test_repeats_of_one_prompt_have_no_interval_and_it_says_so() -> None:
    said = verdict(compared(1, repeats=3), "base", shared=False)
    (costs,) = (each for each in said if each.startswith("single / base"))
    assert "over 3 rounds (no interval: that takes two prompts): ×2.00 seconds;" in costs


def test_arms_that_ran_beside_each_other_are_not_believed() -> None:
    said = verdict(compared(3), "base", shared=True)
    assert said[-1].startswith(SHARED)
    (costs,) = (each for each in said if each.startswith("single / base"))
    assert "~×2.00 seconds" in costs
    assert "; ×1.00 tokens written" in costs


def test_who_is_right_is_said_by_the_comparison_itself() -> None:
    made = compared(8, right=(False, True))
    pair = made.pair("base", "single")
    assert pair is not None
    assert pair.verdict == "second is better"
    assert verdict(made, "base", shared=False)[0] == pair.text


@pytest.mark.parametrize(("pairs", "least"), [(1, 6), (3, 7), (36, 11)])
def test_the_least_that_could_tell_is_what_the_exact_test_needs(pairs: int, least: int) -> None:
    assert least_marked(pairs) == least
    assert 2 / 2**least < 0.05 / pairs <= 2 / 2 ** (least - 1)


def test_fewer_prompts_than_that_never_have_a_verdict() -> None:
    least = least_marked(1)
    few = compared(least - 1, right=(False, True)).pair("base", "single")
    enough = compared(least, right=(False, True)).pair("base", "single")
    assert few is not None
    assert enough is not None
    assert (few.verdict, enough.verdict) == ("not enough items to tell", "second is better")
