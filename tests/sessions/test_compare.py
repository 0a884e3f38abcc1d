import json
import random
import re
from collections import Counter
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sessions.compare import compare
from sessions.comparison import Comparison, Pair, PairedResource
from sessions.differences import Arm
from sessions.observation import Observation
from sessions.run_records import STATES
from sessions.stats.power import resolvable
from tests.sessions.observed import answers, drawn, observed

CAUSAL = re.compile(r"\b(because|causes?|caused|due to|effect|thanks to|leads? to|improve\w*|impact)\b")
Y, N = True, False


def pair_of(observations: list[Observation], first: str = "base", second: str = "single") -> Pair:
    found = compare(observations, [], resamples=200).pair(first, second)
    assert found is not None
    return found


def resource(pair: Pair, metric: str, source: str = "") -> PairedResource:
    return next(each for each in pair.resources if (each.metric, each.source) == (metric, source))


def test_arms_are_compared_on_the_items_that_both_have() -> None:
    base = answers("base", [Y, Y, N, N, Y])
    single = answers("single", [Y, N, Y, N])
    pair = pair_of([*base, *single])
    assert (pair.n, pair.items) == (4, 4)
    assert (pair.both, pair.first_only, pair.second_only, pair.neither) == (1, 1, 1, 1)
    assert (pair.difference, pair.p) == (0.0, 1.0)
    comparison = compare([*base, *single], [])
    assert comparison.arms[0].strict.share == 0.6
    assert any("did not answer the same items" in note and "4 of 5" in note for note in comparison.notes)


def test_p_and_holm_are_those_of_scipy_over_the_grid() -> None:
    observations = drawn({"base": 0.3, "single": 0.45, "multi": 0.6}, 150)
    comparison = compare(observations, [], resamples=200)
    ps = []
    for pair in comparison.pairs:
        assert pair.first_only is not None
        assert pair.second_only is not None
        ps.append(stats.binomtest(pair.first_only, pair.first_only + pair.second_only).pvalue)
    assert [pair.p for pair in comparison.pairs] == pytest.approx(ps)
    order = sorted(range(3), key=lambda place: ps[place])
    adjusted = np.maximum.accumulate([min(1.0, ps[place] * (3 - done)) for done, place in enumerate(order)])
    assert [comparison.pairs[place].p_holm for place in order] == pytest.approx(list(adjusted))


def test_a_clear_difference_is_told_with_its_figures() -> None:
    pair = pair_of([*answers("base", [N] * 40 + [Y] * 20), *answers("single", [Y] * 60)])
    assert pair.verdict == "second is better"
    assert pair.text.startswith(
        "single is more often right than base: 60 and 20 of 60 right, a difference of +66.7 points (95 %"
    )
    assert pair.text.endswith("p < 0.001.")
    back = pair_of([*answers("base", [Y] * 60), *answers("single", [N] * 40 + [Y] * 20)])
    assert back.verdict == "first is better"
    said = "base is more often right than single: 60 and 20 of 60 right, a difference of +66.7 points (95 %"
    assert back.text.startswith(said)
    ends = re.compile(r"interval \+(\S+) to \+(\S+)\)")
    assert ends.findall(back.text) == ends.findall(pair.text) != []


def test_few_items_tell_nothing_and_say_how_many_would() -> None:
    base, single = [Y, N] * 10, [Y, N] * 8 + [Y, Y, N, N]
    pair = pair_of([*answers("base", base), *answers("single", [*single[:-1], Y])])
    assert pair.verdict == "not enough items to tell"
    assert pair.text.startswith("Not enough items to tell base and single apart: 10 and 11 of 20 right")
    assert pair.resolvable == resolvable(20, 0.15)
    needed = r"20 items resolve \d+\.\d points; 5\.0 points would take about \d+ items\.$"
    assert re.search(needed, pair.text)


