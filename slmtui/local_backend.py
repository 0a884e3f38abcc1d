"""The backend of the app: the engine on this machine, the paradigms on it, and meters beside it."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ulid import ULID

from agents.call import TurnStopped
from agents.events import EngineFacts, Event, MeterRead, Status, TurnFinished, TurnStarted
from agents.model import ModelError
from agents.paradigms import PARADIGMS
from agents.turn import Limits, Turn
from sessions.ledger import TurnLedger
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.protocol import Load, Loaded
from tools.registry import Toolbox

METER_S = 0.5
"""The meters are read this often during a turn."""

_log = logging.getLogger(__name__)


class TurnMeter(Protocol):
    """Reads the engine's process: memory, CPU and energy since the start of a turn."""

    def start(self, pid: int | None) -> None:
        """Begin a turn on the process `pid`."""
        ...

    def read(self, t: float) -> MeterRead:
        """Return the readings `t` seconds into the turn."""
        ...


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new ULID."""
    return str(ULID())


class LocalBackend:
    """Answers prompts with llama.cpp on this machine. Implements `slmtui.backend.Backend`."""

    def __init__(
        self,
        load: Load,
        log: Path,
        *,
        facts_of: Callable[[Loaded], EngineFacts],
        toolbox: Toolbox,
        limits: Limits,
        meter: TurnMeter,
        count_tokens: Callable[[str], TokenCount],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.engine = Engine(load, log, facts_of, clock)
        self._toolbox = toolbox
        self._limits = limits
        self._meter = meter
        self._count_tokens = count_tokens
        self._clock = clock
        self._now = now

    @property
    def facts(self) -> EngineFacts | None:
        """The loaded model and engine; None until `start` has succeeded."""
        return self.engine.facts if self.engine.loaded else None

    async def start(self, progress: Callable[[float], None]) -> None:
        """Load the model. Raises `BackendError`, which says what to do."""
        try:
            await self.engine.start(progress)
        except EngineError as error:
            raise BackendError(str(error)) from error

    def count_tokens(self, text: str) -> TokenCount:
        """Count the tokens of a text for the loaded model, or estimate them."""
        return self._count_tokens(text)

    async def close(self) -> None:
        """Stop the engine."""
        await self.engine.close()

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Answer one prompt. Raises `BackendError` for an unknown paradigm or an engine that cannot start."""
        if request.paradigm not in PARADIGMS:
            known = ", ".join(PARADIGMS)
            raise BackendError(f"There is no paradigm named {request.paradigm!r}; choose one of: {known}.")
        await self.start(lambda _fraction: None)
        turn = Turn(
            prompt=request.prompt,
            history=request.history,
            sampling=request.sampling,
            limits=self._limits,
            clock=self._clock,
            started=self._clock(),
            new_id=new_id,
            stop=stop,
        )
        self._meter.start(self.engine.pid)
        yield TurnStarted(
            t=0.0,
            turn=new_id(),
            session=request.session,
            paradigm=request.paradigm,
            prompt=request.prompt,
            started_at=self._now().isoformat(timespec="milliseconds"),
            sampling=request.sampling,
            engine=self.engine.facts,
            warm=self.engine.warm,
        )
        async with aclosing(self._finished(request, turn)) as events:
            async for event in events:
                yield event

    async def _finished(self, request: TurnRequest, turn: Turn) -> AsyncGenerator[Event, None]:
        """Yield the events of the paradigm with the meters' among them, and the end, whatever it is."""
        ledger = TurnLedger()
        status: Status = "ok"
        reason = ""
        events = PARADIGMS[request.paradigm].run(turn, self.engine, self._toolbox)
        try:
            async with aclosing(self._metered(events, turn)) as metered:
                async for event in metered:
                    ledger.add(event)
                    yield event
        except TurnStopped:
            status, reason = "cancelled", "stopped by the user"
        except ModelError as error:
            status, reason = "failed", str(error)
        except Exception as error:  # noqa: BLE001 - a bug must end the turn, and be seen in the log
            _log.exception("a turn failed")
            status, reason = "failed", f"internal error: {error!r}; the log says more"
        yield self._meter.read(turn.t)
        yield TurnFinished(turn.t, status, ledger.records.turn.answer, reason)

    async def _metered(self, events: AsyncGenerator[Event, None], turn: Turn) -> AsyncGenerator[Event, None]:
        """Yield the events, and a reading of the meters every `METER_S` seconds between them."""
        read_at = self._clock()
        coming = asyncio.ensure_future(anext(events, None))
        try:
            while True:
                await asyncio.wait({coming}, timeout=METER_S)
                if coming.done():
                    event = coming.result()
                    if event is None:
                        return
                    yield event
                    coming = asyncio.ensure_future(anext(events, None))
                if self._clock() - read_at >= METER_S:
                    read_at = self._clock()
                    yield self._meter.read(turn.t)
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
