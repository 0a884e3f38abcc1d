"""Memory and CPU time of a process and its children, for as long as it is there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Resident:
    """What a process holds in memory now, in bytes; of it `anon` are its own and `file` pages of files.

    Where the system tells both, they sum to `total`; None where it does not.
    """

    total: int
    anon: int | None = None
    file: int | None = None


@dataclass(frozen=True, slots=True)
class ProcessRead:
    """A process with its children: memory held now, and CPU time so far, in seconds."""

    memory: Resident
    cpu_s: float


class ProcessMeter:
    """Reads one process. After its death the last CPU time stays, and the memory is zero."""

    def __init__(
        self, pid: int, process_of: Callable[[int], psutil.Process] = psutil.Process, proc: Path = PROC
    ) -> None:
        self._cpu: dict[int, float] = {}
        self._process: psutil.Process | None = None
        self._proc = proc
        try:
            self._process = process_of(pid)
        except psutil.Error:
            return

    def read(self) -> ProcessRead:
        """Return what the process holds and has spent, with its children, and with those that ended."""
        held = [memory for each in self._family() if (memory := self._read_one(each)) is not None]
        return ProcessRead(together(held), sum(self._cpu.values()))

    def _family(self) -> list[psutil.Process]:
        if self._process is None:
            return []
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return []

    def _read_one(self, process: psutil.Process) -> Resident | None:
        try:
            with process.oneshot():
                times = process.cpu_times()
                rss = process.memory_info().rss
        except psutil.Error:  # it ended while it was read
            return None
        self._cpu[process.pid] = times.user + times.system
        return resident(self._proc / str(process.pid) / "status") or Resident(int(rss))


def resident(status: Path) -> Resident | None:
    """Return the memory that Linux tells in a process's status file; None where it does not.

    Shared memory that is of no file counts as the process's own: it takes memory in the same way.
    """
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    told = dict(line.split(":", 1) for line in lines if line.startswith("Rss"))
    try:
        own, file, shared = (_bytes(told[f"Rss{kind}"]) for kind in ("Anon", "File", "Shmem"))
    except (KeyError, ValueError, IndexError):
        return None
    return Resident(own + shared + file, own + shared, file)


def together(held: list[Resident]) -> Resident:
    """Return the sum of several; its kinds are told apart where each of them is."""
    anon = [memory.anon for memory in held if memory.anon is not None]
    file = [memory.file for memory in held if memory.file is not None]
    apart = bool(held) and len(anon) == len(file) == len(held)
    return Resident(sum(m.total for m in held), sum(anon) if apart else None, sum(file) if apart else None)


def _bytes(text: str) -> int:
    """Return the bytes of a figure such as `  1234 kB`, which the kernel means in KiB."""
    return int(text.split(maxsplit=1)[0]) * 1024