def test_arms_that_agree_on_few_items_are_no_tie() -> None:
    alike = [*answers("base", [Y] * 5), *answers("single", [Y] * 5)]
    pair = pair_of(alike)
    assert pair.verdict == "not enough items to tell"
    assert pair.interval is not None
    assert pair.interval.high > 0.3
    assert (pair.resolvable, "5 items cannot show any difference" in pair.text) == (None, True)


def test_a_tie_needs_an_interval_within_three_points() -> None:
    base, single = [Y, N] * 500, [Y, N] * 490 + [N, Y] * 10
    pair = pair_of([*answers("base", base), *answers("single", single)])
    assert (pair.verdict, pair.difference) == ("tie", 0.0)
    assert pair.text.startswith("base and single tie: 500 and 500 of 1000 right, a difference of 0.0 points")
    assert pair.text.endswith("the interval lies within ±3 points.")


def test_what_is_significant_by_itself_need_not_be_among_many() -> None:
    rights = {"base": [N] * 8 + [Y] * 52, "single": [Y] * 59 + [N]}
    rights |= {name: [Y, N] * 30 for name in ("vote", "multi", "oracle")}
    comparison = compare([o for name, r in rights.items() for o in answers(name, r)], [], resamples=200)
    pair = comparison.pair("base", "single")
    assert pair is not None
    assert pair.p is not None
    assert pair.p_holm is not None
    assert pair.p < 0.05 < pair.p_holm
    assert pair.verdict == "not enough items to tell"


def test_repeats_of_one_item_are_not_items() -> None:
    once = [*answers("base", [N] * 4), *answers("single", [Y] * 4)]
    often = [replace(each, repeat=repeat) for each in once for repeat in range(1, 11)]
    pair, repeated = pair_of(once), pair_of(often)
    assert (repeated.n, repeated.items) == (40, 4)
    assert repeated.p == pair.p == 0.125
    assert repeated.interval == pair.interval
    assert repeated.verdict == "not enough items to tell"
    assert "4 items with 40 attempts cannot show any difference" in repeated.text
    rate = compare(often, []).arms[1].strict
    assert rate.interval == compare(once, []).arms[1].strict.interval


