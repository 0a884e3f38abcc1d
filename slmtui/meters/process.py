"""Memory and CPU time of a process and its children, for as long as it is there."""

from collections.abc import Callable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class ProcessRead:
    """A process with its children: memory held now, in bytes, and CPU time so far, in seconds."""

    rss_bytes: int
    cpu_s: float


class ProcessMeter:
    """Reads one process. After its death the last CPU time stays, and the memory is zero."""

    def __init__(self, pid: int, process_of: Callable[[int], psutil.Process] = psutil.Process) -> None:
        self._cpu: dict[int, float] = {}
        self._process: psutil.Process | None = None
        try:
            self._process = process_of(pid)
        except psutil.Error:
            return

    def read(self) -> ProcessRead:
        """Return what the process holds and has spent, with its children, and with those that ended."""
        rss = sum(map(self._read_one, self._family()))
        return ProcessRead(rss, sum(self._cpu.values()))

    def _family(self) -> list[psutil.Process]:
        if self._process is None:
            return []
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return []

    def _read_one(self, process: psutil.Process) -> int:
        try:
            with process.oneshot():
                times = process.cpu_times()
                rss = process.memory_info().rss
        except psutil.Error:  # it ended while it was read
            return 0
        self._cpu[process.pid] = times.user + times.system
        return int(rss)
