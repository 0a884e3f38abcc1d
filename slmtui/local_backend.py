"""The backend of the app: the engine on this machine, the paradigms on it, and meters beside it."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ulid import ULID

from agents.budget import Limits
from agents.call import TurnStopped
from agents.events import EngineFacts, Event, Status, TurnFinished, TurnStarted
from agents.formats.format import GENERIC, CallFormat
from agents.helps import Helps
from agents.message import Message
from agents.model import ModelError
from agents.paradigms import PARADIGMS
from agents.prompts import system_of
from agents.turn import Turn
from sessions.tally import TurnTally
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.bill import Bill, TurnMeter
from slmtui.crew import MAIN, Crew, ModelInUse, Role
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.endpoint import Endpoint
from slmtui.engine.heartbeat import HEARTBEAT, Heartbeat
from slmtui.engine.protocol import Load, Loaded
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.saved_states import WORTH_KEEPING, SavedStates
from slmtui.toolboxes import ToolSupply
from tools.registry import Toolbox

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model that can be loaded, and what is known of it before.

    `facts_of` turns what the engine says about the loaded model into what a turn records; `format` is how
    it writes calls of tools. `name` is what it is called.
    """

    load: Load
    facts_of: Callable[[Loaded], EngineFacts]
    count_tokens: Callable[[str], TokenCount]
    format: CallFormat = GENERIC
    name: str = ""

    def used_by(self, whose: Role | Literal["main"]) -> ModelInUse:
        """Return it as what a backend uses."""
        path = Path(self.load.path)
        return ModelInUse(whose, self.name or path.stem, str(path), self.load.shape.weights)


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new ULID."""
    return str(ULID())


class LocalBackend:
    """Answers prompts with llama.cpp on this machine. Implements `slmtui.backend.Backend`.

    `load_for` prepares a model, named or by path; it may block, and raises `ModelNotFoundError`,
    `ModelFileError` or `BackendError`. Every turn has a meter of its own from `make_meter`. With
    `states`, what the KV cache holds of a session outlives the engine. `roles` are the models of agents
    that have their own; they are loaded with the first turn that needs them. `gather` returns the tools;
    it may wait, and is called once.
    """

    def __init__(
        self,
        prepared: Prepared,
        log: Path,
        *,
        load_for: Callable[[str], Prepared],
        gather: Callable[[], ToolSupply],
        limits: Limits,
        make_meter: Callable[[], TurnMeter],
        agent_limits: Limits | None = None,
        helps: Helps | None = None,
        roles: Mapping[Role, Prepared] | None = None,
        states: SavedStates | None = None,
        endpoint: Endpoint | None = None,
        heartbeat: Heartbeat = HEARTBEAT,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._prepared = prepared
        self._log_file = log
        self._load_for = load_for
        self._gather = gather
        self._supply: ToolSupply | None = None
        self._gathering = asyncio.Lock()
        self._limits = limits
        self._agent_limits = agent_limits or limits
        self._helps = helps or Helps()
        self._make_meter = make_meter
        self._states = states
        self._endpoint = endpoint
        self._heartbeat = heartbeat
        self._clock = clock
        self._now = now
        self._running = 0
        self._systems: dict[str, Message] = {}  # what the conversation of a session began with
        self._of_roles = dict(roles or {})
        self.crew = Crew(
            self._engine_for(prepared),
            {role: self._engine_for(own) for role, own in self._of_roles.items()},
        )

    @property
    def engine(self) -> Engine:
        """The main model's engine."""
        return self.crew.main

    @property
    def facts(self) -> EngineFacts | None:
        """The loaded model and engine; None while none is loaded."""
        return self.engine.facts if self.engine.ready else None

    @property
    def models(self) -> tuple[ModelInUse, ...]:
        """The models that turns run on; see `slmtui.backend.Backend.models`."""
        roles = (prepared.used_by(role) for role, prepared in self._of_roles.items())
        return (self._prepared.used_by(MAIN), *roles)

    async def start(self, progress: Callable[[float], None]) -> None:
        """Load the model, and gather the tools beside it. Raises `BackendError`, which says what to do."""
        try:
            await asyncio.gather(self.engine.start(progress), self._tools())
        except EngineError as error:
            raise BackendError(str(error)) from error

    def count_tokens(self, text: str) -> TokenCount:
        """Count the tokens of a text for the loaded model, or estimate them."""
        return self._prepared.count_tokens(text)

    async def switch(self, model: str, progress: Callable[[float], None]) -> None:
        """Load another model in place of this one; see `slmtui.backend.Backend.switch`."""
        prepared = await self._prepare(model)
        before = self.engine, self._prepared
        await self.engine.close()  # first: there may be memory for one model only
        self.crew.main, self._prepared = self._engine_for(prepared), prepared
        try:
            await self.start(progress)
        except BaseException:
            self.crew.main, self._prepared = before
            raise

    async def give_role(self, role: Role, model: str | None) -> None:
        """Let a role's agents have another model; see `slmtui.backend.Backend.give_role`."""
        prepared = await self._prepare(model) if model is not None else None
        self._of_roles.pop(role, None)
        if prepared is not None:
            self._of_roles[role] = prepared
        before = self.crew.give(role, self._engine_for(prepared) if prepared is not None else None)
        if before is not None:
            await before.close()

    async def unload(self) -> None:
        """Stop the engines; the next prompt starts them again."""
        await self.crew.close()

    async def suspend(self, session: str, history: tuple[Message, ...]) -> None:
        """Keep on disk what the KV cache holds of a session, where that is worth it. Never raises."""
        try:
            # What no turn of this session changed is on disk as it was.
            known = session in self._systems
            if self._states is not None and known and await self._is_worth_keeping(history):
                await self._states.save(self.engine, session, (self._systems[session], *history))
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
        """Stop the engines, and what the tools have started."""
        await self.crew.close()
        if self._supply is not None:
            await asyncio.to_thread(self._supply.close)

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Answer one prompt; several may be answered at once.

        Raises `BackendError` for an unknown paradigm or an engine that cannot start.
        """
        if request.beginning:  # only the model alone can go on with half an answer
            request = replace(request, paradigm="base", helps=_unthinking(request.helps or self._helps))
        if request.paradigm not in PARADIGMS:
            known = ", ".join(PARADIGMS)
            raise BackendError(f"There is no paradigm named {request.paradigm!r}; choose one of: {known}.")
        info = PARADIGMS[request.paradigm]
        await self._wake(roles=info.is_team)
        self._running += 1
        try:
            # The engines of this turn, whatever model is switched to while it runs.
            crew = Crew(self.engine, self.crew.roles if info.is_team else {})
            turn = self._turn(request, stop)
            self._systems[request.session] = system_of(turn.helps, turn.system)
            bill = Bill(crew.engines, turn.id, lambda: turn.t, self._make_meter())
            turn = replace(turn, joules=lambda: bill.joules)
            bill.start()
            started = self._started(request, turn, crew)
            yield started
            work = info.run(turn, crew, await self._box(request))
            async with aclosing(self._finished(work, started, turn, bill)) as events:
                async for event in events:
                    yield event
        finally:
            self._running -= 1

    async def _prepare(self, model: str) -> Prepared:
        """Return a model, named or by path, ready to be loaded. Raises `BackendError`."""
        try:
            return await asyncio.to_thread(self._load_for, model)
        except (ModelNotFoundError, ModelFileError) as error:
            raise BackendError(str(error)) from error

    async def _tools(self) -> ToolSupply:
        """Return the tools, which may have to be waited for once."""
        async with self._gathering:
            if self._supply is None:
                self._supply = await asyncio.to_thread(self._gather)
            return self._supply

    async def _box(self, request: TurnRequest) -> Toolbox:
        """Return the tools of a turn: their results are cut by the tokens of the model at hand."""
        count = self._prepared.count_tokens
        if request.box is not None:
            return request.box.counted_by(lambda text: count(text).tokens)
        return (await self._tools()).box(lambda text: count(text).tokens)

    def _engine_for(self, prepared: Prepared) -> Engine:
        return Engine(
            prepared.load,
            self._log_file,
            prepared.facts_of,
            self._clock,
            format=prepared.format,
            endpoint=self._endpoint,
            heartbeat=self._heartbeat,
        )

    async def _wake(self, *, roles: bool) -> None:
        """Load the model, or make sure that it lives: an engine that died unseen costs no prompt."""
        await self.start(lambda _fraction: None)
        if await self.engine.ask_pong() is None:
            await self.start(lambda _fraction: None)
        if roles:
            try:
                await self.crew.start_roles(lambda _fraction: None)
            except EngineError as error:
                raise BackendError(str(error)) from error

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
            helps=request.helps or self._helps,
            agent_limits=self._agent_limits,
            approver=request.approver,
            approvals=request.approvals,
            oracle=request.oracle,
            beginning=request.beginning,
            system=request.system,
        )

    def _started(self, request: TurnRequest, turn: Turn, crew: Crew) -> TurnStarted:
        info = PARADIGMS[request.paradigm]
        return TurnStarted(
            t=0.0,
            turn=turn.id,
            session=request.session,
            paradigm=request.paradigm,
            prompt=request.prompt,
            started_at=self._now().isoformat(timespec="milliseconds"),
            sampling=request.sampling,
            engine=crew.facts,
            warm=crew.main.warm,
            cold=request.cold,
            factors={
                **info.factors_with(turn.helps),
                "format": crew.format.kind,
                **crew.factors(),
                **_system_factor(request.system),
            },
            parent=request.parent,
            beginning=request.beginning,
            system=request.system,
        )

    async def _finished(
        self, events: AsyncGenerator[Event, None], started: TurnStarted, turn: Turn, bill: Bill
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of the paradigm with the meters' among them, and the end, whatever it is."""
        tally = TurnTally()
        tally.add(started)
        status: Status = "ok"
        reason = ""
        try:
            async with aclosing(bill.metered(events, self._clock)) as metered:
                async for event in metered:
                    tally.add(event)
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
        yield TurnFinished(turn.t, status, tally.records.turn.answer, reason)


def _unthinking(helps: Helps) -> Helps:
    return replace(helps, think=False)


def _system_factor(system: str) -> dict[str, str]:
    """Return the factor that a user's own system prompt is: its hash tells two of them apart."""
    if not system.strip():
        return {}
    return {"system": f"own {hashlib.blake2b(system.strip().encode(), digest_size=4).hexdigest()}"}
