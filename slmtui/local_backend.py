"""The backend of the app: the engine on this machine, the paradigms on it, and meters beside it."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ulid import ULID

from agents.base import SYSTEM
from agents.call import TurnStopped
from agents.events import EngineFacts, Event, MeterRead, Status, TurnFinished, TurnStarted
from agents.message import Message
from agents.model import ModelError
from agents.paradigms import PARADIGMS
from agents.turn import Limits, Turn
from sessions.ledger import TurnLedger
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.endpoint import Endpoint
from slmtui.engine.heartbeat import HEARTBEAT, Heartbeat
from slmtui.engine.protocol import Load, Loaded
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.saved_states import WORTH_KEEPING, SavedStates
from tools.registry import Toolbox

METER_S = 0.5
"""The meters are read this often during a turn."""

_log = logging.getLogger(__name__)


class TurnMeter(Protocol):
    """Reads the engine's process for one turn: memory, CPU and energy since its start."""

    def start(self, pid: int | None) -> None:
        """Begin the turn on the process `pid`."""
        ...

    def read(self, t: float, cpu_s: float | None) -> MeterRead:
        """Return the readings `t` seconds into the turn.

        `cpu_s` is the engine's own account of the turn's CPU time; None where there is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model that can be loaded, and what is known of it before.

    `facts_of` turns what the engine says about the loaded model into what a turn records.
    """

    load: Load
    facts_of: Callable[[Loaded], EngineFacts]
    count_tokens: Callable[[str], TokenCount]


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new ULID."""
    return str(ULID())


@dataclass(slots=True)
class _Bill:
    """What one turn costs: the meter's readings, with the engine's account of the turn's CPU time."""

    engine: Engine
    turn: Turn
    meter: TurnMeter
    cpu_s: float = 0.0
    closed: bool = False

    def read(self) -> MeterRead:
        """Read now, with the account as last heard, and ask for a newer one."""
        self._know(self.engine.cpu_s(self.turn.id))
        self.engine.ping()
        return self.meter.read(self.turn.t, self.cpu_s)

    async def close(self) -> MeterRead:
        """Read for the last time, with the exact account; without any, when the engine died too soon."""
        exact = await self.engine.end_turn(self.turn.id)
        self.closed = True
        self._know(exact)
        gone = exact is None and not self.cpu_s
        return self.meter.read(self.turn.t, None if gone else self.cpu_s)

    def leave(self) -> None:
        """End the turn in the engine where nobody waits for its account."""
        if not self.closed:
            self.engine.leave_turn(self.turn.id)

    def _know(self, cpu_s: float | None) -> None:
        # An engine that was started anew in mid-turn knows less than the one that died.
        self.cpu_s = max(self.cpu_s, cpu_s or 0.0)


