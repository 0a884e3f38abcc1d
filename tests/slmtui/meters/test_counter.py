import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.meters.counter import MOST_WATTS, Counter, CounterMeter, Counters, distinct, several

RANGE = 65_532_610_987
"""In microjoules: the counter of a small processor."""


class Steps:
    """Hands out one count after the other; a text is why it cannot be read."""

    def __init__(self, *counts: int | str) -> None:
        self.counts = list(counts)

    def __call__(self) -> int:
        count = self.counts.pop(0)
        if isinstance(count, str):
            raise OSError(count)
        return count


def meter(*counts: int | str, wraps: bool = True) -> CounterMeter:
    counter = Counter(Steps(*counts), 1e-6, RANGE if wraps else None)
    return CounterMeter(Counters((counter,), "a package"))


def test_what_passed_is_added_up_over_every_wrap_around() -> None:
    count = meter(RANGE - 1_000_000, 500_000, 2_500_000, RANGE - 5, 5).begin()
    assert count.read(0, 0, 0.5) == pytest.approx(1.5)
    assert count.read(0, 0, 1.0) == pytest.approx(3.5)
    assert count.read(0, 0, 131.0) == pytest.approx(3.5 + (RANGE - 2_500_005) / 1e6)
    assert count.read(0, 0, 131.5) == pytest.approx(3.5 + (RANGE - 2_500_005) / 1e6 + 10e-6)


@given(st.integers(0, RANGE - 1), st.integers(0, 200_000_000))
def test_one_wrap_around_is_never_seen_as_anything_else(start: int, microjoules: int) -> None:
    count = meter(start, (start + microjoules) % RANGE).begin()
    assert count.read(0, 0, 0.5) == pytest.approx(microjoules / 1e6, abs=1e-5)


def test_a_counter_that_was_reset_takes_the_turns_figure_with_it() -> None:
    count = meter(RANGE // 2, RANGE // 2 + 3_000_000, 7, 9).begin()
    assert count.read(0, 0, 0.5) == pytest.approx(3)
    assert count.read(0, 0, 1.0) is None  # around it would have been 33 kJ in half a second
    assert count.read(0, 0, 1.5) is None
    never_wraps = meter(5_000_000, 4_999_999, 6_000_000, wraps=False).begin()
    assert never_wraps.read(0, 0, 1) is None
    assert never_wraps.read(0, 0, 2) is None


def test_a_counter_that_nobody_looked_at_for_long_may_have_gone_around_unseen() -> None:
    longest = RANGE / 1e6 / MOST_WATTS
    assert meter(0, 9_000_000).begin().read(0, 0, longest - 1) == pytest.approx(9)
    assert meter(0, 9_000_000).begin().read(0, 0, longest + 1) is None
    assert meter(0, 9_000_000, wraps=False).begin().read(0, 0, 1e6) == pytest.approx(9)


def test_a_look_that_fails_is_made_up_for_by_the_next() -> None:
    count = meter(0, "gone", 3_000_000).begin()
    assert count.read(0, 0, 0.5) is None
    assert count.read(0, 0, 1.0) == pytest.approx(3)
    assert meter("gone", 5).begin().read(0, 0, 1) is None  # it began without a count


def test_counters_of_parts_that_share_nothing_are_one_figure_or_none() -> None:
    package = Counters((Counter(Steps(0, 2_000_000, 3_000_000), 1e-6, RANGE),), "1 processor package")
    gpu = Counters((Counter(Steps(0, 5_000, "lost"), 1e-3),), "1 GPU")
    both = CounterMeter(package, Counters(), gpu)
    assert (both.source, both.scope) == ("measured", "1 processor package and 1 GPU, all processes")
    count = both.begin()
    assert count.read(0, 0, 1) == pytest.approx(7)
    assert count.read(0, 0, 2) is None
    assert (count.source, count.scope, count.idle_watts) == (both.source, both.scope, None)


def test_counters_that_mirror_another_are_left_out() -> None:
    def at(count: int) -> Counter:
        return Counter(lambda: count, 1e-6)

    first, mirror, other = at(9_000_000_000), at(9_000_400_000), at(9_002_000_000)
    assert distinct([first, mirror, other]) == (first, other)
    fresh = [at(0), at(0)]  # all begin at zero
    assert distinct(fresh) == tuple(fresh)


def test_several() -> None:
    assert [several(n, "GPU") for n in (0, 1, 2)] == ["0 GPUs", "1 GPU", "2 GPUs"]
