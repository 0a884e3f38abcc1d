"""Fetching one file: into a part beside its place, from where an earlier try stopped, checked at the end."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from slmtui.models.errors import CutOffError, PullError, PullStoppedError
from slmtui.models.hub_names import HubFile

TRIES = 5
PAUSE_S = 1.0
"""A connection that is cut is tried so many times more without a new byte, after such a pause."""
_READ = 1 << 20

Phase = Literal["waiting", "checking", "pulling"]


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a pull is: `done` of `total` bytes, fetched or, while an earlier part is checked, read."""

    phase: Phase
    done: int
    total: int


Progress = Callable[[PullProgress], None]


class Source(Protocol):
    """Bytes from an offset on; see `slmtui.models.hub.Body`."""

    @property
    def start(self) -> int:
        """Where they begin."""
        ...

    @property
    def pieces(self) -> Iterator[bytes]:
        """The bytes, in pieces."""
        ...


Open = Callable[[int], AbstractContextManager[Source]]


def stop_if(stopped: bool) -> None:
    """Raise `PullStoppedError` if the user has stopped the pull."""
    if stopped:
        raise PullStoppedError("stopped; what came so far is kept, and the same pull goes on from there")


class Download:
    """One file on its way. `open_at` opens it at an offset; `is_stopped` is asked between pieces."""

    def __init__(
        self,
        file: HubFile,
        part: Path,
        open_at: Open,
        progress: Progress,
        is_stopped: Callable[[], bool],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._file, self._part, self._open = file, part, open_at
        self._total = file.size or 0
        self._progress, self._is_stopped, self._sleep = progress, is_stopped, sleep
        self._hash = hashlib.sha256()
        self._done = 0

    def fetch(self) -> None:
        """Fetch the file into its part, whole and with the right SHA-256.

        Raises `PullError`; a part whose SHA-256 is wrong is removed, any other kept. Raises `OSError` where
        it cannot be written.
        """
        with self._part.open("ab+") as part:
            self._take_in(part)
            self._fetch_rest(part)
            part.flush()
            os.fsync(part.fileno())
        if self._hash.hexdigest() != self._file.sha256:
            with suppress(OSError):
                self._part.unlink()
            raise PullError(
                f"{self._file.name} is not what the hub says: its SHA-256 is wrong, and it was removed; "
                "pull it again, and if that happens twice, do not trust where it comes from"
            )

    def _take_in(self, part: IO[bytes]) -> None:
        """Read what an earlier try has left; what is longer than the file is nothing of it."""
        size = part.seek(0, os.SEEK_END)
        if size > self._total:
            self._begin_at(part, 0)
            return
        part.seek(0)
        while piece := part.read(_READ):
            self._add(piece)
            self._tell("checking")

    def _fetch_rest(self, part: IO[bytes]) -> None:
        tries = 0
        while self._done < self._total:
            before = self._done
            try:
                self._fetch_some(part)
            except CutOffError:
                tries = 1 if self._done > before else tries + 1
                part.flush()
                if tries > TRIES:
                    raise
                self._wait()

    def _fetch_some(self, part: IO[bytes]) -> None:
        with self._open(self._done) as source:
            if source.start != self._done:
                self._begin_at(part, source.start)
            for piece in source.pieces:
                if self._done + len(piece) > self._total:
                    self._begin_at(part, 0)
                    raise PullError(f"{self._file.name} is longer than the hub says; nothing of it was kept")
                part.write(piece)
                self._add(piece)
                self._tell("pulling")
        if self._done < self._total:
            raise CutOffError("the hub ended the file too early: try again, it goes on from there")

    def _begin_at(self, part: IO[bytes], offset: int) -> None:
        """Throw away what is there and begin anew; a source begins where it was asked to, or at 0."""
        part.truncate(offset)
        part.seek(offset)
        self._hash, self._done = hashlib.sha256(), offset

    def _add(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._done += len(piece)

    def _tell(self, phase: Phase) -> None:
        self._progress(PullProgress(phase, self._done, self._total))
        stop_if(self._is_stopped())

    def _wait(self) -> None:
        """Pause before another try, in steps that a stop need not wait for."""
        for _ in range(10):
            self._tell("waiting")
            self._sleep(PAUSE_S / 10)