class LocalBackend:
    """Answers prompts with llama.cpp on this machine. Implements `slmtui.backend.Backend`.

    `load_for` prepares a model, named or by path; it may block, and raises `ModelNotFoundError`,
    `ModelFileError` or `BackendError`. Every turn has a meter of its own from `make_meter`. With
    `states`, what the KV cache holds of a session outlives the engine.
    """

    def __init__(
        self,
        prepared: Prepared,
        log: Path,
        *,
        load_for: Callable[[str], Prepared],
        toolbox: Toolbox,
        limits: Limits,
        make_meter: Callable[[], TurnMeter],
        states: SavedStates | None = None,
        endpoint: Endpoint | None = None,
        heartbeat: Heartbeat = HEARTBEAT,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._prepared = prepared
        self._log_file = log
        self._load_for = load_for
        self._toolbox = toolbox
        self._limits = limits
        self._make_meter = make_meter
        self._states = states
        self._endpoint = endpoint
        self._heartbeat = heartbeat
        self._clock = clock
        self._now = now
        self._running = 0
        self.engine = self._engine_for(prepared)

    @property
    def facts(self) -> EngineFacts | None:
        """The loaded model and engine; None while none is loaded."""
        return self.engine.facts if self.engine.ready else None

    async def start(self, progress: Callable[[float], None]) -> None:
        """Load the model. Raises `BackendError`, which says what to do."""
        try:
            await self.engine.start(progress)
        except EngineError as error:
            raise BackendError(str(error)) from error

    def count_tokens(self, text: str) -> TokenCount:
        """Count the tokens of a text for the loaded model, or estimate them."""
        return self._prepared.count_tokens(text)

    async def switch(self, model: str, progress: Callable[[float], None]) -> None:
        """Load another model in place of this one; see `slmtui.backend.Backend.switch`."""
        try:
            prepared = await asyncio.to_thread(self._load_for, model)
        except (ModelNotFoundError, ModelFileError) as error:
            raise BackendError(str(error)) from error
        before = self.engine, self._prepared
        await self.engine.close()  # first: there may be memory for one model only
        self.engine, self._prepared = self._engine_for(prepared), prepared
        try:
            await self.start(progress)
        except BaseException:
            self.engine, self._prepared = before
            raise

    async def unload(self) -> None:
        """Stop the engine; the next prompt starts it again."""
        await self.engine.close()

    async def suspend(self, session: str, history: tuple[Message, ...]) -> None:
        """Keep on disk what the KV cache holds of a session, where that is worth it. Never raises."""
        try:
            if self._states is not None and await self._is_worth_keeping(history):
                await self._states.save(self.engine, session, (SYSTEM, *history))
        except Exception:  # noqa: BLE001 - it is an extra, and must cost nobody a session
            _log.exception("the state of a session could not be kept")

    async def resume(self, session: str) -> int:
        """Bring back what was kept of a session and return the number of tokens. Never raises."""
        try:
            if self._states is not None and self.engine.ready:
                return await self._states.restore(self.engine, session)
        except Exception:  # noqa: BLE001 - it is an extra, and must cost nobody a session
            _log.exception("the state of a session could not be brought back")
        return 0

    async def close(self) -> None:
        """Stop the engine."""
        await self.engine.close()

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Answer one prompt; several may be answered at once.

        Raises `BackendError` for an unknown paradigm or an engine that cannot start.
        """
        if request.paradigm not in PARADIGMS:
            known = ", ".join(PARADIGMS)
            raise BackendError(f"There is no paradigm named {request.paradigm!r}; choose one of: {known}.")
        await self._wake()
        self._running += 1
        try:
            bill = _Bill(self.engine, self._turn(request, stop), self._make_meter())
            bill.meter.start(self.engine.pid)
            yield self._started(request, bill)
            async with aclosing(self._finished(request, bill)) as events:
                async for event in events:
                    yield event
        finally:
            self._running -= 1

    def _engine_for(self, prepared: Prepared) -> Engine:
        return Engine(
            prepared.load,
            self._log_file,
            prepared.facts_of,
            self._clock,
            endpoint=self._endpoint,
            heartbeat=self._heartbeat,
        )

    async def _wake(self) -> None:
        """Load the model, or make sure that it lives: an engine that died unseen costs no prompt."""
        await self.start(lambda _fraction: None)
        if await self.engine.ask_pong() is None:
            await self.start(lambda _fraction: None)

    async def _is_worth_keeping(self, history: tuple[Message, ...]) -> bool:
        """Whether the engine has time, and the conversation is long enough."""
        if not self.engine.ready or self._running:
            return False
        if self.count_tokens("\n".join(m.content for m in history)).tokens < WORTH_KEEPING:
            return False
        pong = await self.engine.ask_pong()
        return pong is not None and not pong.busy and pong.warm

    def _turn(self, request: TurnRequest, stop: asyncio.Event) -> Turn:
        return Turn(
            prompt=request.prompt,
            history=request.history,
            sampling=request.sampling,
            limits=self._limits,
            clock=self._clock,
            started=self._clock(),
            new_id=new_id,
            stop=stop,
            id=new_id(),
            cold=request.cold,
        )

    def _started(self, request: TurnRequest, bill: _Bill) -> TurnStarted:
        return TurnStarted(
            t=0.0,
            turn=bill.turn.id,
            session=request.session,
            paradigm=request.paradigm,
            prompt=request.prompt,
            started_at=self._now().isoformat(timespec="milliseconds"),
            sampling=request.sampling,
            engine=bill.engine.facts,
            warm=bill.engine.warm,
            cold=request.cold,
        )

    async def _finished(self, request: TurnRequest, bill: _Bill) -> AsyncGenerator[Event, None]:
        """Yield the events of the paradigm with the meters' among them, and the end, whatever it is."""
        ledger = TurnLedger()
        turn = bill.turn
        status: Status = "ok"
        reason = ""
        events = PARADIGMS[request.paradigm].run(turn, bill.engine, self._toolbox)
        try:
            async with aclosing(self._metered(events, bill)) as metered:
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
        except BaseException:  # the turn was left
            bill.leave()
            raise
        yield await bill.close()
        yield TurnFinished(turn.t, status, ledger.records.turn.answer, reason)

    async def _metered(self, events: AsyncGenerator[Event, None], bill: _Bill) -> AsyncGenerator[Event, None]:
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
                    yield bill.read()
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
