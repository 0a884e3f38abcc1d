"""Where a figure of joules comes from: one small interface, and no energy meter at all."""

from typing import Protocol

from agents.events import EnergySource


class EnergyMeter(Protocol):
    """Counts energy, turn by turn. Whether it measures, and what, is said with every figure."""

    @property
    def source(self) -> EnergySource:
        """Whether the joules are measured, modelled, or not there."""
        ...

    @property
    def scope(self) -> str:
        """What the joules are of, for a person."""
        ...

    def start(self) -> None:
        """Begin to count anew."""
        ...

    def read(self, cpu_s: float, wall_s: float) -> float | None:
        """Return the joules since `start`; None when nothing can be read.

        `cpu_s` is the CPU time of the engine's process since then and `wall_s` the time, in seconds.
        """
        ...


class NoEnergyMeter:
    """There is nothing to read: every figure is None."""

    source: EnergySource = "none"
    scope = "no meter"

    def start(self) -> None:
        """Do nothing."""

    def read(self, cpu_s: float, wall_s: float) -> float | None:
        """Return None."""
        _ = cpu_s, wall_s
        return None
