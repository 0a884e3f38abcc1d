import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui import format as fmt


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (fmt.count(1204), "1 204"),
        (fmt.count(None), "–"),
        (fmt.significant(0.4214), "0.42"),
        (fmt.significant(12.64), "12.6"),
        (fmt.significant(1234.5), "1 234"),
        (fmt.duration(0.012), "12 ms"),
        (fmt.duration(0.42), "0.42 s"),
        (fmt.duration(12.64), "12.6 s"),
        (fmt.duration(185.2), "3:05 min"),
        (fmt.clock(7.44, 20), "7.4 s"),
        (fmt.clock(7, 600), "0:07"),
        (fmt.clock(3723, 4000), "1:02:03"),
        (fmt.rate(31.84), "31.8 tok/s"),
        (fmt.size(812e6), "812 MB"),
        (fmt.size(2.13e9), "2.1 GB"),
        (fmt.size(999_600), "1 MB"),
        (fmt.size(61_440), "61 kB"),
        (fmt.size(499), "<1 kB"),
        (fmt.size(0), "0 MB"),
        (fmt.energy(41.2, "measured"), "41.2 J"),
        (fmt.energy(41.2, "modelled"), "~41.2 J"),
        (fmt.energy(None, "none"), "no meter"),
        (fmt.energy(4120.0, "modelled"), "~4.1 kJ"),
        (fmt.significant_count(2.5), "2.5"),
        (fmt.significant_count(2.0), "2"),
    ],
)
def test_figures_as_they_are_read(written: str, expected: str) -> None:
    assert written == expected


@given(st.lists(st.floats(0, 1e12), max_size=80), st.integers(1, 60))
def test_a_spark_fills_its_width_and_its_highest_value_is_its_highest_bar(
    values: list[float], width: int
) -> None:
    top = fmt.round_up(max(values, default=1.0))
    line = fmt.spark(values, width, top)
    assert len(line) == width
    shown = values[-width:]
    assert line.count(" ") == width - len(shown)
    bars = line.strip()
    assert not bars or bars[shown.index(max(shown))] == max(bars)


@given(st.floats(1e-3, 1e12))
def test_a_scale_holds_its_number_and_is_no_more_than_two_and_a_half_times_as_long(number: float) -> None:
    top = fmt.round_up(number)
    assert number <= top
    assert number <= 0.2 or top <= number * 2.5 * (1 + 1e-9)


@given(st.floats(-1, 2), st.integers(0, 50))
def test_a_bar_has_its_width_whatever_its_share(share: float, width: int) -> None:
    line = fmt.bar(share, width)
    assert len(line) == width
    assert line.count("█") == round(max(0, min(share, 1)) * width)


def test_a_scale_of_nothing_is_flat() -> None:
    assert fmt.spark([0.0, 0.0], 4, 0.0) == "  ▁▁"
    assert math.isfinite(fmt.round_up(0.0))
