"""A session while it is being had: prompts in, events out, and every event in the store as it happens."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from agents.events import Event, TurnFinished, TurnStarted
from agents.helps import Helps
from agents.message import Message, Sampling
from sessions.store import Store
from sessions.tally import TurnTally
from slmtui.backend import Backend, TurnRequest
from tools.approval import DENY_ALL, Approvals, Approver
from tools.registry import Toolbox

FLUSH_S = 0.25
"""Events reach the disk at most this much later than the screen: what a crash may cost."""


class LiveSession:
    """One session on one store and one backend."""

    def __init__(
        self,
        store: Store,
        backend: Backend,
        session: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._backend = backend
        self.session = session
        self._clock = clock
        self._approvals = Approvals()

    async def send(
        self, prompt: str, paradigm: str, sampling: Sampling, stop: asyncio.Event, *, cold: bool = False,
        helps: Helps | None = None, approver: Approver = DENY_ALL, oracle: str = "",
        box: Toolbox | None = None, history: tuple[Message, ...] | None = None,
        parent: str | None = None, beginning: str = "", system: str | None = None,
    ) -> AsyncGenerator[Event, None]:  # fmt: skip
        """Answer a prompt after the session's history, storing the events; yields each of them.

        With `cold` nothing of the KV cache is reused, and each call runs alone. `helps` are the switches,
        by default those of the settings. `approver` is asked before a tool writes or reaches out, and
        what it allows for the session is not asked again. `oracle` names the right tool, where known; `box`
        has the turn's tools, and `history` stands in for the session's, where they are given.
        A turn that is left before its end is stored as interrupted, with the text so far.

        The turn follows `parent`, empty for none, and by default the end of the open path; its own path is
        the open one then. With a `beginning`, which is a stopped answer to the same prompt, the answer goes
        on from it, under base whatever the `paradigm`; half a character at its end is left out. `system` is
        the user's own system prompt, by default the one that is kept with the session; empty is none.
        """
        follows = self._store.open_end(self.session) if parent is None else parent
        past = self._store.history(self.session, follows) if history is None else history
        own = self._store.system(self.session) if system is None else system
        request = TurnRequest(
            self.session, paradigm, prompt, past, sampling, cold, helps, approver, self._approvals, oracle,
            box, parent=follows, beginning=beginning.rstrip("\ufffd"), system=own,
        )  # fmt: skip
        async with aclosing(self._stored(request, stop)) as events:
            async for event in events:
                yield event

    async def _stored(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Run a turn and store its events; its place in the tree is told whatever the backend says."""
        writer = _Writer(self._store, self.session, self._clock)
        try:
            async with aclosing(self._backend.run(request, stop)) as events:
                async for event in events:
                    told = _placed(event, request)
                    writer.add(told)
                    yield told
        finally:
            writer.finish()


def _placed(event: Event, request: TurnRequest) -> Event:
    """Return an event, the start of a turn with what it follows."""
    return replace(event, parent=request.parent) if isinstance(event, TurnStarted) else event


class _Writer:
    """Gathers the events of one turn and stores them in batches."""

    def __init__(self, store: Store, session: str, clock: Callable[[], float]) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._turn = ""
        self._pending: list[Event] = []
        self._written = clock()
        self._ledger = TurnTally()
        self._open = False

    def add(self, event: Event) -> None:
        """Take an event, and store what is pending when it is time."""
        if isinstance(event, TurnStarted):
            self._turn, self._open = event.turn, True
        self._ledger.add(event)
        self._pending.append(event)
        bounds = isinstance(event, TurnStarted | TurnFinished)
        if isinstance(event, TurnFinished):
            self._open = False
        if bounds or self._clock() - self._written >= FLUSH_S:
            self._flush()

    def finish(self) -> None:
        """Store the rest; a turn without an end gets one."""
        if self._open:
            turn = self._ledger.records.turn
            self.add(TurnFinished(turn.wall_s, "interrupted", turn.answer, "the app left the turn"))
        self._flush()

    def _flush(self) -> None:
        if self._pending:
            self._store.append(self._session, self._turn, self._pending)
            self._pending = []
        self._written = self._clock()
