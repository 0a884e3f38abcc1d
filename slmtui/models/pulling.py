"""A pull that goes on by itself in a thread, while whoever began it does something else."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from slmtui.models.errors import PullError, PullStoppedError

if TYPE_CHECKING:
    # The hub's client takes half a second to import; the thread waits for it, and not the app.
    from slmtui.models.download import PullProgress
    from slmtui.models.pull import Offer, Puller

_log = logging.getLogger(__name__)

PullPhase = Literal[
    "idle", "asking", "offered", "waiting", "checking", "pulling", "stopping", "done", "failed", "stopped"
]


@dataclass(frozen=True, slots=True)
class Offered:
    """What would be pulled: a `file` of `size` bytes under a licence, to `folder`, with `free` bytes there.

    `there` bytes came with an earlier try; with `here` it is on this machine already.
    """

    repository: str
    file: str
    size: int
    licence: str
    gated: bool
    folder: str
    free: int
    there: int = 0
    here: bool = False

    @property
    def needed(self) -> int:
        """What is still to come, in bytes; a part that is longer than the file is nothing of it."""
        return 0 if self.here else self.size - (self.there if self.there <= self.size else 0)


@dataclass(frozen=True, slots=True)
class PullState:
    """How a pull stands: `done` of `total` bytes, at `rate` bytes a second.

    `name` is what was asked for. At its end `path` is the file, or `problem` says why there is none.
    """

    phase: PullPhase = "idle"
    name: str = ""
    offered: Offered | None = None
    done: int = 0
    total: int = 0
    rate: float | None = None
    problem: str = ""
    path: str = ""

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.phase in {"asking", "waiting", "checking", "pulling", "stopping"}


def told(offer: "Offer") -> Offered:
    """Return an offer as it is told to a person."""
    return Offered(
        repository=offer.repository.name,
        file=offer.file.name,
        size=offer.file.size or 0,
        licence=offer.repository.licence,
        gated=offer.repository.gated,
        folder=str(offer.landing.folder),
        free=offer.free,
        there=offer.there,
        here=offer.here,
    )


class Pulling:
    """One pull at a time: `ask` what it would be, `begin` it, `stop` it. `state` may be read at any time.

    `make` makes what pulls; a thread calls it. `ended` is told of every end, from that thread.
    """

    def __init__(self, make: Callable[[], "Puller"], clock: Callable[[], float] = time.monotonic) -> None:
        self._make, self._clock = make, clock
        self._puller: Puller | None = None
        self._offer: Offer | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._first: tuple[float, int] | None = None
        self._state = PullState()
        self.ended: Callable[[PullState], None] = lambda _state: None

    @property
    def state(self) -> PullState:
        """How it stands: only what works writes that, so that a stop cannot undo an end that it meets."""
        state = self._state
        return replace(state, phase="stopping") if state.busy and self._stop.is_set() else state

    def ask(self, name: str) -> None:
        """Ask the hub what a name is, unless something is under way; the state becomes `offered`."""
        if not self.state.busy:
            self._begin(PullState("asking", name), self._ask)

    def begin(self) -> None:
        """Pull what was offered."""
        if self.state.phase == "offered":
            total = self.state.offered.size if self.state.offered else 0
            self._begin(replace(self.state, phase="checking", total=total), self._pull)

    def stop(self) -> None:
        """End what is under way, or turn an offer down. What came so far is kept."""
        self._stop.set()
        if self.state.phase == "offered":
            self._state = PullState()

    def forget(self) -> None:
        """Forget an offer, or how a pull ended; what is under way goes on."""
        if not self.state.busy:
            self._state = PullState()

    def wait(self, seconds: float) -> None:
        """Wait for what is under way, for so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _begin(self, state: PullState, work: Callable[[], PullState]) -> None:
        self._stop = threading.Event()
        self._first = None
        self._state = state
        self._thread = threading.Thread(target=self._run, args=(work,), name="pull a model", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], PullState]) -> None:
        try:
            state = work()
        except PullStoppedError as error:
            state = replace(self.state, phase="stopped", problem=str(error))
        except PullError as error:
            state = replace(self.state, phase="failed", problem=str(error))
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to
            _log.exception("a pull failed")
            state = replace(self.state, phase="failed", problem=f"it failed: {error!r}; the log says more")
        self._state = state
        if state.phase != "offered":
            self.ended(state)

    def _ask(self) -> PullState:
        if self._puller is None:
            self._puller = self._make()
        self._offer = self._puller.offer(self.state.name)
        if self._stop.is_set():
            raise PullStoppedError("stopped before anything was pulled")
        return PullState("offered", self.state.name, told(self._offer))

    def _pull(self) -> PullState:
        if self._puller is None or self._offer is None:
            raise PullError("there is nothing to pull; ask for a model first")
        path = self._puller.pull(self._offer, self._progress, self._stop.is_set)
        return replace(self.state, phase="done", done=self.state.total, path=str(path))

    def _progress(self, at: "PullProgress") -> None:
        now = self._clock()
        if at.phase == "pulling" and self._first is None:
            self._first = (now, at.done)
        since, before = self._first or (now, at.done)
        rate = (at.done - before) / (now - since) if now > since else None
        self._state = replace(self._state, phase=at.phase, done=at.done, total=at.total, rate=rate)
