"""The meter of one turn: every reading counts from the turn's start."""

from collections.abc import Callable

import psutil

from agents.events import MeterRead
from slmtui.meters.energy import EnergyCount, EnergyMeter
from slmtui.meters.process import ProcessMeter


class Meter:
    """Reads the engine's process and an energy meter for one turn.

    Nothing is read before `start`, so a meter for each turn costs nothing; turns at once share `energy`.
    """

    def __init__(
        self, energy: EnergyMeter, process_of: Callable[[int], psutil.Process] = psutil.Process
    ) -> None:
        self.energy = energy
        self._process_of = process_of
        self._process: ProcessMeter | None = None
        self._count: EnergyCount | None = None
        self._cpu_before = 0.0
        self._peak = 0

    def start(self, pid: int | None) -> None:
        """Begin the turn on the process `pid`; None when there is no process to read."""
        self._process = None if pid is None else ProcessMeter(pid, self._process_of)
        now = self._process.read() if self._process else None
        self._cpu_before = now.cpu_s if now else 0.0
        self._peak = now.rss_bytes if now else 0
        self._count = self.energy.begin()

    def read(self, t: float, cpu_s: float | None = None) -> MeterRead:
        """Return the readings `t` seconds into the turn. The peak is the most that any reading saw.

        `cpu_s` is the engine's own account of the CPU time spent on this turn since its start; without
        one the turn is taken to have had the process to itself.
        """
        now = self._process.read() if self._process else None
        rss = now.rss_bytes if now else 0
        engine = now.cpu_s - self._cpu_before if now else 0.0
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
