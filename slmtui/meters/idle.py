"""Idle power: what the machine draws between the turns. It is told beside their energy, never taken off."""

from collections.abc import Callable
from weakref import WeakSet

from slmtui.meters.energy import EnergyCount, EnergyMeter

SHORTEST_S = 2.0
"""A shorter pause is mostly the end of one turn and the beginning of the next."""


class Idle:
    """Shared by the meters of all turns: looks at the energy when the last turn ends and the next begins.

    What other programs draw in that time is in it, as it is in a turn's own figure.
    """

    def __init__(self, energy: EnergyMeter, clock: Callable[[], float]) -> None:
        """Take the meter of the turns, and a clock of monotonic seconds."""
        self._energy = energy
        self._clock = clock
        # Weak, as a turn that was left by its reader may never say that it ended.
        self._running: WeakSet[object] = WeakSet()
        self._count: EnergyCount | None = None
        self._since = 0.0
        self._watts: dict[str, float] = {}

    def turn_began(self, turn: object) -> None:
        """Note that a turn begins, which ends a pause when no other runs."""
        if self._count is not None and not self._running:
            self._measure(self._count, self._clock() - self._since)
        self._count = None
        self._running.add(turn)

    def turn_ended(self, turn: object) -> None:
        """Note that a turn has ended, and with the last one begin a pause."""
        if turn not in self._running:
            return
        self._running.discard(turn)
        if not self._running:
            self._count, self._since = self._energy.begin(), self._clock()

    def watts_of(self, count: EnergyCount) -> float | None:
        """Return the idle power of what `count` is of: known beforehand, or measured last, or None."""
        return count.idle_watts if count.idle_watts is not None else self._watts.get(count.scope)

    def _measure(self, count: EnergyCount, seconds: float) -> None:
        joules = count.read(0.0, 0.0, seconds) if count.cumulative and seconds >= SHORTEST_S else None
        if joules is not None:
            self._watts[count.scope] = joules / seconds
