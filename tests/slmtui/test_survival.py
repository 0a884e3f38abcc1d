"""The engine is killed a hundred times, at any moment of a turn: that turn fails, and no other is lost."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.budget import Limits
from agents.events import (
    CallStarted,
    Event,
    PrefillProgress,
    RungTaken,
    TextDelta,
    ToolStarted,
    TurnFinished,
)
from sessions.store import Store
from sessions.text import storable
from slmtui.backend import BackendError
from slmtui.local_backend import LocalBackend
from slmtui.session import LiveSession
from tests.slmtui.engine.conftest import until
from tests.slmtui.tiny_backend import WILD, tiny

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

SESSIONS, KILLS = 5, 20
SIGNALS = (signal.SIGKILL, signal.SIGSEGV)


@dataclass(frozen=True)
class Moment:
    """When to kill: at one of the first `within` events of `kind` in a turn under `paradigm`."""

    kind: type[Event] | None
    within: int
    paradigm: str
    prompt: str


MOMENTS = (
    Moment(CallStarted, 1, "base", "hello"),
    Moment(CallStarted, 3, "multi", "hello"),
    Moment(PrefillProgress, 5, "base", "hello world " * 60),
    Moment(TextDelta, 8, "base", "hello"),
    Moment(TextDelta, 40, "single", "ring a"),
    Moment(ToolStarted, 1, "single", "ring b"),
    Moment(None, 60, "multi", "ring a"),
)


@dataclass
class Told:
    """What the user was told of one turn."""

    prompt: str
    status: str
    answer: str


@dataclass
class User:
    """Sends prompts in one session, and remembers what came of them."""

    live: LiveSession
    told: list[Told] = field(default_factory=list)

    async def send(
        self, prompt: str, paradigm: str, on_event: Callable[[Event], None] = lambda _event: None
    ) -> TurnFinished:
        async with aclosing(self.live.send(prompt, paradigm, WILD, asyncio.Event())) as events:
            async for event in events:
                on_event(event)
        assert isinstance(event, TurnFinished)
        self.told.append(Told(prompt, event.status, storable(event.answer)))
        return event


@pytest.fixture
async def backend(tiny_model: Path, tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = tiny(tiny_model, tmp_path / "log", limits=Limits(max_steps=2, max_tokens=300))
    yield backend
    await backend.close()


def open_store(folder: Path) -> Store:
    return Store.open(folder / "s.db", owner="me", alive=lambda _owner: False, now=lambda: datetime.now(UTC))


@dataclass
class Killer:
    """Kills the engine of a backend, and knows which processes it hit."""

    backend: LocalBackend
    number: signal.Signals = signal.SIGKILL
    hit: list[int] = field(default_factory=list)
    rescued: int = 0

    def kill(self) -> None:
        assert self.backend.engine.pid is not None
        self.hit.append(self.backend.engine.pid)
        os.kill(self.backend.engine.pid, self.number)

    async def in_turn(self, user: User, moment: Moment, at: int) -> str:
        """Kill at the `at`th event of a moment's kind, or after the turn; return why the turn failed.

        A turn that an agent left to the base model, on a new engine, is `rescued`.
        """
        left = at

        def on_event(event: Event) -> None:
            nonlocal left
            self.rescued += isinstance(event, RungTaken) and event.rung == "fallback"
            if moment.kind is None or isinstance(event, moment.kind):
                left -= 1
                if left == 0:
                    self.kill()

        end = await user.send(moment.prompt, moment.paradigm, on_event)
        assert end.status == ("failed" if end.reason else "ok")
        if left > 0:
            self.kill()
        return end.reason

    async def after(self, user: User, seconds: float) -> str:
        """Kill so many seconds after a start: mostly while it loads. Return what the user is told."""
        await self.backend.unload()
        sending = asyncio.create_task(user.send("hello", "base"))
        await until(lambda: self.backend.engine.pid is not None)
        await asyncio.sleep(seconds)
        self.kill()
        try:
            return (await sending).reason
        except BackendError as error:
            return str(error)

    async def is_done(self) -> None:
        """Wait until the death is seen: nobody types as fast as a process dies that has said everything."""
        await until(lambda: self.backend.engine.pid != self.hit[-1])


@pytest.mark.parametrize("seed", range(SESSIONS))
async def test_no_kill_costs_more_than_its_turn(backend: LocalBackend, tmp_path: Path, seed: int) -> None:
    dice, killer = random.Random(seed), Killer(backend)
    store = open_store(tmp_path)
    session = store.create_session()
    user = User(LiveSession(store, backend, session))
    in_mid_turn = 0
    for n in range(KILLS):
        killer.number = dice.choice(SIGNALS)
        if n % 5 == 0:
            reason = await killer.after(user, dice.uniform(0.0, 0.6))
        else:
            moment = dice.choice(MOMENTS)
            reason = await killer.in_turn(user, moment, dice.randint(1, moment.within))
        assert not reason or killer.number.name in reason
        in_mid_turn += bool(reason)
        await killer.is_done()
        after = await user.send("and now?", "base")
        assert (after.status, after.reason) == ("ok", "")
    assert len(set(killer.hit)) == KILLS
    assert in_mid_turn + killer.rescued >= KILLS // 2
    store.close()
    with open_store(tmp_path) as again:
        assert [Told(t.prompt, str(t.status), t.answer) for t in again.turns(session)] == user.told
