"""Which energy meter this machine has: a counter first, then the user's watts, then none."""

from dataclasses import dataclass
from pathlib import Path

from slmtui.meters.energy import EnergyMeter, NoEnergyMeter
from slmtui.meters.modelled import ModelledMeter
from slmtui.meters.rapl import RaplMeter, rapl_domains


@dataclass(frozen=True, slots=True)
class EnergyChoice:
    """The energy meter chosen, and what to do for a better one; empty when there is none better."""

    meter: EnergyMeter
    advice: str


def choose_energy_meter(
    powercap: Path, idle_watts: float | None, full_watts: float | None, cores: int
) -> EnergyChoice:
    """Return the best energy meter there is. Watts are the machine's, idle and with all `cores` busy."""
    try:
        return EnergyChoice(RaplMeter(powercap), "")
    except OSError:
        advice = _advice(powercap)
    if idle_watts is not None and full_watts is not None:
        return EnergyChoice(ModelledMeter(idle_watts, full_watts, cores), advice)
    watts = "set idle_watts and full_watts under [energy] in the settings for a modelled figure"
    return EnergyChoice(NoEnergyMeter(), f"{advice}; {watts}")


def _advice(powercap: Path) -> str:
    if rapl_domains(powercap):
        return f"the energy counter is there but may not be read; let your user read {powercap}/*/energy_uj"
    return "this machine shows no energy counter (virtual machines seldom do)"
