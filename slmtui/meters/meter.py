"""The meter of a turn: every reading counts from the turn's start."""

from collections.abc import Callable

import psutil

from agents.events import MeterRead
from slmtui.meters.energy import EnergyMeter
from slmtui.meters.process import ProcessMeter


class Meter:
    """Reads the engine's process and an energy meter, one turn at a time."""

    def __init__(
        self, energy: EnergyMeter, process_of: Callable[[int], psutil.Process] = psutil.Process
    ) -> None:
        self.energy = energy
        self._process_of = process_of
        self._process: ProcessMeter | None = None
        self._cpu_before = 0.0
        self._peak = 0

    def start(self, pid: int | None) -> None:
        """Begin a turn on the process `pid`; None when there is no process to read."""
        self._process = None if pid is None else ProcessMeter(pid, self._process_of)
        now = self._process.read() if self._process else None
        self._cpu_before = now.cpu_s if now else 0.0
        self._peak = now.rss_bytes if now else 0
        self.energy.start()

    def read(self, t: float) -> MeterRead:
        """Return the readings `t` seconds into the turn. The peak is the most that any reading saw."""
        now = self._process.read() if self._process else None
        rss = now.rss_bytes if now else 0
        cpu = now.cpu_s - self._cpu_before if now else 0.0
        self._peak = max(self._peak, rss)
        joules = self.energy.read(cpu, t)
        return MeterRead(
            t=t,
            rss_bytes=rss,
            peak_rss_bytes=self._peak,
            cpu_s=cpu,
            joules=joules,
            source="none" if joules is None else self.energy.source,
        )
