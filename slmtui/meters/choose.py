"""Which energy meter this machine has: counters first, then its battery, the user's watts, or none."""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slmtui.meters.apple import apple_counters
from slmtui.meters.battery import POWER_SUPPLY, BatteryMeter, batteries
from slmtui.meters.counter import CounterMeter, Counters
from slmtui.meters.emi import EmiDevice, emi_counters
from slmtui.meters.emi_device import emi_devices
from slmtui.meters.energy import EnergyMeter, NoEnergyMeter
from slmtui.meters.modelled import ModelledMeter
from slmtui.meters.nvml import DRIVER, nvml_counters
from slmtui.meters.rapl import rapl_counters

POWERCAP = Path("/sys/class/powercap")


@dataclass(frozen=True, slots=True)
class EnergyChoice:
    """The energy meter chosen, and what to do for a better one; empty when there is none better."""

    meter: EnergyMeter
    advice: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a machine shows its energy. `load` imports an optional library by its name."""

    platform: str = sys.platform
    powercap: Path = POWERCAP
    power_supply: Path = POWER_SUPPLY
    nvidia_driver: Path = DRIVER
    load: Callable[[str], Any] = importlib.import_module
    emi_devices: Callable[[], Sequence[EmiDevice]] = emi_devices


def choose_energy_meter(
    machine: Machine, idle_watts: float | None, full_watts: float | None, cores: int, *, uses_gpu: bool = True
) -> EnergyChoice:
    """Return the best energy meter there is. Watts are the machine's, idle and with all `cores` busy.

    The processor's counters and those of the GPUs are of different parts, and are one figure where both
    are there. A GPU's alone is taken where the model runs on it. A battery's figure has the whole machine
    in it, so nothing is added to that.
    """
    processor, gpus = _processor(machine), nvml_counters(machine.load, machine.nvidia_driver)
    if processor.counters:
        return EnergyChoice(CounterMeter(processor, gpus), gpus.advice)
    rest = _without_processor(gpus if uses_gpu else Counters(), idle_watts, full_watts, cores)
    advice = "; ".join(filter(None, (processor.advice, gpus.advice, rest.advice)))
    if batteries(machine.power_supply):
        return EnergyChoice(BatteryMeter(machine.power_supply, rest.meter), advice)
    return EnergyChoice(rest.meter, advice)


def _processor(machine: Machine) -> Counters:
    """Return the counters of the processor, where this kind of system shows them."""
    if machine.platform == "win32":
        return emi_counters(machine.emi_devices())
    if machine.platform == "darwin":
        return apple_counters(machine.load)
    return rapl_counters(machine.powercap)


def _without_processor(
    gpus: Counters, idle_watts: float | None, full_watts: float | None, cores: int
) -> EnergyChoice:
    if gpus.counters:
        return EnergyChoice(CounterMeter(gpus), "so the processor is not in the figure")
    if idle_watts is not None and full_watts is not None:
        return EnergyChoice(ModelledMeter(idle_watts, full_watts, cores), "")
    watts = "set idle_watts and full_watts under [energy] in the settings for a modelled figure"
    return EnergyChoice(NoEnergyMeter(), watts)
