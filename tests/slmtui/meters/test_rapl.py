from pathlib import Path

import pytest

from slmtui.meters.counter import CounterMeter
from slmtui.meters.rapl import rapl_counters, rapl_domains
from tests.slmtui.meters.machine import RANGE, domain


def meter(root: Path) -> CounterMeter:
    return CounterMeter(rapl_counters(root))


def test_only_whole_packages_are_counted(tmp_path: Path) -> None:
    package = domain(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    domain(tmp_path, "intel-rapl:0:0", "core", 0)
    domain(tmp_path, "intel-rapl:1", "psys", 0)
    domain(tmp_path, "dtpm", "package-9", 0)
    assert rapl_domains(tmp_path) == [package.parent]


def test_the_packages_are_added_up_from_the_start_of_a_turn(tmp_path: Path) -> None:
    first = domain(tmp_path, "intel-rapl:0", "package-0", 5_000_000)
    second = domain(tmp_path, "intel-rapl:1", "package-1", 1_000_000)
    both = meter(tmp_path)
    count = both.begin()
    assert count.read(0, 0, 0) == 0
    first.write_text("7500000\n")
    second.write_text("1250000\n")
    assert count.read(1, 1, 1) == pytest.approx(2.75)
    assert both.begin().read(0, 0, 0) == 0
    assert (both.source, both.scope) == ("measured", "2 processor packages, all processes")


def test_a_counter_wraps_around(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    count = meter(tmp_path).begin()
    counter.write_text("500000\n")
    assert count.read(0, 0, 0) == pytest.approx(1.5)
    counter.write_text("2500000\n")
    assert count.read(0, 0, 0) == pytest.approx(3.5)


def test_turns_at_once_each_count_the_whole_packages(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    shared = meter(tmp_path)
    early = shared.begin()
    counter.write_text(f"{RANGE}\n")
    late = shared.begin()
    counter.write_text("2000000\n")
    assert late.read(1, 4, 1) == pytest.approx(2)
    counter.write_text("3000000\n")
    assert early.read(3, 4, 1) == pytest.approx(4)
    assert late.read(1, 4, 1) == pytest.approx(3)


@pytest.mark.parametrize("content", ["", "words", "\xff"])
def test_a_counter_that_fails_gives_no_figure(tmp_path: Path, content: str) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 7)
    shared = meter(tmp_path)
    count = shared.begin()
    counter.write_bytes(content.encode("latin-1"))
    assert count.read(0, 0, 0) is None
    uncounted = shared.begin()
    counter.write_text("9\n")
    assert uncounted.read(0, 0, 0) is None  # this turn began without a count
    assert count.read(0, 0, 0) == pytest.approx(2e-6)


def test_half_of_the_packages_is_no_figure(tmp_path: Path) -> None:
    domain(tmp_path, "intel-rapl:0", "package-0", 7)
    domain(tmp_path, "intel-rapl:1", "package-1", "")
    assert rapl_counters(tmp_path).counters == ()
    assert "may not be read" in rapl_counters(tmp_path).advice
    assert "no energy counter" in rapl_counters(tmp_path / "none").advice
