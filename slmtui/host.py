"""This machine and this process, by name: what a turn records of where it ran, and who owns it."""

import os
import platform
import socket
from pathlib import Path

import psutil

SAME_START_S = 2.0


def machine_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor, its cores, the memory and the system, in a line."""
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    gib = psutil.virtual_memory().total / 2**30
    return f"{_processor(cpuinfo)}, {cores} cores, {gib:.0f} GiB, {platform.system()} {platform.machine()}"


def _processor(cpuinfo: Path) -> str:
    try:
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() in {"model name", "Hardware"}:
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def this_owner() -> str:
    """Return the name of this process among all that there have been on all machines."""
    return f"{socket.gethostname()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def owner_is_alive(owner: str) -> bool:
    """Whether the process of a name still runs. One on another machine is taken to."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    started = owner.rpartition(":")[2]
    if host != socket.gethostname():
        return bool(host)
    try:
        # The system counts from its boot, and corrects the time of that: a second more or less.
        return abs(psutil.Process(int(rest)).create_time() - float(started)) < SAME_START_S
    except (psutil.Error, ValueError, OverflowError):
        return False
