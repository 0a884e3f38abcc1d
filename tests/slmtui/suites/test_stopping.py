import pytest

from sessions.run_records import ArmRecord, AttemptRecord
from slmtui.suites.runner import pairs
from slmtui.suites.stopping import EVERY, RULE, StoppingRule

PAIRS = (("base", "single"), ("base", "multi"))


def told(rule: StoppingRule, number: int, right: dict[str, bool], *, silent: bool = False) -> str:
    """Tell of one item that every arm has answered, and return what the rule says then."""
    verdicts = []
    for arm, is_right in right.items():
        state = "right" if is_right else "wrong"
        rule.add(AttemptRecord("r", arm, str(number), 1, "s", "t", state))
        verdicts.append(rule.look(silent=silent))
    assert not any(verdicts[:-1])  # an item counts once the last arm has answered it
    return verdicts[-1]


def looks(rule: StoppingRule, items: list[dict[str, bool]]) -> list[int]:
    """Return after how many items the rule said stop."""
    return [number for number, right in enumerate(items, 1) if told(rule, number, right)]


def item(base: bool, single: bool, multi: bool) -> dict[str, bool]:
    return {"base": base, "single": single, "multi": multi}


def test_a_run_goes_on_until_every_pair_is_decided() -> None:
    rule = StoppingRule(PAIRS, 200)
    far_apart = [item(False, True, n > 20) for n in range(1, 61)]
    # single is decided at once; multi has 20 items alone after 40, of which p is 2^-19.
    assert looks(rule, far_apart) == [40, 60]


def test_it_is_looked_at_no_more_than_every_so_many_items_and_not_at_the_end() -> None:
    rule = StoppingRule(PAIRS[:1], 2 * EVERY)
    items = [{"base": False, "single": True}] * (2 * EVERY)
    assert looks(rule, items) == [EVERY]


def test_a_run_whose_pairs_can_no_longer_be_decided_is_futile() -> None:
    rule = StoppingRule(PAIRS, 64)
    alike = [item(True, True, True)] * 63
    # 4 items are left after 60: even if all went one way, p would be 2 / 2^4.
    assert looks(rule, alike) == [60]


def test_five_items_that_go_one_way_could_not_decide_and_six_could() -> None:
    for left, wanted in ((5, [EVERY]), (6, [])):
        rule = StoppingRule(PAIRS[:1], EVERY + left)
        assert looks(rule, [{"base": True, "single": True}] * EVERY) == wanted


def test_the_interim_level_is_far_below_that_of_the_end() -> None:
    for alone, wanted in ((10, []), (11, [EVERY])):  # 2 / 2^10 is above 0.001, 2 / 2^11 below
        rule = StoppingRule(PAIRS[:1], 1000)
        items = [{"base": False, "single": n < alone} for n in range(EVERY)]
        assert looks(rule, items) == wanted


def test_the_level_is_held_over_all_the_pairs() -> None:
    rule = StoppingRule(PAIRS, 1000)
    items = [item(False, n < 11, n < 11) for n in range(EVERY)]
    assert looks(rule, items) == []  # 2 / 2^11 twice


def test_looks_of_an_earlier_process_are_not_taken_again() -> None:
    rule = StoppingRule(PAIRS[:1], 1000)
    right = {"base": False, "single": True}
    assert not any(told(rule, n, right, silent=True) for n in range(EVERY + 5))
    assert looks(rule, [right] * (EVERY + 5)) == []
    assert [n for n in range(EVERY + 5, 2 * EVERY) if told(rule, n, right)] == [2 * EVERY - 1]


def test_the_reason_says_what_was_decided() -> None:
    rule = StoppingRule(PAIRS, 24)
    verdict = ""
    for n in range(EVERY):
        verdict = verdict or told(rule, n, item(False, True, False))
    assert verdict == (
        "stopped early after 20 of 24 items by the rule stated before: of 2 pairs 1 decided, 1 futile"
    )
    assert "0.001" in RULE


@pytest.mark.parametrize(
    ("arms", "wanted"),
    [
        ([("base", ""), ("single", ""), ("multi", "")], [("base", "single"), ("base", "multi")]),
        ([("single", ""), ("base", "")], [("base", "single")]),
        ([("single", ""), ("multi", "")], [("single", "multi")]),
        (
            [("base", "a"), ("single", "a"), ("base", "b"), ("single", "b")],
            [("base a", "single a"), ("base a", "base b"), ("base b", "single b")],
        ),
        ([("base", "")], []),
    ],
)
def test_each_arm_is_compared_with_base_of_its_model(
    arms: list[tuple[str, str]], wanted: list[tuple[str, str]]
) -> None:
    records = [ArmRecord(f"{paradigm} {model}".strip(), paradigm, model) for paradigm, model in arms]
    assert pairs(records) == wanted
