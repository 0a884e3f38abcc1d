from pathlib import Path

import pytest

from slmtui.meters.battery import BatteryMeter, batteries
from slmtui.meters.energy import NoEnergyMeter
from slmtui.meters.modelled import ModelledMeter
from tests.slmtui.meters.machine import supply

RECORDED = {
    "type": "Battery", "status": "Discharging", "power_now": 7_436_000, "energy_now": 43_210_000,
    "voltage_now": 11_740_000,
}  # fmt: skip
"""A laptop's, in µW, µWh and µV."""


def test_power_between_two_looks_is_their_mean(tmp_path: Path) -> None:
    battery = supply(tmp_path, "BAT0", **RECORDED)
    supply(tmp_path, "AC", type="Mains", online=0)
    meter = BatteryMeter(tmp_path, NoEnergyMeter())
    assert (meter.source, meter.scope) == ("measured", "whole machine, on battery")
    count = meter.begin()
    (battery / "power_now").write_text("17436000\n")
    assert count.read(0, 0, 2) == pytest.approx(12.436 * 2)
    (battery / "power_now").write_text("-7436000\n")  # as some drivers write it
    assert count.read(0, 0, 3) == pytest.approx(12.436 * 3)
    assert (count.source, count.scope, count.cumulative) == ("measured", meter.scope, False)


def test_several_batteries_are_added_up_and_that_of_a_mouse_is_none(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", **RECORDED)
    supply(tmp_path, "BAT1", **RECORDED | {"status": "Not charging", "power_now": 0})
    supply(tmp_path, "hidpp_battery_0", **RECORDED | {"scope": "Device"})
    assert [each.name for each in batteries(tmp_path)] == ["BAT0", "BAT1"]
    assert BatteryMeter(tmp_path, NoEnergyMeter()).begin().read(0, 0, 1) == pytest.approx(7.436)


def test_a_battery_that_tells_its_current(tmp_path: Path) -> None:
    amperes = {"power_now": None, "energy_now": None, "current_now": 500_000}
    supply(tmp_path, "BAT0", **RECORDED | amperes)
    assert BatteryMeter(tmp_path, NoEnergyMeter()).begin().read(0, 0, 2) == pytest.approx(11.74)


def test_a_battery_that_tells_its_energy_alone_is_a_counter(tmp_path: Path) -> None:
    battery = supply(tmp_path, "BAT0", **RECORDED | {"power_now": None, "voltage_now": None})
    count = BatteryMeter(tmp_path, NoEnergyMeter()).begin()
    (battery / "energy_now").write_text("43200000\n")
    assert count.read(0, 0, 2) == pytest.approx(36)  # 10 mWh


def test_on_mains_another_meter_counts(tmp_path: Path) -> None:
    battery = supply(tmp_path, "BAT0", **RECORDED | {"status": "Full"})
    meter = BatteryMeter(tmp_path, ModelledMeter(10, 30, 2))
    assert meter.source == "modelled"
    assert "10 W idle" in meter.scope
    assert meter.begin().source == "modelled"
    (battery / "status").write_text("Discharging\n")
    assert (meter.source, meter.begin().source) == ("measured", "measured")


@pytest.mark.parametrize("status", ["Charging", "Unknown", ""])
def test_a_turn_that_was_on_mains_for_a_part_has_no_figure(tmp_path: Path, status: str) -> None:
    battery = supply(tmp_path, "BAT0", **RECORDED)
    count = BatteryMeter(tmp_path, NoEnergyMeter()).begin()
    assert count.read(0, 0, 1) is not None
    (battery / "status").write_text(f"{status}\n")
    assert count.read(0, 0, 2) is None
    (battery / "status").write_text("Discharging\n")
    assert count.read(0, 0, 3) is None


def test_a_battery_that_is_taken_out(tmp_path: Path) -> None:
    battery = supply(tmp_path, "BAT0", **RECORDED)
    count = BatteryMeter(tmp_path, NoEnergyMeter()).begin()
    for file in battery.iterdir():
        file.unlink()
    assert count.read(0, 0, 1) is None
    assert batteries(tmp_path / "none") == []
