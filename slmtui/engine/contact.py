"""One engine as the app sees it, from meeting it to its end: its state, its heartbeat, and how it died."""

import asyncio
import contextlib
import signal
from collections.abc import Callable

import msgspec

from slmtui.engine.endpoint import ELSEWHERE
from slmtui.engine.errors import EngineError, TurnedAwayError
from slmtui.engine.exchange import Exchange
from slmtui.engine.heartbeat import Heartbeat, Watch
from slmtui.engine.link import EXIT_S, Link
from slmtui.engine.protocol import (
    Loaded,
    LoadFailed,
    Loading,
    Pong,
    Reply,
    ThreadsChanged,
    decode_reply,
)

_ASK_S = 0.5


class Contact:
    """The engine at the other end of one link. `changed` is called when it measured its threads anew."""

    def __init__(
        self,
        link: Link,
        *,
        heartbeat: Heartbeat,
        clock: Callable[[], float],
        progress: Callable[[float], None],
        changed: Callable[[ThreadsChanged], None],
    ) -> None:
        self.link = link
        self.exchange = Exchange(link.send)
        self.death = ""
        self._heartbeat = heartbeat
        self._clock = clock
        self._progress = progress
        self._changed = changed
        self._watch = Watch(heartbeat)
        self._met: asyncio.Future[Loaded | None] = asyncio.get_running_loop().create_future()
        self._refusal = ""
        self._turned_away = False
        self._leaving = False
        self._hung = ""
        self._over = asyncio.Event()
        self._ended = asyncio.Event()
        link.open(self._take_lines, self._end)
        self._beating = asyncio.create_task(self._beat(), name="engine heartbeat")
        self._burial: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether the link has ended; it may not be known yet how."""
        return self._over.is_set()

    @property
    def shared(self) -> bool:
        """Whether another app started the engine, or uses it too."""
        pong = self.exchange.pong
        return self.link.attached or (pong is not None and pong.clients > 1)

    async def meet(self) -> Loaded:
        """Wait for the model. Raises `EngineError`, and `TurnedAwayError` where another engine may do."""
        loaded = await asyncio.shield(self._met)
        if loaded is not None:
            return loaded
        await self.ended()
        if self._refusal:
            raise EngineError(self._refusal)
        if self._turned_away:
            raise TurnedAwayError(self.death)
        raise EngineError(self.death)

    async def ended(self) -> None:
        """Wait until the link is over and everything asked on it is answered."""
        await self._ended.wait()

    async def leave(self) -> None:
        """Leave the engine: politely, then by force."""
        # Who else is there decides what will be waited for, and may have changed since the last heartbeat.
        await asyncio.wait({self.exchange.ping()}, timeout=_ASK_S)
        self._leaving = True
        self.link.leave()
        try:
            await asyncio.wait_for(self._over.wait(), EXIT_S)
        except TimeoutError:
            if self.shared:
                self.link.abandon()
            else:
                self.link.kill()
        await self.ended()

    def leave_soon(self) -> None:
        """Leave the engine without waiting for its end."""
        self._leaving = True
        self.link.leave()

    def _take_lines(self, lines: list[bytes]) -> None:
        if self._hung:
            return
        try:
            for line in lines:
                self._take(decode_reply(line))
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            self._hung = f"wrote what is not of the protocol: {error}"
            # Another app's engine may still be right for that app.
            self.link.abandon() if self.link.attached else self.link.kill()

    def _take(self, reply: Reply) -> None:
        match reply:
            case Loading(progress):
                self._progress(progress)
            case Loaded(pid):
                self.link.pid = self.link.pid or pid
                self._meet(reply)
            case LoadFailed(error):
                self._refusal = error
                self._meet(None)
            case ThreadsChanged():
                self._changed(reply)
            case Pong():
                self._watch.hear(reply)
                self.exchange.take(reply)
            case _:
                self.exchange.take(reply)

    def _meet(self, loaded: Loaded | None) -> None:
        if not self._met.done():
            self._met.set_result(loaded)

    async def _beat(self) -> None:
        """Ping, and kill an engine that hangs."""
        before = self._clock()
        while not self._hung:
            self.exchange.ping()
            await asyncio.sleep(self._heartbeat.interval_s)
            now = self._clock()
            why = self._watch.pass_time(now - before)
            before = now
            if why:
                self._hung = f"hung ({why})"
                self.link.kill()

    def _end(self) -> None:
        self._over.set()
        self._beating.cancel()
        self._burial = asyncio.create_task(self._bury(), name="engine burial")

    async def _bury(self) -> None:
        """Find out how the engine ended, and tell everybody who waits for it."""
        if self._leaving and self.shared:
            self.link.let_go()
            how = "left"
        else:
            code = await self.link.exit_status()
            unmet = self.link.attached and not self._met.done() and not self._leaving
            self._turned_away = unmet or code == ELSEWHERE
            how = _reason(code, attached=self.link.attached)
        when = "" if self._met.done() else " while loading"
        text = f"{self._hung} and was given up" if self._hung else f"stopped{when} ({how})"
        self.death = f"The engine {text}. The next prompt starts it again. Log: {self.link.log}"
        self._meet(None)
        self.exchange.end()
        self._ended.set()


def _reason(code: int | None, *, attached: bool) -> str:
    """Return an exit status in words."""
    if code is None:
        return "another app had started it" if attached else "it closed its pipes"
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
