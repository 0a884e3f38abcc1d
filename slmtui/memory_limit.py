"""How much memory a process on this machine may have at most."""

from pathlib import Path

import psutil

_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where a container's limit stands, under version 2 and version 1 of Linux's control groups."""


def memory_limit(files: tuple[str, ...] = _CGROUPS) -> int:
    """Return bytes: the machine's memory, or a container's limit where that is less."""
    limits = (_number(Path(each)) for each in files)
    return min(psutil.virtual_memory().total, *(limit for limit in limits if limit is not None), 2**63)


def _number(path: Path) -> int | None:
    """Return the number in a file; None for a file that is not there or says `max`."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
