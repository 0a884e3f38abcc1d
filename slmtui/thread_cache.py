"""Threads that were measured, remembered for as long as model, machine and engine stay as they are."""

import contextlib
import importlib.metadata
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import psutil

from slmtui.engine.defaults import allowed_cores
from slmtui.engine.protocol import KvType, Load, Threads, ThreadSpeed
from slmtui.host import machine_name

CACHE_FILE = "thread-speeds.json"
MAX_REMEMBERED = 200
BUSY = 0.5


class ThreadKey(msgspec.Struct, frozen=True):
    """All that the speeds hang on. A model is its file with `size` bytes, changed at `changed` ns."""

    model: str
    size: int
    changed: int
    machine: str
    cores: int
    llama_cpp: str
    batch: int
    gpu_layers: int
    flash_attention: bool
    kv_type: KvType


def thread_key(load: Load) -> ThreadKey:
    """Return the key of a load on this machine; a file that has gone has no size."""
    path = Path(load.path)
    size, changed = 0, 0
    with contextlib.suppress(OSError):
        path = path.resolve()
        status = path.stat()
        size, changed = status.st_size, status.st_mtime_ns
    return ThreadKey(
        model=str(path),
        size=size,
        changed=changed,
        machine=machine_name(),
        cores=allowed_cores(),
        llama_cpp=_llama_cpp(),
        batch=load.batch,
        gpu_layers=load.gpu_layers,
        flash_attention=load.flash_attention,
        kv_type=load.kv_type,
    )


def is_busy() -> bool:
    """Whether the machine had work for half of its cores in the last minute: no time to measure for good."""
    return psutil.getloadavg()[0] > BUSY * (os.cpu_count() or 1)


def _llama_cpp() -> str:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version("llama-cpp-python")
    return ""


class Measurement(msgspec.Struct, frozen=True):
    """What was measured for a key on a day (ISO 8601), and the threads that were chosen from it."""

    key: ThreadKey
    day: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    threads: Threads
    speeds: tuple[ThreadSpeed, ...]

    @property
    def is_usable(self) -> bool:
        """Whether the numbers can be meant: the file is the user's, and may say anything."""
        most = 4 * max(1, self.key.cores)
        return 0 < self.threads.decode <= most and 0 < self.threads.batch <= most


class ThreadCache:
    """Measurements in a file; one that cannot be read is empty, one that cannot be written costs time."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now

    def find(self, key: ThreadKey) -> Threads | None:
        """Return the threads measured for `key`, with the speeds and the day in their reason, or None."""
        found = self.measurement(key)
        if found is None:
            return None
        reason = f"{found.threads.reason}; measured {found.day}"
        return Threads(found.threads.decode, found.threads.batch, reason, found.threads.speed)

    def measurement(self, key: ThreadKey) -> Measurement | None:
        """Return all that was measured for `key`, or None."""
        return next((known for known in self._read() if known.key == key and known.is_usable), None)

    def remember(self, key: ThreadKey, speeds: tuple[ThreadSpeed, ...], threads: Threads) -> None:
        """Keep what was measured just now; the oldest beyond `MAX_REMEMBERED` are forgotten."""
        day = self._now().date().isoformat()
        others = [known for known in self._read() if known.key != key]
        self._write([*others[-MAX_REMEMBERED + 1 :], Measurement(key, day, threads, speeds)])

    def _read(self) -> list[Measurement]:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return msgspec.json.decode(self._path.read_bytes(), type=list[Measurement])
        return []

    def _write(self, measurements: list[Measurement]) -> None:
        """Write the file beside its place and move it there, so that a reader never sees half of it."""
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(msgspec.json.encode(measurements))
            beside.replace(self._path)
