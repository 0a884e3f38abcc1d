from pathlib import Path

import pytest

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
    assert meter.read(0, 0) is None  # no turn has begun
    meter.start()
    assert meter.read(0, 0) == 0
    first.write_text("7500000\n")
    second.write_text("1250000\n")
    assert meter.read(1, 1) == pytest.approx(2.75)
    meter.start()
    assert meter.read(0, 0) == 0
    assert (meter.source, meter.scope) == ("measured", "2 processor packages, all processes")


def test_a_counter_wraps_around(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    meter = RaplMeter(tmp_path)
    meter.start()
    counter.write_text("500000\n")
    assert meter.read(0, 0) == pytest.approx(1.5)
    counter.write_text("2500000\n")
    assert meter.read(0, 0) == pytest.approx(3.5)


@pytest.mark.parametrize("content", ["", "words", "\xff"])
def test_a_counter_that_fails_gives_no_figure(tmp_path: Path, content: str) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 7)
    meter = RaplMeter(tmp_path)
    meter.start()
    counter.write_bytes(content.encode("latin-1"))
    assert meter.read(0, 0) is None
    meter.start()
    counter.write_text("9\n")
    assert meter.read(0, 0) is None  # this turn began without a count


def test_the_model_is_idle_watts_by_time_and_the_rest_by_cpu_time() -> None:
    meter = ModelledMeter(idle_watts=10, full_watts=50, cores=4)
    meter.start()
    assert meter.read(cpu_s=0, wall_s=3) == pytest.approx(30)  # idle
    assert meter.read(cpu_s=12, wall_s=3) == pytest.approx(150)  # all four cores busy
    assert meter.read(cpu_s=3, wall_s=3) == pytest.approx(60)  # one of four
    assert meter.source == "modelled"


def test_the_best_meter_is_chosen(tmp_path: Path) -> None:
    none = choose_energy_meter(tmp_path, None, None, 4)
    assert isinstance(none.meter, NoEnergyMeter)
    assert none.meter.read(1, 1) is None
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
