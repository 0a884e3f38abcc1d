"""The app's end of the engine: finds or starts it, streams calls, and replaces it when it dies or hangs."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec
from ulid import ULID

from agents.events import CallFinished, EngineFacts, TextDelta
from agents.formats.format import GENERIC, CallFormat
from agents.message import Message
from agents.model import CallEvent, Request
from slmtui.engine.contact import Contact
from slmtui.engine.endpoint import Endpoint, EndpointError, Place
from slmtui.engine.errors import EngineError, TurnedAwayError
from slmtui.engine.exchange import GONE, Exchange
from slmtui.engine.heartbeat import HEARTBEAT, Heartbeat
from slmtui.engine.link import Link, attach, spawn
from slmtui.engine.protocol import (
    Cancel,
    EndTurn,
    Generate,
    Load,
    Loaded,
    Pong,
    RestoreState,
    SaveState,
    StateDone,
    ThreadsChanged,
)
from slmtui.engine.untold_calls import untold_call

__all__ = ["Engine", "EngineError"]

_log = logging.getLogger(__name__)

# Another app's engine may be about to listen, or about to go: it is looked for again after these.
_PAUSES_S = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)


class Engine:
    """llama.cpp in another process, with one model. Implements `agents.model.Model`.

    `facts_of` turns what the engine says about the loaded model into what a turn records. With an
    `endpoint`, apps that want the same model under the same settings share one process. `format` is how
    the model writes calls, by the chat template that the engine will use.
    """

    def __init__(
        self,
        command: Load,
        log: Path,
        facts_of: Callable[[Loaded], EngineFacts],
        clock: Callable[[], float] = time.monotonic,
        *,
        format: CallFormat = GENERIC,  # noqa: A002 - what `Model` calls it
        endpoint: Endpoint | None = None,
        heartbeat: Heartbeat = HEARTBEAT,
    ) -> None:
        self._command = command
        self._log = log
        self._facts_of = facts_of
        self._clock = clock
        self._format = format
        self._endpoint = endpoint
        self._heartbeat = heartbeat
        self._contact: Contact | None = None
        self._progress: Callable[[float], None] = lambda _fraction: None
        self._facts: EngineFacts | None = None
        self._threads: ThreadsChanged | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self.loaded: Loaded | None = None
        self._warm = False

    @property
    def facts(self) -> EngineFacts:
        """What a turn on this engine records about it. Only after `start`."""
        if self._facts is None:
            raise EngineError("the engine has not started")
        return self._facts

    @property
    def format(self) -> CallFormat:
        """How the model writes calls of tools, and its thoughts, by its chat template."""
        return self._format

    def for_agent(self, agent: str) -> "Engine":  # noqa: ARG002 - one model speaks for all
        """Return the model that speaks for an agent: this one."""
        return self

    @property
    def pid(self) -> int | None:
        """The engine's process id while it runs."""
        return self._contact.link.pid if self._contact and not self._contact.over else None

    @property
    def ready(self) -> bool:
        """Whether the model is loaded and the engine runs."""
        return self.loaded is not None and self._contact is not None and not self._contact.over

    @property
    def shared(self) -> bool:
        """Whether another app started the engine, or uses it too."""
        return self._contact is not None and not self._contact.over and self._contact.shared

    @property
    def warm(self) -> bool:
        """Whether the engine held sequences when it was last heard of."""
        pong = self._exchange.pong if self._exchange else None
        return self.ready and (self._warm or (pong is not None and pong.warm))

    @property
    def _exchange(self) -> Exchange | None:
        return self._contact.exchange if self._contact else None

    async def start(self, progress: Callable[[float], None] = lambda _fraction: None) -> None:
        """Find the engine or start it, and wait for the model; nothing when it is there.

        Raises `EngineError`.
        """
        async with self._starting:
            if self._contact is not None:
                if not self._contact.over:
                    return
                await self._contact.ended()
            self._progress = progress
            self.loaded, self._threads, self._warm = None, None, False
            loaded = await self._reach()
            try:
                # It reads the whole model file when it meets it for the first time.
                self._facts = await asyncio.to_thread(self._facts_of, loaded)
            except BaseException:  # nobody waits for it any longer
                self._let_go()
                raise
            self.loaded, self._warm = loaded, loaded.warm
            self._catch_up()

    async def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        """Run one call; see `agents.model.Model.stream`."""
        try:
            await self.start()
        except EngineError as error:
            yield self._failed(request, 0, str(error))
            return
        contact = self._contact
        if contact is None or contact.exchange.ended:
            yield self._failed(request, 0, contact.death if contact else GONE)
            return
        exchange = contact.exchange
        events: asyncio.Queue[CallEvent | None] = asyncio.Queue()
        exchange.calls[request.call] = events
        exchange.send(Generate(request))
        watcher = asyncio.create_task(_cancel_on(stop, exchange, request.call))
        output = 0
        finished = False
        try:
            while not finished:
                event = await events.get()
                if event is None:
                    event = self._failed(request, output, contact.death)
                if isinstance(event, TextDelta):
                    output += len(event.times)
                finished = isinstance(event, CallFinished)
                yield event
        finally:
            watcher.cancel()
            del exchange.calls[request.call]
            if not finished:  # nobody is listening any more
                exchange.send(Cancel(request.call))
        self._warm = self._warm or contact is self._contact

    async def end_turn(self, turn: str) -> float | None:
        """End a turn and return the engine's CPU seconds spent on it; None when the engine has gone."""
        return await self._exchange.end_turn(turn) if self._exchange else None

    def leave_turn(self, turn: str) -> None:
        """End a turn without waiting for its account."""
        if self._exchange is not None:
            self._exchange.send(EndTurn(turn))

    def cpu_s(self, turn: str) -> float | None:
        """Return the engine's CPU seconds spent on a running turn, as last heard; None when unknown."""
        pong = self._exchange.pong if self._exchange else None
        return pong.cpu_s.get(turn) if pong else None

    def ping(self) -> None:
        """Ask for a sign of life, and with it for the latest CPU time, without waiting for it."""
        if self._exchange is not None:
            self._exchange.ping()

    async def ask_pong(self) -> Pong | None:
        """Ask for a sign of life; None when the engine does not run, or ends before it answers."""
        return await self._exchange.ping() if self._exchange else None

    async def save_state(self, path: Path, fingerprint: str, messages: tuple[Message, ...]) -> StateDone:
        """Have what the KV cache holds of a conversation written to a file."""
        return await self._state(SaveState(str(ULID()), str(path), fingerprint, messages))

    async def restore_state(self, path: Path, fingerprint: str) -> StateDone:
        """Have a saved state read into the KV cache."""
        return await self._state(RestoreState(str(ULID()), str(path), fingerprint))

    async def close(self) -> None:
        """Leave the engine, which ends when nobody else uses it: politely, then by force."""
        if self._contact is not None:
            await self._contact.leave()

    async def _state(self, command: SaveState | RestoreState) -> StateDone:
        if self._exchange is None:
            return StateDone(command.id, error=GONE)
        return await self._exchange.state(command)

    async def _reach(self) -> Loaded:
        """Return what an engine says about the loaded model: one that is there, or else a new one."""
        place = await asyncio.to_thread(self._place)
        for pause in _PAUSES_S if place is not None else ():
            await asyncio.sleep(pause)
            assert place is not None
            try:
                link: Link | None = await asyncio.to_thread(attach, place)
                return await self._meet(link or self._spawn(place))
            except TurnedAwayError as error:
                _log.info("another engine is looked for: %s", error)
        try:
            return await self._meet(self._spawn(None))
        except TurnedAwayError as error:
            raise EngineError(str(error)) from error

    def _place(self) -> Place | None:
        """Return where an engine may be met, or None where it is not to be shared."""
        if self._endpoint is None:
            return None
        try:
            return self._endpoint.place(self._command)
        except EndpointError as error:
            _log.warning("the engine is not shared with other apps: %s", error)
            self._endpoint = None
            return None

    def _spawn(self, place: Place | None) -> Link:
        try:
            return spawn(self._log, place)
        except OSError as error:
            raise EngineError(f"The engine's process cannot be started: {error}.") from error

    async def _meet(self, link: Link) -> Loaded:
        """Open a link, have the model loaded, and wait for it. Raises as `Contact.meet` does."""
        self._contact = Contact(
            link,
            heartbeat=self._heartbeat,
            clock=self._clock,
            progress=self._progress,
            changed=self._take_threads,
        )
        if not link.attached:
            self._contact.exchange.send(self._command)
        try:
            return await self._contact.meet()
        except BaseException:  # nobody waits for it any longer
            self._let_go()
            raise

    def _let_go(self) -> None:
        """Leave an engine that was met and is not wanted."""
        if self._contact is not None:
            self._contact.leave_soon()
            self._contact = None

    def _take_threads(self, changed: ThreadsChanged) -> None:
        self._threads = changed
        if self.loaded is None:  # `start` will take them
            return
        self.loaded = msgspec.structs.replace(self.loaded, threads=changed.threads, speeds=changed.speeds)
        self._refreshing = asyncio.create_task(self._refresh(self.loaded), name="engine facts")

    def _catch_up(self) -> None:
        """Take threads that were changed between the model's coming and its facts."""
        if self._threads is not None:
            self._take_threads(self._threads)

    async def _refresh(self, loaded: Loaded) -> None:
        self._facts = await asyncio.to_thread(self._facts_of, loaded)

    def _failed(self, request: Request, output: int, error: str) -> CallFinished:
        context = self.loaded.context if self.loaded else 0
        t = self._clock() - request.started
        return untold_call(request, "failed", error, t=t, context=context, output=output)


async def _cancel_on(stop: asyncio.Event, exchange: Exchange, call: str) -> None:
    await stop.wait()
    exchange.send(Cancel(call))
