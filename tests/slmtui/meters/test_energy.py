import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.meters.choose import choose_energy_meter
from slmtui.meters.energy import NoEnergyMeter
from slmtui.meters.modelled import ModelledMeter
from slmtui.meters.rapl import RaplMeter, rapl_domains

RANGE = 262_143_328_850
"""The range of a real package counter, in microjoules."""


def domain(root: Path, folder: str, name: str, count: int | str) -> Path:
    path = root / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / "name").write_text(f"{name}\n")
    (path / "max_energy_range_uj").write_text(f"{RANGE}\n")
    (path / "energy_uj").write_text(f"{count}\n")
    return path / "energy_uj"


def test_only_whole_packages_are_counted(tmp_path: Path) -> None:
    package = domain(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    domain(tmp_path, "intel-rapl:0:0", "core", 0)
    domain(tmp_path, "intel-rapl:1", "psys", 0)
    domain(tmp_path, "dtpm", "package-9", 0)
    assert rapl_domains(tmp_path) == [package.parent]


def test_the_packages_are_added_up_from_the_start_of_a_turn(tmp_path: Path) -> None:
    first = domain(tmp_path, "intel-rapl:0", "package-0", 5_000_000)
    second = domain(tmp_path, "intel-rapl:1", "package-1", 1_000_000)
    meter = RaplMeter(tmp_path)
    count = meter.begin()
    assert count.read(0, 0, 0) == 0
    first.write_text("7500000\n")
    second.write_text("1250000\n")
    assert count.read(1, 1, 1) == pytest.approx(2.75)
    assert meter.begin().read(0, 0, 0) == 0
    assert (meter.source, meter.scope) == ("measured", "2 processor packages, all processes")


def test_a_counter_wraps_around(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    count = RaplMeter(tmp_path).begin()
    counter.write_text("500000\n")
    assert count.read(0, 0, 0) == pytest.approx(1.5)
    counter.write_text("2500000\n")
    assert count.read(0, 0, 0) == pytest.approx(3.5)


def test_turns_at_once_each_count_the_whole_packages(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    meter = RaplMeter(tmp_path)
    early = meter.begin()
    counter.write_text(f"{RANGE}\n")
    late = meter.begin()
    counter.write_text("2000000\n")
    assert late.read(1, 4, 1) == pytest.approx(2)
    counter.write_text("3000000\n")
    assert early.read(3, 4, 1) == pytest.approx(4)
    assert late.read(1, 4, 1) == pytest.approx(3)


@pytest.mark.parametrize("content", ["", "words", "\xff"])
def test_a_counter_that_fails_gives_no_figure(tmp_path: Path, content: str) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 7)
    meter = RaplMeter(tmp_path)
    count = meter.begin()
    counter.write_bytes(content.encode("latin-1"))
    assert count.read(0, 0, 0) is None
    uncounted = meter.begin()
    counter.write_text("9\n")
    assert uncounted.read(0, 0, 0) is None  # this turn began without a count
    assert count.read(0, 0, 0) == pytest.approx(2e-6)


def test_the_model_is_idle_watts_by_time_and_the_rest_by_cpu_time() -> None:
    meter = ModelledMeter(idle_watts=10, full_watts=50, cores=4)
    count = meter.begin()
    assert count.read(cpu_s=0, engine_s=0, wall_s=3) == pytest.approx(30)  # idle
    assert count.read(cpu_s=12, engine_s=12, wall_s=3) == pytest.approx(150)  # all four cores busy
    assert count.read(cpu_s=3, engine_s=3, wall_s=3) == pytest.approx(60)  # one of four
    assert meter.source == "modelled"


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=6), st.integers(1, 100))
def test_joules_of_turns_at_once_are_those_of_the_machine(shares: list[int], wall: int) -> None:
    meter = ModelledMeter(idle_watts=10, full_watts=50, cores=4)
    engine = sum(shares)
    joules = [meter.begin().read(share, engine, wall) for share in shares]
    assert math.fsum(map(float, filter(None, joules))) == pytest.approx(10 * wall + 40 * engine / 4)


def test_a_turn_costs_the_same_in_company_that_halves_its_speed() -> None:
    count = ModelledMeter(idle_watts=10, full_watts=50, cores=4).begin()
    assert count.read(cpu_s=8, engine_s=16, wall_s=4) == count.read(cpu_s=8, engine_s=8, wall_s=2)


def test_the_best_meter_is_chosen(tmp_path: Path) -> None:
    none = choose_energy_meter(tmp_path, None, None, 4)
    assert isinstance(none.meter, NoEnergyMeter)
    assert none.meter.begin().read(1, 1, 1) is None
    assert "no energy counter" in none.advice
    assert "idle_watts" in none.advice
    modelled = choose_energy_meter(tmp_path, 5, 20, 4)
    assert isinstance(modelled.meter, ModelledMeter)
    domain(tmp_path, "intel-rapl:0", "package-0", 1)
    measured = choose_energy_meter(tmp_path, 5, 20, 4)
    assert isinstance(measured.meter, RaplMeter)
    assert measured.advice == ""


def test_a_counter_that_may_not_be_read_is_told_apart_from_none(tmp_path: Path) -> None:
    domain(tmp_path, "intel-rapl:0", "package-0", "")
    assert "may not be read" in choose_energy_meter(tmp_path, None, None, 4).advice
