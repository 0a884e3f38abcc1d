"""What if: stored turns run again with something changed, as siblings in the same store."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from agents.events import CallFinished, CallStarted, Event, LimitReached, ToolStarted, TurnStarted
from sessions.attributing.failures import CHOICE
from sessions.records import TurnRecord
from sessions.steps import Divergence, diverged
from sessions.store import Store
from sessions.tally import records_of
from sessions.what_if_store import WhatIfRecord
from slmtui.frozen_tools import FrozenTools, MadeCall
from slmtui.session import LiveSession
from slmtui.settings import Settings
from slmtui.whatif_changes import changes_between, title_of_changes
from slmtui.whatif_plan import Plan
from slmtui.whatif_stage import Stage, Stages
from tools.approval import Approver
from tools.registry import Toolbox


@dataclass(frozen=True, slots=True)
class How:
    """How turns run again: on which stages, whom to ask about live tools, and who hears of each call.

    With `live_tools` no result is taken from the stored turn. `box_of` has the tools of a turn that brings
    its own (None: those of its stage). `begin` hears of every turn before it runs.
    """

    stage: Callable[[Settings], Stage]
    approver: Approver
    stop: asyncio.Event
    live_tools: bool = False
    box_of: Callable[[Plan], Toolbox | None] = lambda _plan: None
    begin: Callable[[Plan], None] = lambda _plan: None
    tell: Callable[[MadeCall], None] = lambda _made: None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A stored turn and the one that ran it again, with where they part and what became of calls of tools.

    `lacking` names tools that the stored turn called and that are not here now. `at_once` is how many turns
    its run may have made at once (1 for a turn of a chat), and `limited` says that one of the two ran into a
    limit, though not both are known to have had the same.
    """

    was: TurnRecord
    now: TurnRecord
    record: WhatIfRecord
    divergence: Divergence | None
    made: tuple[MadeCall, ...]
    lacking: tuple[str, ...]
    at_once: int = 1
    limited: bool = False


async def what_if(plans: Sequence[Plan], store: Store, how: How) -> list[WhatIf]:
    """Run stored turns again, each on its stored history, in one new session; return those that began.

    Stopping ends the turn at hand, which is kept, and begins no other. Raises `BackendError` where a model
    cannot start, and what making a stage raises.
    """
    found: list[WhatIf] = []
    session = ""
    chat: LiveSession | None = None
    at: Stage | None = None
    stages = Stages(how.stage)
    try:
        for plan in plans:
            how.begin(plan)
            stage = await stages.at(plan.settings)
            session = session or store.create_session(_title(plans), "whatif")
            if chat is None or stage is not at:
                at, chat = stage, LiveSession(store, stage.backend, session)
            box = how.box_of(plan)
            found.append(await _Again(plan, store, how).run(chat, stage.box if box is None else box))
            if how.stop.is_set():
                break
    finally:
        await stages.close()
    return found


def _title(plans: Sequence[Plan]) -> str:
    return title_of_changes(plan.changes for plan in plans)


@dataclass(frozen=True, slots=True)
class _Again:
    """One stored turn while it runs again."""

    plan: Plan
    store: Store
    how: How

    async def run(self, live: LiveSession, box: Toolbox) -> WhatIf:
        """Run it, and keep what came of it."""
        stored = self.store.events(self.plan.of.turn)
        frozen = FrozenTools(() if self.how.live_tools else stored, self.how.tell)
        happened = await self._happened(live, box, frozen)
        parting = diverged(stored, happened)
        record = replace(self._record(happened), frozen=frozen.frozen, live=frozen.live)
        if parting is not None:
            record = replace(record, diverged_at=parting.at, diverged=parting.text)
        self.store.what_ifs.put(record)
        unknown = self.plan.was.attempt is None
        called = dict.fromkeys(event.name for event in stored if isinstance(event, ToolStarted))
        return WhatIf(
            was=self.plan.of,
            now=self.store.turn(record.turn),
            record=record,
            divergence=parting,
            made=tuple(frozen.made),
            lacking=tuple(name for name in called if name not in box.names),
            at_once=self.plan.was.at_once,
            limited=unknown and (ran_into_a_limit(stored) or ran_into_a_limit(happened)),
        )

    async def _happened(self, live: LiveSession, box: Toolbox, frozen: FrozenTools) -> list[Event]:
        """Run the turn and return its events; that it is a what-if is known from its first one on."""
        plan, kept = self.plan, self.store.what_ifs
        happened: list[Event] = []
        events = live.send(
            plan.prompt,
            plan.settings.paradigm,
            plan.sampling,
            self.how.stop,
            cold=plan.cold,
            helps=plan.helps,
            approver=frozen.approver(self.how.approver),
            oracle=plan.was.attempt.item.tool if plan.was.attempt else "",
            box=frozen.box(box),
            history=kept.history_of(plan.of),
            # Only base can go on with an answer; another paradigm answers from the start.
            beginning=plan.of.beginning if plan.settings.paradigm == "base" else "",
            system=plan.of.system,
        )
        async with aclosing(events):
            async for event in events:
                happened.append(event)
                if isinstance(event, TurnStarted):
                    kept.put(self._record(happened))
        return happened

    def _record(self, happened: Sequence[Event]) -> WhatIfRecord:
        now = records_of(happened).turn
        changes = self.plan.untold | changes_between(self.plan.of, now)
        return WhatIfRecord(now.turn, now.session, self.plan.of.turn, changes)


def ran_into_a_limit(events: Iterable[Event]) -> bool:
    """Return whether a limit ended an agent's loop or cut a call that may write more than a choice."""
    room: dict[str, int] = {}
    for event in events:
        match event:
            case LimitReached():
                return True
            case CallStarted():
                room[event.call] = event.max_tokens
            case CallFinished(finish_reason="length") if room.get(event.call) != CHOICE:
                return True
            case _:
                pass
    return False
