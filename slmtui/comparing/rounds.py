"""Runs one prompt through every arm, at once or one after another, and tells of all that happens."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from agents.events import Event
from agents.message import Message
from sessions.errors import SessionsError
from sessions.run_records import ArmRecord
from slmtui.backend import Backend, BackendError
from slmtui.comparing.by_hand import ByHand, Round
from slmtui.comparing.engines import Engines
from slmtui.session import LiveSession
from slmtui.suites.at_once import at_once
from slmtui.suites.order import ordered
from tools.approval import Approver

_log = logging.getLogger(__name__)

NOT_BEGUN = "not begun: it was stopped before"


@dataclass(frozen=True, slots=True)
class Loading:
    """The model of an arm is on its way: `share` of it, 0 to 1."""

    arm: str
    share: float


@dataclass(frozen=True, slots=True)
class Said:
    """An arm's turn has another event."""

    arm: str
    event: Event


@dataclass(frozen=True, slots=True)
class Over:
    """An arm has done with a round. `problem` says what went wrong outside of its turn."""

    arm: str
    problem: str = ""


Told: TypeAlias = Loading | Said | Over
Ready: TypeAlias = tuple[ArmRecord, Backend]
"""An arm, and the engine of its model."""


@dataclass(slots=True)
class Rounds:
    """Answers the rounds of a comparison. `history` is what comes before every prompt.

    `tell` is given each thing as it happens. An arm that fails says so, and the others go on; once `stop`
    is set, turns that run are cancelled and no other begins.
    """

    by_hand: ByHand
    engines: Engines
    tell: Callable[[Told], None]
    history: tuple[Message, ...] = ()
    _live: dict[str, LiveSession] = field(default_factory=dict)

    async def go(self, of: Round, approver: Approver, stop: asyncio.Event) -> None:
        """Answer a round by every arm whose model comes, all of which are loaded before the first begins."""
        ready = await self._load(stop)
        if not self.by_hand.conditions.at_once:
            ready = self._by_chance(ready, of)
        work = (self._attempt(arm, of, backend, approver, stop) for arm, backend in ready)
        most = len(ready) if self.by_hand.conditions.at_once else 1
        over: set[str] = set()
        async with aclosing(at_once(work, most, lambda: not stop.is_set())) as ended:
            async for name, problem in ended:
                over.add(name)
                self.tell(Over(name, problem))
        for arm, _ in ready:
            if arm.arm not in over:
                self.tell(Over(arm.arm, NOT_BEGUN))

    def _by_chance(self, ready: list[Ready], of: Round) -> list[Ready]:
        """Return arms in an order that the seed makes: each finds in the cache what others left there."""
        by_name = {arm.arm: (arm, backend) for arm, backend in ready}
        slots = ordered(list(by_name), [of.item], of.repeat, self.by_hand.conditions.sampling.seed)
        return [by_name[slot.arm] for slot in slots if slot.repeat == of.repeat]

    async def _load(self, stop: asyncio.Event) -> list[Ready]:
        """Load the models one after another; arms whose model does not come are over."""
        ready: list[Ready] = []
        arms = self.by_hand.arms
        for model in dict.fromkeys(arm.model for arm in arms):
            of_model = [arm for arm in arms if arm.model == model]
            backend, problem = await self._loaded(model, [arm.arm for arm in of_model], stop)
            if backend is not None:
                ready += [(arm, backend) for arm in of_model]
            else:
                for arm in of_model:
                    self.tell(Over(arm.arm, problem))
        return ready

    async def _loaded(self, model: str, arms: list[str], stop: asyncio.Event) -> tuple[Backend | None, str]:
        """Return the backend of a model, or None and why there is none."""

        def progress(share: float) -> None:
            for arm in arms:
                self.tell(Loading(arm, share))

        if stop.is_set():
            return None, NOT_BEGUN
        try:
            backend = await _unless(stop, self.engines.started(model, progress))
        except BackendError as error:
            return None, str(error)
        except Exception as error:  # noqa: BLE001 - no engine may take the comparison down
            _log.exception("the engine of an arm could not start")
            return None, f"The engine could not start: {error!r}. Try `slmtui doctor`."
        return backend, "" if backend is not None else NOT_BEGUN

    async def _attempt(
        self, arm: ArmRecord, of: Round, backend: Backend, approver: Approver, stop: asyncio.Event
    ) -> tuple[str, str]:
        """Answer a round by one arm; return its name, and what went wrong outside of the turn."""
        try:
            await self._answer(arm, of, self._turn(arm, of, backend, approver, stop))
        except (BackendError, SessionsError) as error:
            return arm.arm, str(error)
        except Exception as error:  # noqa: BLE001 - whatever a backend raises, the other arms go on
            _log.exception("an arm of a comparison ended with an error")
            return arm.arm, f"internal error: {error!r}; the log says more"
        return arm.arm, ""

    async def _answer(self, arm: ArmRecord, of: Round, turn: AsyncGenerator[Event, None]) -> None:
        """Tell of the events of a turn, and keep it as the attempt that it is."""
        events: list[Event] = []
        async with aclosing(turn) as told:
            async for event in told:
                events.append(event)
                self.tell(Said(arm.arm, event))
        self.by_hand.answered(arm, of, events)

    def _turn(
        self, arm: ArmRecord, of: Round, backend: Backend, approver: Approver, stop: asyncio.Event
    ) -> AsyncGenerator[Event, None]:
        conditions = self.by_hand.conditions
        live = self._live.get(arm.arm)
        if live is None:
            live = self._live[arm.arm] = LiveSession(self.by_hand.store, backend, arm.session)
        return live.send(
            of.prompt,
            arm.paradigm,
            replace(conditions.sampling, seed=conditions.sampling.seed + of.repeat),
            stop,
            helps=conditions.helps,
            approver=approver,
            history=self.history,
            system=conditions.system,
        )


async def _unless(stop: asyncio.Event, loading: Coroutine[Any, Any, Backend]) -> Backend | None:
    """Return what is loaded; None, and at once, when `stop` is set before."""
    job, halt = asyncio.ensure_future(loading), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({job, halt}, return_when=asyncio.FIRST_COMPLETED)
        return job.result() if job.done() else None
    finally:
        halt.cancel()
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
