import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.meters.choose import choose_energy_meter
from slmtui.meters.energy import NoEnergyMeter
from slmtui.meters.modelled import ModelledMeter
from tests.slmtui.meters.machine import FakeApple, FakeNvml, bare, domain, supply
from tests.slmtui.meters.test_emi import METADATA, FakeDevice

PACKAGE = "1 processor package, all processes"


def test_the_model_is_idle_watts_by_time_and_the_rest_by_cpu_time() -> None:
    meter = ModelledMeter(idle_watts=10, full_watts=50, cores=4)
    count = meter.begin()
    assert count.read(cpu_s=0, engine_s=0, wall_s=3) == pytest.approx(30)  # idle
    assert count.read(cpu_s=12, engine_s=12, wall_s=3) == pytest.approx(150)  # all four cores busy
    assert count.read(cpu_s=3, engine_s=3, wall_s=3) == pytest.approx(60)  # one of four
    assert (meter.source, count.idle_watts) == ("modelled", 10)


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
    none = choose_energy_meter(bare(tmp_path), None, None, 4)
    assert isinstance(none.meter, NoEnergyMeter)
    assert none.meter.begin().read(1, 1, 1) is None
    assert "no energy counter" in none.advice
    assert "idle_watts" in none.advice
    modelled = choose_energy_meter(bare(tmp_path), 5, 20, 4)
    assert isinstance(modelled.meter, ModelledMeter)
    supply(tmp_path / "power_supply", "BAT0", type="Battery", status="Discharging", power_now=5_000_000)
    battery = choose_energy_meter(bare(tmp_path), 5, 20, 4)
    assert (battery.meter.source, battery.meter.scope) == ("measured", "whole machine, on battery")
    domain(tmp_path / "powercap", "intel-rapl:0", "package-0", 1)
    measured = choose_energy_meter(bare(tmp_path), 5, 20, 4)
    assert (measured.meter.source, measured.meter.scope, measured.advice) == ("measured", PACKAGE, "")


def test_gpus_and_packages_are_one_figure_and_a_battery_has_both_in_it(tmp_path: Path) -> None:
    domain(tmp_path / "powercap", "intel-rapl:0", "package-0", 1)
    both = choose_energy_meter(bare(tmp_path, pynvml=FakeNvml(7)), None, None, 4)
    assert both.meter.scope == "1 processor package and 1 GPU, all processes"
    laptop = tmp_path / "laptop"
    supply(laptop / "power_supply", "BAT0", type="Battery", status="Discharging", power_now=5_000_000)
    battery = choose_energy_meter(bare(laptop, pynvml=FakeNvml(7)), None, None, 4)
    assert battery.meter.scope == "whole machine, on battery"


def test_a_gpu_alone_counts_where_the_model_runs_on_it(tmp_path: Path) -> None:
    machine = bare(tmp_path, pynvml=FakeNvml(7))
    alone = choose_energy_meter(machine, 5, 20, 4)
    assert (alone.meter.source, alone.meter.scope) == ("measured", "1 GPU, all processes")
    assert "the processor is not in the figure" in alone.advice
    assert choose_energy_meter(machine, 5, 20, 4, uses_gpu=False).meter.source == "modelled"


def test_a_counter_that_may_not_be_read_is_told_apart_from_none(tmp_path: Path) -> None:
    domain(tmp_path / "powercap", "intel-rapl:0", "package-0", "")
    assert "may not be read" in choose_energy_meter(bare(tmp_path), None, None, 4).advice


def test_windows_and_macs_have_counters_of_their_own(tmp_path: Path) -> None:
    device = FakeDevice(METADATA, 10**12, 10**12, 10**12)
    windows = bare(tmp_path, platform="win32", devices=[device])
    assert choose_energy_meter(windows, None, None, 4).meter.scope == PACKAGE
    assert "Windows" in choose_energy_meter(bare(tmp_path, platform="win32"), None, None, 4).advice
    mac = bare(tmp_path, platform="darwin", zeus_apple_silicon=FakeApple(cpu_total_mj=5))
    assert choose_energy_meter(mac, None, None, 4).meter.scope == "Apple's chip (CPU), all processes"
    assert "zeus-apple" in choose_energy_meter(bare(tmp_path, platform="darwin"), None, None, 4).advice