def test_at_k_is_over_repeats() -> None:
    tries = {"a": [Y, N], "b": [N, N], "c": [Y, Y]}
    observations = [
        observed("base", item, right, repeat=number)
        for item, rights in tries.items()
        for number, right in enumerate(rights, 1)
    ]
    one, two = compare(observations, []).arms[0].at_k
    assert (one.k, one.pass_at, one.pass_hat) == (1, 0.5, 0.5)
    assert (two.k, two.pass_at, two.pass_hat) == (2, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert compare(answers("base", [Y, N]), []).arms[0].at_k == ()


def test_states_sum_and_every_rate_has_its_base() -> None:
    states = ["right", "wrong", "refused", "empty", "cut", "failed", "right"]
    observations = [
        observed("base", str(n), state == "right", state=state, tool_right=(None, Y, N)[n % 3])
        for n, state in enumerate(states)
    ]
    observations.append(observed("base", "later"))
    (arm,) = (comparison := compare(observations, [])).arms
    assert arm.states == {state: Counter(states)[state] for state in STATES}
    assert (arm.attempts, arm.strict.n, arm.strict.count) == (8, 7, 2)
    assert (arm.completed.count, arm.completed.n) == (3, 7)
    assert (arm.among_completed.count, arm.among_completed.n) == (2, 3)
    assert arm.tool is not None
    assert (arm.tool.count, arm.tool.n) == (2, 4)
    assert any("each arm sum to its attempts" in audit for audit in comparison.audits)
    assert any("not scored yet" in note and "1 of base" in note for note in comparison.notes)


def test_a_right_answer_costs_what_the_wrong_ones_did_too() -> None:
    observations = answers("base", [Y, N, N, N], wall_s=lambda number: number + 1.0)
    cost = next(each for each in compare(observations, []).arms[0].per_right if each.metric == "wall_s")
    assert (cost.total, cost.right, cost.value) == (10.0, 1, 10.0)
    # A third of the resamples have no right answer; Wilson's interval of one in four still has both ends.
    assert cost.interval is not None
    ends = stats.binomtest(1, 4).proportion_ci(method="wilson")
    assert (cost.interval.low, cost.interval.high) == pytest.approx((2.5 / ends.high, 2.5 / ends.low))


def test_a_right_answer_among_many_costs_what_the_wider_interval_says() -> None:
    dear = answers("base", [Y] * 60 + [N] * 60, wall_s=lambda number: 1.0 + 9.0 * (number % 7 == 0))
    cost = next(each for each in compare(dear, []).arms[0].per_right if each.metric == "wall_s")
    rate = compare(dear, []).arms[0].strict.interval
    assert cost.value is not None
    assert cost.interval is not None
    assert rate is not None
    assert cost.interval.low < cost.value * 0.5 / rate.high  # costs vary too, as the bootstrap knows
    assert cost.interval.high > cost.value * 0.5 / rate.low


def test_rates_are_of_data_sets_where_there_are_many() -> None:
    one = answers("base", [Y] * 60 + [N] * 60, "one")
    many = [replace(each, data_set=f"set{number // 10}", item=f"{number}") for number, each in enumerate(one)]
    alone, apart = (compare(each, [], resamples=50).arms[0].strict.interval for each in (one, many))
    assert alone is not None
    assert apart is not None
    # Twelve data sets of which half are all right: that is worth twelve items.
    ends = stats.binomtest(6, 12).proportion_ci(method="wilson")
    assert (apart.low, apart.high) == pytest.approx((ends.low, ends.high))
    assert alone.high - alone.low < apart.high - apart.low
    right = compare([replace(each, state="right") for each in many], [], resamples=50).arms[0].strict
    assert right.interval is not None
    assert right.interval.low > 0.96  # without any spread it is all 120 items


def test_an_interval_needs_two_items_of_a_data_set() -> None:
    once = [*answers("base", [Y], wall_s=1.0), *answers("single", [Y], wall_s=3.0)]
    (found,) = compare(once, [], resamples=50).pairs
    assert resource(found, "wall_s").interval is None
    assert (resource(found, "wall_s").ratio, resource(found, "wall_s").ratio_interval) == (3.0, None)


def test_the_accuracy_of_the_front_is_never_certain() -> None:
    observations = [*answers("base", [N] * 20, wall_s=1.0), *answers("single", [Y] * 20, wall_s=2.0)]
    (front,) = compare(observations, [], resamples=100).pareto
    base, single = (point.accuracy_interval for point in front.points)
    ends = stats.binomtest(0, 20).proportion_ci(method="wilson")
    assert base is not None
    assert single is not None
    assert (base.low, base.high) == pytest.approx((0.0, ends.high))
    assert (single.low, single.high) == pytest.approx((1 - ends.high, 1.0))


def test_resamples_without_a_figure_put_no_arm_on_the_front() -> None:
    # Of multi one item in thirty has a time: a third of the resamples miss it.
    observations = [
        *answers("base", [Y] * 30, wall_s=1.0),
        *answers("multi", [N] * 30, wall_s=lambda number: None if number else 5.0),
    ]
    (front,) = compare(observations, [], resamples=200).pareto
    assert [(point.on_front, point.share) for point in front.points] == [(True, 1.0), (False, 0.0)]


def test_several_pairs_say_which_figures_are_corrected_for_it() -> None:
    two = {"base": 0.3, "single": 0.5}
    three = compare(drawn(two | {"multi": 0.4}, 20), [], resamples=20).notes
    assert any("3 arms make 3 pairs" in note and "Holm" in note for note in three)
    assert not any("pairs, for which" in note for note in compare(drawn(two, 20), [], resamples=20).notes)


def test_what_a_right_answer_costs_is_not_defined_without_one() -> None:
    comparison = compare(answers("base", [N, N], wall_s=1.0), [])
    cost = comparison.arms[0].per_right[0]
    assert (cost.total, cost.value, cost.interval, cost.note) == (2.0, None, None, "none is right")
    assert "base has no right answer: what one costs is not defined." in comparison.audits


def test_a_missing_figure_leaves_no_cost() -> None:
    observations = answers("base", [Y, Y], cpu_s=lambda number: None if number else 2.0)
    cost = next(each for each in compare(observations, []).arms[0].per_right if each.metric == "cpu_s")
    assert (cost.total, cost.value, cost.note) == (None, None, "1 of 2 attempts have no figure")


def test_resources_are_paired_with_the_ratio_of_totals() -> None:
    base = answers("base", [Y] * 30, wall_s=lambda n: 1.0 + n % 3)
    single = answers("single", [Y] * 30, wall_s=lambda n: 2.0 + 2 * (n % 3))
    found = resource(pair_of([*base, *single]), "wall_s")
    assert (found.n, found.first, found.second, found.difference, found.ratio) == (30, 2.0, 4.0, 2.0, 2.0)
    assert found.ratio_interval is not None
    # Exactly proportional on each item: the ratio does not vary, however the items are drawn.
    assert (found.ratio_interval.low, found.ratio_interval.high) == pytest.approx((2.0, 2.0))
    assert found.interval is not None
    assert found.interval.low < 2.0 < found.interval.high


@pytest.mark.parametrize(
    ("cost", "note"), [(0.0, "the first is 0"), (0.0004, "the first is below 0.001 s"), (0.5, "")]
)
def test_nothing_is_divided_by_nothing(cost: float, note: str) -> None:
    found = resource(
        pair_of([*answers("base", [Y] * 3, wall_s=cost), *answers("single", [Y] * 3, wall_s=1.0)]), "wall_s"
    )
    assert (found.ratio is None, found.note) == (bool(note), note)


def test_energy_of_two_sources_never_mixes() -> None:
    observations = [
        observed("base", "a", Y, joules=2.0, energy_source="measured"),
        observed("base", "b", Y, joules=50.0, energy_source="modelled"),
        observed("single", "a", Y, joules=4.0, energy_source="measured"),
        observed("single", "b", Y, joules=3.0, energy_source="measured"),
    ]
    comparison = compare(observations, [])
    base, single = comparison.arms
    assert [(each.source, each.total) for each in base.spreads if each.metric == "joules"] == [
        ("measured", 2.0), ("modelled", 50.0),
    ]  # fmt: skip
    costs = [each for each in base.per_right if each.metric == "joules"]
    assert all(each.value is None and each.note == "1 of 2 attempts have no figure" for each in costs)
    assert next(each for each in single.per_right if each.metric == "joules").value == 3.5
    (paired,) = [each for each in comparison.pairs[0].resources if each.metric == "joules"]
    assert (paired.source, paired.n, paired.ratio) == ("measured", 1, 2.0)
    assert any("several sources (measured, modelled)" in note for note in comparison.notes)


def test_regressions_are_right_before_and_not_after() -> None:
    observations = [*answers("base", [Y, Y, N, Y]), *answers("single", [Y, N, N, N])]
    observations[-1] = replace(observations[-1], state="cut")
    found = pair_of(observations).regressions
    assert [(each.item, each.state) for each in found] == [("0001", "wrong"), ("0003", "cut")]
    assert (found[0].first_turn, found[0].second_turn) == ("base/0001", "single/0001")


def test_the_front_holds_what_nothing_beats() -> None:
    observations = [
        *answers("base", [Y] * 10 + [N] * 30, wall_s=1.0),
        *answers("single", [Y] * 30 + [N] * 10, wall_s=2.0),
        *answers("multi", [Y] * 10 + [N] * 30, wall_s=3.0),
    ]
    (front,) = compare(observations, [], resamples=300).pareto
    base, single, multi = front.points
    assert front.metric == "wall_s"
    assert (base.on_front, single.on_front, multi.on_front) == (True, True, False)
    assert (base.share, multi.share) == (1.0, 0.0)
    assert single.share > 0.9
    assert (base.accuracy, base.cost) == (0.25, 1.0)


def test_arms_that_are_alike_are_on_the_front_together() -> None:
    alike = [o for name in ("base", "single") for o in answers(name, [Y, N] * 5, wall_s=1.0)]
    (front,) = compare(alike, [], resamples=50).pareto
    assert [(point.on_front, point.share) for point in front.points] == [(True, 1.0)] * 2


def test_a_difference_that_varies_over_data_sets_is_not_told() -> None:
    # Significant if items were independent; but two data sets of twelve carry it.
    observations = []
    for name in "abcdefghijkl":
        gained, lost = (6 if name in "ab" else 0), (2 if name == "c" else 0)
        observations += answers("base", [N] * gained + [Y] * (6 - gained), name)
        observations += answers("single", [Y] * (6 - lost) + [N] * lost, name)
    pair = compare(observations, []).pairs[0]
    assert pair.p_holm is not None
    assert pair.interval is not None
    assert pair.p_holm < 0.05
    assert pair.interval.low <= 0
    assert pair.verdict == "not enough items to tell"
    assert "More data sets are needed" in pair.text


def test_equal_observations_give_equal_figures_in_any_order() -> None:
    observations = drawn({"base": 0.3, "single": 0.5, "multi": 0.4}, 40, repeats=2)
    once = compare(observations, [Arm("base"), Arm("single"), Arm("multi")], resamples=100, seed=3)
    shuffled = random.Random(1).sample(observations, len(observations))
    again = compare(shuffled, [Arm("base"), Arm("single"), Arm("multi")], resamples=100, seed=3)
    assert again == once
    assert compare(observations, [], resamples=100, seed=4).pairs != once.pairs


def test_base_comes_first_and_the_others_as_given() -> None:
    arms = [Arm("vote"), Arm("multi"), Arm("base")]
    found = compare(answers("single", [Y]), arms)
    assert [arm.arm for arm in found.arms] == ["base", "vote", "multi", "single"]
    assert next((d.first, d.second) for d in found.differences) == ("base", "vote")
    assert found.arms[0].strict.share is None
    assert found.pairs[0].text == "base and vote have no scored item in common."


def test_nothing_compares_to_nothing() -> None:
    assert compare([], []) == Comparison((), (), (), (), (), (), False, 2000, 0)


def test_a_comparison_is_plain_data() -> None:
    found = compare(drawn({"base": 0.3, "single": 0.5}, 20), [], resamples=50)
    assert json.loads(json.dumps(asdict(found), allow_nan=False))["scored"] is True


def test_ten_thousand_items_under_five_arms_have_all_their_figures() -> None:
    chances = {"base": 0.3, "single": 0.4, "multi": 0.35, "vote": 0.41, "structured": 0.3}
    found = compare(drawn(chances, 10_000), [])
    assert len(found.pairs) == 10
    assert all(pair.n == 10_000 and pair.interval for pair in found.pairs)
    assert found.pairs[0].verdict == "second is better"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.booleans()), max_size=30))
def test_counts_add_up_whatever_was_attempted(tries: list[tuple[str, int, bool]]) -> None:
    once = {(arm, item): right for arm, item, right in tries}
    observations = [observed(arm, str(item), right) for (arm, item), right in once.items()]
    found = compare(observations, [], resamples=20)
    assert sum(arm.attempts for arm in found.arms) == len(once)
    for arm in found.arms:
        assert sum(arm.states.values()) == arm.attempts == arm.strict.n
    for pair in found.pairs:
        assert not CAUSAL.search(pair.text)
        shared = [i for arm, i in once if arm == pair.first and (pair.second, i) in once]
        assert pair.n == len(shared)
        if pair.n:
            counts = (pair.both, pair.first_only, pair.second_only, pair.neither)
            assert sum(each or 0 for each in counts) == pair.n
            assert pair.interval is not None
            assert pair.difference is not None
            assert pair.interval.low <= pair.difference <= pair.interval.high
            back = [i for i in shared if once[pair.first, i] and not once[pair.second, i]]
            assert sorted(each.item for each in pair.regressions) == sorted(map(str, back))
