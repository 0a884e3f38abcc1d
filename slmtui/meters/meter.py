"""The meter of one turn: every reading counts from the turn's start."""

from collections.abc import Callable, Sequence

import psutil

from agents.events import MeterRead
from slmtui.meters.energy import EnergyCount, EnergyMeter
from slmtui.meters.process import ProcessMeter


class Meter:
    """Reads the engines' processes and an energy meter for one turn.

    Nothing is read before `start`, so a meter for each turn costs nothing; turns at once share `energy`.
    """

    def __init__(
        self, energy: EnergyMeter, process_of: Callable[[int], psutil.Process] = psutil.Process
    ) -> None:
        self.energy = energy
        self._process_of = process_of
        self._processes: tuple[ProcessMeter, ...] = ()
        self._count: EnergyCount | None = None
        self._cpu_before = 0.0
        self._peak = 0

    def start(self, pids: Sequence[int]) -> None:
        """Begin the turn on these processes; none when there is nothing to read."""
        self._processes = tuple(ProcessMeter(pid, self._process_of) for pid in pids)
        self._peak, self._cpu_before = self._read_processes()
        self._count = self.energy.begin()

    def read(self, t: float, cpu_s: float | None = None) -> MeterRead:
        """Return the readings `t` seconds into the turn. The peak is the most that any reading saw.

        `cpu_s` is the engine's own account of the CPU time spent on this turn since its start; without
        one the turn is taken to have had the process to itself.
        """
        rss, total = self._read_processes()
        engine = max(0.0, total - self._cpu_before)
        cpu = engine if cpu_s is None else cpu_s
        self._peak = max(self._peak, rss)
        # The system counts CPU time in steps of 10 ms, so the process may seem to lag behind the account.
        joules = self._count.read(cpu, max(engine, cpu), t) if self._count else None
        return MeterRead(
            t=t,
            rss_bytes=rss,
            peak_rss_bytes=self._peak,
            cpu_s=cpu,
            joules=joules,
            source="none" if joules is None else self.energy.source,
        )

    def _read_processes(self) -> tuple[int, float]:
        """Return the bytes in memory and the CPU seconds of all processes that still run."""
        readings = [reading for process in self._processes if (reading := process.read()) is not None]
        return sum(r.rss_bytes for r in readings), sum(r.cpu_s for r in readings)
