import pytest

from sessions.compare import compare
from sessions.observation import RESOURCES, Observation
from sessions.run_records import AttemptState
from slmtui.suites.arm_totals import totals
from tests.sessions.observed import drawn


def seen(
    state: AttemptState | None, wall_s: float = 2.0, joules: float | None = 1.0, source: str = "measured",
    arm: str = "base",
) -> Observation:  # fmt: skip
    values: dict[str, float | None] = dict.fromkeys(RESOURCES)
    values |= {
        "wall_s": wall_s,
        "joules": joules,
        "output_tokens": 10,
        "prefilled_tokens": 30,
        "reused_tokens": 5,
    }
    return Observation(arm, "i", "d", 1, "t", state, None, None, None, source, values)  # type: ignore[arg-type]


def test_every_scored_attempt_is_in_one_state_and_in_the_sums_failed_ones_too() -> None:
    found = [seen("right"), seen("wrong"), seen("failed", 6.0), seen("cut"), seen(None)]
    (base,) = totals(["base"], found)
    assert (base.attempts, sum(base.states.values()), base.right) == (4, 4, 1)
    assert (base.wall_s, base.output_tokens, base.prefilled_tokens, base.joules) == (12.0, 40, 120, 4.0)
    assert (base.completion, base.latency_s, base.tokens_per_sample) == (0.5, 3.0, 10.0)
    assert (base.tokens_per_second, base.joules_per_token) == (40 / 12, 0.1)
    assert base.per_right(base.wall_s) == 12.0


def test_tokens_a_second_is_tokens_a_sample_over_latency() -> None:
    (base,) = totals(["base"], [seen("right", 0.5), seen("wrong", 7.25)])
    assert base.tokens_per_sample is not None
    assert base.latency_s is not None
    assert base.tokens_per_second == base.tokens_per_sample / base.latency_s


@pytest.mark.parametrize("repeats", [1, 3])
def test_the_interval_is_the_one_that_a_comparison_has(repeats: int) -> None:
    found = drawn({"base": 0.5, "single": 0.7}, 20, repeats=repeats)
    for ours, theirs in zip(totals(["base", "single"], found), compare(found, []).arms, strict=True):
        assert theirs.strict.interval is not None
        assert ours.interval == pytest.approx((theirs.strict.interval.low, theirs.strict.interval.high))
        assert (ours.right, ours.attempts) == (theirs.strict.count, theirs.strict.n)
        assert ours.completion == theirs.completed.share


def test_what_cannot_be_divided_is_not_told() -> None:
    (none,) = totals(["base"], [])
    assert (none.completion, none.latency_s, none.tokens_per_second, none.joules_per_token) == (None,) * 4
    assert (none.interval, none.percentile_s(0.5), none.per_right(1.0)) == (None, None, None)
    (wrong,) = totals(["base"], [seen("wrong")])
    assert wrong.per_right(wrong.wall_s) is None


def test_energy_of_two_sources_or_with_gaps_is_no_sum() -> None:
    for other in (seen("right", source="modelled"), seen("right", joules=None, source="none")):
        (base,) = totals(["base"], [seen("right"), other])
        assert (base.joules, base.energy_source, base.per_right(base.joules)) == (None, "none", None)


def test_percentiles_are_of_attempts_that_were_made() -> None:
    (base,) = totals(["base"], [seen("right", float(n)) for n in range(1, 101)])
    assert [base.percentile_s(part) for part in (0.0, 0.5, 0.95, 0.99, 1.0)] == [1, 50, 95, 99, 100]


def test_arms_keep_their_order_and_those_without_attempts_are_there() -> None:
    found = totals(["single", "base"], [seen("right"), seen("wrong", arm="base")])
    assert [(each.arm, each.attempts) for each in found] == [("single", 0), ("base", 2)]
