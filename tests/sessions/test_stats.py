import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sessions.stats.at_k import over_items, pass_at, pass_hat
from sessions.stats.bootstrap import CLUSTERS, Bootstrap
from sessions.stats.effective import effective_size
from sessions.stats.exact import holm, mcnemar_exact, sign_flip_exact
from sessions.stats.intervals import expanded_tail, newcombe, percentile, student, wilson
from sessions.stats.leave_out import Part, leave_one_out
from sessions.stats.pareto import on_front


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    right, n = counts
    theirs = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert wilson(right, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_wilson_of_half_of_fifty_is_the_published_one() -> None:
    assert wilson(25, 50) == pytest.approx((0.366, 0.634), abs=0.001)
    assert wilson(0, 0) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(first: int, second: int) -> None:
    theirs = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar_exact(first, second) == pytest.approx(theirs, abs=1e-9)


def test_six_discordant_pairs_one_way_are_the_fewest_that_are_significant() -> None:
    assert mcnemar_exact(0, 6) == pytest.approx(0.03125)
    assert mcnemar_exact(5, 15) == pytest.approx(0.0414, abs=1e-4)
    assert mcnemar_exact(0, 5) > 0.05
    assert mcnemar_exact(3000, 3000) == 1.0
    assert mcnemar_exact(5000, 5300) == pytest.approx(stats.binomtest(5000, 10300).pvalue, rel=1e-6)


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_sign_flips_are_all_counted(differences: list[int]) -> None:
    away = abs(sum(differences))
    signs = list(product((-1, 1), repeat=len(differences)))
    as_far = sum(abs(sum(s * d for s, d in zip(each, differences, strict=True))) >= away for each in signs)
    assert sign_flip_exact(differences) == pytest.approx(as_far / len(signs), abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_defined_step_by_step(ps: list[float]) -> None:
    adjusted = holm(ps)
    for p, found in zip(ps, adjusted, strict=True):
        # The definition: the most, over all p not above this one, of p times those not below it.
        wanted = max(min(1.0, (len(ps) - sum(q < each for q in ps)) * each) for each in ps if each <= p)
        assert found == pytest.approx(wanted)


def test_holm_as_published() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def coverage(n: int, p: tuple[float, float, float]) -> float:
    """Return how often Newcombe's interval holds the truth, over every table of n pairs."""
    both, first, second = p
    covered = 0.0
    table = stats.multinomial(n, [both, first, second, 1 - sum(p)])
    for a in range(n + 1):
        for b in range(n + 1 - a):
            for c in range(n + 1 - a - b):
                ends = newcombe(a, b, c, n - a - b - c)
                assert ends is not None
                if ends[0] <= second - first <= ends[1]:
                    covered += table.pmf([a, b, c, n - a - b - c])
    return covered


@pytest.mark.parametrize("p", [(0.5, 0.1, 0.1), (0.3, 0.05, 0.25), (0.05, 0.01, 0.01), (0.9, 0.0, 0.05)])
def test_the_paired_interval_holds_the_truth_as_often_as_it_says(p: tuple[float, float, float]) -> None:
    assert coverage(15, p) > 0.93


def test_the_paired_interval_has_a_width_where_all_pairs_are_alike() -> None:
    assert newcombe(0, 0, 0, 0) is None
    alike = newcombe(20, 0, 0, 0)
    assert alike is not None
    upper = 1 - stats.binomtest(20, 20).proportion_ci(method="wilson").low
    assert alike == pytest.approx((-upper, upper))
    ends = newcombe(30, 10, 4, 6)
    assert ends is not None
    back = newcombe(30, 4, 10, 6)
    assert back == pytest.approx((-ends[1], -ends[0]))


def test_a_percentile_interval_has_no_end_at_infinity() -> None:
    values = np.arange(1.0, 1001.0)
    assert percentile(values) == (25.0, 975.0)
    values[-30:] = math.inf
    assert percentile(values) is None
    values[-30:] = np.nan
    assert percentile(values) == (25.0, 946.0)
    values[-60:] = np.nan
    assert percentile(values) is None
    assert percentile(np.array([])) is None


@pytest.mark.parametrize(("freedom", "within"), [(3, 0.01), (5, 0.001), (10, 1e-4), (40, 1e-5), (900, 1e-5)])
@pytest.mark.parametrize("tail", [0.025, 0.1])
def test_students_t_is_scipys(freedom: int, within: float, tail: float) -> None:
    assert student(freedom, tail) == pytest.approx(stats.t.isf(tail, freedom), rel=within)


def test_the_tail_is_that_of_many_units_but_for_few() -> None:
    assert expanded_tail(100_000) == pytest.approx(0.025, abs=1e-5)
    few, fewer = expanded_tail(12), expanded_tail(12, strata=6)
    assert few is not None
    assert fewer is not None
    assert 0.025 > few > fewer > 0
    assert few == pytest.approx(stats.norm.sf(stats.t.isf(0.025, 11) * math.sqrt(12 / 11)), rel=0.001)
    assert expanded_tail(1) is None
    assert expanded_tail(5, strata=5) is None


def test_intervals_of_few_data_sets_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(4)
    held = {"expanded": 0, "plain": 0}
    for number in range(400):
        values = np.column_stack([rng.normal(size=CLUSTERS), np.ones(CLUSTERS)])
        bootstrap = Bootstrap([str(n) for n in range(CLUSTERS)], resamples=400, seed=number)
        totals = bootstrap.totals(values)
        assert bootstrap.tail is not None
        for name, tail in (("expanded", bootstrap.tail), ("plain", 0.025)):
            ends = percentile(totals[:, 0] / totals[:, 1], tail)
            assert ends is not None
            held[name] += ends[0] <= 0.0 <= ends[1]
    assert held["plain"] < 0.92 * 400
    assert held["expanded"] > 0.925 * 400


def test_the_bootstrap_is_that_of_scipy() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(2, 80))
    second = second + 0.4 + first
    data = np.column_stack([second - first, np.ones(80)])
    totals = Bootstrap([""] * 80, resamples=4000, seed=1).totals(data)
    ours = percentile(totals[:, 0] / totals[:, 1])
    theirs = stats.bootstrap(
        (first, second), lambda a, b, axis: (b - a).mean(axis=axis), paired=True, method="percentile",
        n_resamples=4000, rng=np.random.default_rng(2), vectorized=True,
    ).confidence_interval  # fmt: skip
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_few_data_sets_keep_their_sizes_in_every_resample() -> None:
    names = ["a"] * 3 + ["b"] * 5 + ["a"]
    is_a = np.array([[name == "a", name == "b"] for name in names], dtype=float)
    bootstrap = Bootstrap(names, resamples=50)
    assert not bootstrap.clustered
    assert (bootstrap.totals(is_a) == [4, 5]).all()


def test_every_item_is_drawn_as_often_as_another() -> None:
    totals = Bootstrap(["x"] * 4, resamples=20_000, seed=5).totals(np.eye(4))
    assert totals.sum(axis=1).tolist() == [4.0] * 20_000
    assert totals.mean(axis=0) == pytest.approx([1.0] * 4, abs=0.03)
    assert totals.var(axis=0) == pytest.approx([0.75] * 4, abs=0.03)  # binomial(4, 1/4)


def test_many_data_sets_are_drawn_whole() -> None:
    names = [str(number // 2) for number in range(2 * CLUSTERS)]
    bootstrap = Bootstrap(names, resamples=200, seed=2)
    totals = bootstrap.totals(np.eye(2 * CLUSTERS))
    assert bootstrap.clustered
    assert (totals[:, ::2] == totals[:, 1::2]).all()
    assert (totals.sum(axis=1) == 2 * CLUSTERS).all()
    assert len(np.unique(totals)) > 2


def test_equal_seeds_give_equal_resamples_whatever_is_asked_for() -> None:
    names, data = ["a", "b"] * 20, np.arange(80.0).reshape(40, 2)
    one = Bootstrap(names, resamples=30, seed=7).totals(data)
    assert (Bootstrap(names, resamples=30, seed=7).totals(data[:, 1:])[:, 0] == one[:, 1]).all()
    assert (Bootstrap(names, resamples=30, seed=8).totals(data) != one).any()


def test_resamples_are_drawn_in_parts_without_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.arange(12.0)[:, None]
    monkeypatch.setattr("sessions.stats.bootstrap.AT_ONCE", 36)
    totals = Bootstrap(["x"] * 12, resamples=7).totals(data)
    assert totals.shape == (7, 1)
    assert len(np.unique(totals)) > 3


@given(st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_at_k_counts_every_choice_of_k_tries(drawn: tuple[int, int, int]) -> None:
    n, right, k = drawn
    choices = list(combinations([True] * right + [False] * (n - right), k))
    assert pass_at(n, right, k) == pytest.approx(sum(map(any, choices)) / len(choices))
    assert pass_hat(n, right, k) == pytest.approx(sum(map(all, choices)) / len(choices))


def test_at_k_leaves_out_items_with_fewer_tries() -> None:
    assert over_items([(2, 1), (1, 1)], 2) == (1.0, 0.0)
    assert over_items([(1, 1)], 2) is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6).map(
        lambda pairs: np.array(pairs, dtype=float)
    )
)
def test_the_front_is_what_nothing_dominates(options: np.ndarray) -> None:
    front = on_front(options[:, 0], options[:, 1])
    for index, (gain, cost) in enumerate(options):
        dominated = any(g >= gain and c <= cost and (g > gain or c < cost) for g, c in options.tolist())
        assert front[index] == (not dominated)
    stacked = on_front(np.stack([options[:, 0]] * 2), np.stack([options[:, 1]] * 2))
    assert (stacked == front).all()


def test_a_part_that_carries_the_mean_is_flagged() -> None:
    parts = {"a": Part(9.0, 10), "b": Part(1.0, 10), "c": Part(1.0, 10), "nothing": Part(0.0, 0)}
    found = leave_one_out(parts)
    assert list(found) == ["a", "b", "c"]
    assert found["a"].mean == 0.9
    assert found["a"].without == 0.1
    assert [each.flagged for each in found.values()] == [True, False, False]


def test_a_part_alone_and_small_means_are_not_flagged() -> None:
    (alone,) = leave_one_out({"a": Part(3.0, 10)}).values()
    assert (alone.without, alone.flagged) == (None, False)
    small = leave_one_out({"a": Part(0.1, 100), "b": Part(-0.1, 100)})
    assert not any(each.flagged for each in small.values())


def test_repeats_are_worth_what_they_tell() -> None:
    rng = np.random.default_rng(0)
    items = np.repeat(np.arange(400), 3)
    alike = np.repeat(rng.integers(0, 2, 400), 3).astype(float)
    assert effective_size(alike, items) == pytest.approx(400)
    assert effective_size(rng.integers(0, 2, 1200).astype(float), items) == pytest.approx(1200, rel=0.1)
    assert effective_size(np.ones(6), np.array([0, 0, 0, 1, 1, 1])) == 2
    assert effective_size(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0, 0, 1, 1])) == 4
    assert effective_size(np.array([1.0, 0.0, 1.0]), np.array([5, 6, 7])) == 3
    assert effective_size(np.array([]), np.array([], dtype=int)) == 0
