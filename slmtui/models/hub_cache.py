"""Where a pulled file lands: in the cache of the hub's own client, laid out as it does, or in a folder."""

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]  # not in its __all__

LOCK_S = 0.2
"""Seconds that a try of the lock waits, between two looks whether the user has stopped."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a file ends (`path`), and where it is while it is fetched (`part`).

    In the hub's cache `path` is a link to `blob`; elsewhere the two are the same. `folder` is the cache, or
    the user's folder. `reference` is the file that says which commit of `main` is here.
    """

    path: Path
    blob: Path
    part: Path
    lock: Path
    folder: Path
    reference: Path | None = None


def cache_landing(cache: Path, repository: str, commit: str, name: str, sha256: str) -> Landing:
    """Return the place of a file in the hub's cache, which other programs look into too."""
    folder = f"models--{repository.replace('/', '--')}"
    root = cache / folder
    return Landing(
        path=root / "snapshots" / commit / Path(*name.split("/")),
        blob=root / "blobs" / sha256,
        part=root / "blobs" / f"{sha256}.incomplete",
        lock=_lock(cache, folder, sha256),
        folder=cache,
        reference=root / "refs" / "main",
    )


def folder_landing(folder: Path, cache: Path, repository: str, name: str, sha256: str) -> Landing:
    """Return the place of a file in a user's folder; of its path on the hub, only the last name counts."""
    path = folder / name.rsplit("/", 1)[-1]
    part = folder / f"{path.name}.{sha256[:12]}.part"
    lock = _lock(cache, f"models--{repository.replace('/', '--')}", sha256)
    return Landing(path, path, part, lock, folder)


@contextmanager
def locked(landing: Landing, waiting: Callable[[], None]) -> Generator[None, None, None]:
    """Hold a file's lock, which the hub's own client takes too; `waiting` is called while another has it.

    It may raise, to give up.
    """
    landing.lock.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(WeakFileLock(landing.lock, timeout=LOCK_S))
                break
            except TimeoutError:
                waiting()
        yield


def settle(landing: Landing, commit: str) -> None:
    """Put a finished part in its place, at once and whole. Raises `OSError`."""
    landing.part.replace(landing.blob)
    link(landing, commit)


def link(landing: Landing, commit: str) -> None:
    """Make the file's name in the cache point at its blob, as the hub's client does. Raises `OSError`."""
    if landing.path == landing.blob:
        return
    landing.path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        landing.path.unlink()
    try:
        landing.path.symlink_to(os.path.relpath(landing.blob, landing.path.parent))
    except OSError:  # a system without links: the file itself goes there
        landing.blob.replace(landing.path)
    if landing.reference is not None:
        landing.reference.parent.mkdir(parents=True, exist_ok=True)
        landing.reference.write_text(commit, encoding="utf-8")


def _lock(cache: Path, folder: str, sha256: str) -> Path:
    return cache / ".locks" / folder / f"{sha256}.lock"
