import functools
import random
from collections.abc import Sequence

import pytest

from sessions.run_records import ArmRecord, AttemptRecord
from sessions.stats import exact
from slmtui.suites import stopping
from slmtui.suites.runner import pairs
from slmtui.suites.stopping import LEAST, LOOKS, RULE, StoppingRule

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
    rule = StoppingRule(PAIRS[:1], 2 * LEAST)
    items = [{"base": False, "single": True}] * (2 * LEAST)
    assert looks(rule, items) == [LEAST]


@pytest.mark.parametrize(("items", "every"), [(30, 20), (200, 20), (201, 21), (1000, 100)])
def test_a_run_has_so_many_looks_at_most_and_they_share_the_level(items: int, every: int) -> None:
    rule = StoppingRule(PAIRS[:1], items)
    seen = [n for n in range(1, items + 1) if (told(rule, n, item(True, True, True)), rule._looks)[1]]
    assert (rule.every, seen[0]) == (every, every)
    assert rule._looks == (items - 1) // every < LOOKS
    assert rule._looks * rule.level == pytest.approx(0.001)


def test_a_run_whose_pairs_can_no_longer_be_decided_is_futile() -> None:
    rule = StoppingRule(PAIRS, 64)
    alike = [item(True, True, True)] * 63
    # 4 items are left after 60: even if all went one way, p would be 2 / 2^4.
    assert looks(rule, alike) == [60]


def test_five_items_that_go_one_way_could_not_decide_and_six_could() -> None:
    for left, wanted in ((5, [LEAST]), (6, [])):
        rule = StoppingRule(PAIRS[:1], LEAST + left)
        assert looks(rule, [{"base": True, "single": True}] * LEAST) == wanted


def test_the_interim_level_is_far_below_that_of_the_end() -> None:
    for alone, wanted in ((14, []), (15, [LEAST])):  # nine looks: 2 / 2^14 is above 0.001 / 9, 2 / 2^15 below
        rule = StoppingRule(PAIRS[:1], 200)
        items = [{"base": False, "single": n < alone} for n in range(LEAST)]
        assert looks(rule, items) == wanted


def test_the_level_is_held_over_all_the_pairs() -> None:
    for alone, wanted in ((15, []), (16, [LEAST])):
        rule = StoppingRule(PAIRS, 200)
        items = [item(False, n < alone, n < alone) for n in range(LEAST)]
        assert looks(rule, items) == wanted


def false_findings(pairs: Sequence[tuple[str, str]], runs: int, items: int) -> float:
    """Return in which share of runs arms that are alike are told apart, at an early end or at the last."""
    dice, found = random.Random(1), 0
    arms = dict.fromkeys(arm for pair in pairs for arm in pair)
    for _ in range(runs):
        rule, right, verdict = StoppingRule(pairs, items), [], ""
        while len(right) < items and not verdict:
            right.append({arm: dice.random() < 0.5 for arm in arms})
            verdict = told(rule, len(right), right[-1])
        alone = [[sum(r[a] > r[b] for r in right) for a, b in (pair, pair[::-1])] for pair in pairs]
        found += min(exact.holm([exact.mcnemar_exact(*each) for each in alone])) < 0.05
    return found / runs


def test_alike_arms_are_told_apart_in_less_than_five_runs_of_a_hundred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "mcnemar_exact", functools.cache(exact.mcnemar_exact))
    assert 0.01 < false_findings(PAIRS, 1000, 200) < 0.05
    assert 0.01 < false_findings(PAIRS[:1], 1000, 200) < 0.05
    # Nine looks at about 0.05 each, and none at futility, are what the rule guards against.
    monkeypatch.setattr(stopping, "INTERIM", 0.5)
    monkeypatch.setattr(stopping, "FINAL", 1.1)
    assert false_findings(PAIRS[:1], 300, 200) > 0.1


def test_looks_of_an_earlier_process_are_not_taken_again() -> None:
    rule = StoppingRule(PAIRS[:1], 200)
    right = {"base": False, "single": True}
    assert not any(told(rule, n, right, silent=True) for n in range(LEAST + 5))
    assert [n for n in range(LEAST + 5, 2 * LEAST) if told(rule, n, right)] == [2 * LEAST - 1]


def test_the_reason_says_what_was_decided() -> None:
    rule = StoppingRule(PAIRS, 24)
    verdict = ""
    for n in range(LEAST):
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
