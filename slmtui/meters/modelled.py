"""Modelled energy: the watts that a user knows of the machine, shared out by CPU time."""

from agents.events import EnergySource


class ModelledMeter:
    """Energy of the machine by P = P_idle + (P_full - P_idle) x CPU share of the engine's process.

    A turn gets of it what it got of the engine's CPU time. So idle power, which belongs to wall time,
    is counted once however many turns run in that time: their joules add up to the machine's, and a
    turn costs no more for the company that made it slow. A turn that had the engine to itself gets
    the whole idle power, as on a machine that does nothing else meanwhile. What the engine spends on
    no turn is nobody's, and neither is its part of the idle power.

    It is a model, so it is marked as one wherever it is shown, and never mixed with counters. It keeps
    nothing from one reading to the next: a meter, and the count of every turn.
    """

    source: EnergySource = "modelled"
    cumulative = False

    def __init__(self, idle_watts: float, full_watts: float, cores: int) -> None:
        """Take the machine's watts, idle and with all of its logical `cores` busy."""
        self.idle_watts: float | None = idle_watts
        self._idle = idle_watts
        self._span = max(0.0, full_watts - idle_watts)
        self._cores = max(1, cores)
        self.scope = f"machine, {idle_watts:g} W idle to {full_watts:g} W busy"

    def begin(self) -> "ModelledMeter":
        """Return itself: everything follows from what `read` is given."""
        return self

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return the machine's joules, by the turn's share of the engine's CPU time."""
        machine = self._idle * wall_s + self._span * engine_s / self._cores
        return machine * (cpu_s / engine_s if engine_s > 0 else 1.0)
