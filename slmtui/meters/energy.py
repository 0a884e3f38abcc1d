"""Where a figure of joules comes from: one small interface, and no energy meter at all."""

from typing import Protocol

from agents.events import EnergySource


class EnergyCount(Protocol):
    """The energy of one turn, from the moment it was begun, with what it is and what it is of."""

    @property
    def source(self) -> EnergySource:
        """Whether the joules are measured, modelled, or not there."""
        ...

    @property
    def scope(self) -> str:
        """What the joules are of, for a person."""
        ...

    @property
    def idle_watts(self) -> float | None:
        """The idle power of the same where it is known beforehand; None where it must be measured."""
        ...

    @property
    def cumulative(self) -> bool:
        """Whether a figure is right however long nobody looked: a counter's is, a sampled power's is not."""
        ...

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return the joules so far; None when nothing can be read.

        All in seconds since the count began: `cpu_s` is the CPU time that the engine spent on the
        turn, `engine_s` that of its whole process, at least `cpu_s`, and `wall_s` the time.
        """
        ...


class EnergyMeter(Protocol):
    """Counts the energy of turns, several at once too; `source` and `scope` are of a count begun now."""

    @property
    def source(self) -> EnergySource:
        """Whether the joules would be measured, modelled, or not there."""
        ...

    @property
    def scope(self) -> str:
        """What the joules would be of, for a person."""
        ...

    def begin(self) -> EnergyCount:
        """Begin the count of a turn."""
        ...


class NoEnergyMeter:
    """There is nothing to read: every figure is None. A meter, and the count of every turn."""

    source: EnergySource = "none"
    scope = "no meter"
    idle_watts: float | None = None
    cumulative = False

    def begin(self) -> "NoEnergyMeter":
        """Return itself: there is nothing to count."""
        return self

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return None."""
        _ = cpu_s, engine_s, wall_s
        return None
