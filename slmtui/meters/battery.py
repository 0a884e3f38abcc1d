"""Measured energy of a whole machine while it runs on its battery, by Linux's power supply class.

https://www.kernel.org/doc/html/latest/power/power_supply_class.html: µW, µWh, µA and µV.
"""

from dataclasses import dataclass
from pathlib import Path

from agents.events import EnergySource
from slmtui.meters.energy import EnergyCount, EnergyMeter

POWER_SUPPLY = Path("/sys/class/power_supply")
SCOPE = "whole machine, on battery"
MICRO = 1e-6
MICROWATT_HOURS = 3.6e-3
"""In joules."""


@dataclass(frozen=True, slots=True)
class Drain:
    """What the batteries say: the power they give, in watts, and the energy left in them, in joules."""

    watts: float | None
    joules: float | None


def batteries(power_supply: Path) -> list[Path]:
    """Return the folders of the machine's own batteries; that of a mouse is no such."""
    try:
        folders = sorted(power_supply.iterdir())
    except OSError:
        return []
    return [
        each for each in folders if _text(each / "type") == "Battery" and _text(each / "scope") != "Device"
    ]


def drain(folders: list[Path]) -> Drain | None:
    """Return what the batteries give; None unless the machine runs on them and nothing else."""
    states = [_text(folder / "status") for folder in folders]
    if "Discharging" not in states or "Charging" in states:
        return None
    watts = [_watts(folder) for folder in folders]
    energy = [_number(folder / "energy_now") for folder in folders]
    return Drain(
        None if None in watts else sum(filter(None, watts)),
        None if None in energy else sum(filter(None, energy)) * MICROWATT_HOURS,
    )


class BatteryMeter:
    """Counts turns that begin on battery, and leaves the others to another meter.

    Nothing is ever added to a battery's figure: all there is in the machine is in it already.
    """

    def __init__(self, power_supply: Path, otherwise: EnergyMeter) -> None:
        self._folders = batteries(power_supply)
        self._otherwise = otherwise

    @property
    def source(self) -> EnergySource:
        """Measured on battery; what the other meter says on mains."""
        return "measured" if self._drains else self._otherwise.source

    @property
    def scope(self) -> str:
        """The whole machine on battery; what the other meter says on mains."""
        return SCOPE if self._drains else self._otherwise.scope

    def begin(self) -> EnergyCount:
        """Begin the count of a turn."""
        first = drain(self._folders)
        return BatteryCount(self._folders, first) if _tells(first) else self._otherwise.begin()

    @property
    def _drains(self) -> bool:
        return _tells(drain(self._folders))


class BatteryCount:
    """What the batteries gave since a moment; no figure once the machine was on mains for a part of it.

    Power is taken at every look, and the mean of two looks for the time between. Batteries that tell
    their energy alone are read as counters, in the coarse steps that they have.
    """

    source: EnergySource = "measured"
    scope = SCOPE
    idle_watts: float | None = None
    cumulative = False

    def __init__(self, folders: list[Path], first: Drain | None) -> None:
        self._folders = folders
        self._last = first
        self._at = 0.0
        self._total = 0.0

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return the joules of the whole machine."""
        _ = cpu_s, engine_s
        now = drain(self._folders) if self._last is not None else None
        given = None if now is None or self._last is None else _given(self._last, now, wall_s - self._at)
        if given is None:
            self._last = None
            return None
        self._total += given
        self._last, self._at = now, wall_s
        return self._total


def _given(before: Drain, now: Drain, seconds: float) -> float | None:
    if before.watts is not None and now.watts is not None:
        return (before.watts + now.watts) / 2 * max(0.0, seconds)
    if before.joules is not None and now.joules is not None:
        return max(0.0, before.joules - now.joules)
    return None


def _tells(seen: Drain | None) -> bool:
    return seen is not None and (seen.watts is not None or seen.joules is not None)


def _watts(folder: Path) -> float | None:
    """Return the power that a battery gives; some drivers write it as a negative number."""
    power = _number(folder / "power_now")
    if power is not None:
        return abs(power) * MICRO
    current, volts = _number(folder / "current_now"), _number(folder / "voltage_now")
    return None if current is None or volts is None else abs(current) * volts * MICRO * MICRO


def _number(file: Path) -> int | None:
    try:
        return int(_text(file))
    except ValueError:
        return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
