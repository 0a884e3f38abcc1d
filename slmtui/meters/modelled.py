"""Modelled energy: the watts that a user knows of the machine, shared out by CPU time."""

from agents.events import EnergySource


class ModelledMeter:
    """Energy by P = P_idle + (P_full - P_idle) x CPU share of the engine's process.

    The whole idle power counts, as for a machine that does nothing else meanwhile. It is a model, so
    it is marked as one wherever it is shown, and never mixed with counters.
    """

    source: EnergySource = "modelled"

    def __init__(self, idle_watts: float, full_watts: float, cores: int) -> None:
        """Take the machine's watts, idle and with all of its logical `cores` busy."""
        self._idle = idle_watts
        self._span = max(0.0, full_watts - idle_watts)
        self._cores = max(1, cores)
        self.scope = f"modelled from CPU time, {idle_watts:g} W idle to {full_watts:g} W busy"

    def start(self) -> None:
        """Do nothing: everything follows from what `read` is given."""

    def read(self, cpu_s: float, wall_s: float) -> float | None:
        """Return idle watts by wall time, and the rest by CPU time."""
        return self._idle * wall_s + self._span * cpu_s / self._cores
