"""The SHA-256 of a model file, remembered for as long as the file stays as it is."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from slmtui.models.errors import ModelFileError

CACHE_FILE = "model-hashes.json"
MAX_REMEMBERED = 1000


def file_hash(path: Path, cache: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    It is kept in the folder `cache` with the file's size and time of change, so a second call is
    quick; a cache that cannot be read or written only costs time. Raises `ModelFileError`.
    """
    try:
        state = _state(path)
        known = _read(cache / CACHE_FILE)
        entry = known.get(str(path.resolve()))
        if isinstance(entry, list) and len(entry) == 3 and entry[:2] == list(state):
            return str(entry[2])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if _state(path) == state:  # else it changed while it was read
            _write(cache / CACHE_FILE, known, str(path.resolve()), [*state, digest])
    except OSError as error:
        raise ModelFileError(path, f"cannot be read: {error.strerror or error}") from error
    return digest


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _read(file: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        known = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(known, dict):
            return known
    return {}


def _write(file: Path, known: dict[str, Any], key: str, entry: list[Any]) -> None:
    """Write the cache beside its place and move it there, so that a reader never sees half of it."""
    kept = dict(list(known.items())[-MAX_REMEMBERED + 1 :]) | {key: entry}
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(file)
