"""Runs what is left of a run: every attempt once, each in the store as it happens."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from itertools import groupby

from agents.events import Event, TurnFinished, TurnStarted
from sessions.errors import UnknownTurnError
from sessions.run_records import ArmRecord, AttemptRecord, RunRecord
from sessions.store import Store
from sessions.tally import records_of
from slmtui.backend import Backend
from slmtui.session import LiveSession
from slmtui.suites.arms import helps_of
from slmtui.suites.at_once import at_once
from slmtui.suites.item import Item
from slmtui.suites.judging import judged
from slmtui.suites.order import Slot, ordered
from slmtui.suites.plan import Plan
from slmtui.suites.progress import (
    AttemptScored,
    ModelLoaded,
    ModelLoading,
    Progress,
    RunEnded,
    RunPaused,
)
from slmtui.suites.stopping import StoppingRule
from slmtui.suites.stored_items import item_of
from tools.approval import Approver
from tools.registry import Toolbox

ANSWERED = ("ok", "failed")
"""How a turn ends that is scored; one that was cancelled or interrupted runs again."""


@dataclass(slots=True)
class Runner:
    """Makes the attempts that a run lacks, some at once.

    Models come one after another, for a small machine has memory for one; within a model the arms are
    interleaved item by item. An attempt is a turn without history in its arm's session, drawn with the seed
    of the run plus the number of the repeat. `backend_of` gives the backend of a model by its name in the
    plan, and `box_of` the tools of an item. Once `stop` is set, turns that run are cancelled and stay
    unscored.
    """

    store: Store
    run: RunRecord
    plan: Plan
    backend_of: Callable[[str], Backend]
    box_of: Callable[[Item], Toolbox]
    approver: Approver
    stop: asyncio.Event
    items: dict[str, Item] = field(init=False)
    arms: dict[str, ArmRecord] = field(init=False)
    _rule: StoppingRule | None = field(init=False)
    _scored: set[Slot] = field(default_factory=set, init=False)
    _stopped: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.items = {record.item: item_of(record) for record in self.store.suites.items(self.run.id)}
        self.arms = {arm.arm: arm for arm in self.run.arms}
        self._rule = StoppingRule(pairs(self.run.arms), self.run.items) if self.plan.rule else None

    async def go(self) -> AsyncGenerator[Progress, None]:
        """Make the attempts, telling of each. Ends the run in the store when nothing is left.

        Raises `BackendError` where a model cannot be loaded, and `SuiteError` where a scorer of the user's
        fails. What was scored until then is kept.
        """
        before = self.store.suites.run(self.run.id)
        if before.ended_at is not None:
            yield RunEnded(before.stopped)
            return
        for rescued in self._scored_before():
            yield rescued
        for model, arms in groupby(self.run.arms, key=lambda arm: arm.model):
            async with aclosing(self._with_model(model, [arm.arm for arm in arms])) as told:
                async for progress in told:
                    yield progress
        left = self.run.attempts - len(self._scored)
        if left and not self._stopped:
            yield RunPaused(left)
            return
        self.store.suites.end(self.run.id, self._stopped)
        yield RunEnded(self._stopped)

    def _scored_before(self) -> Iterator[AttemptScored]:
        """Take note of what is scored, and score what was answered by a process that died before it could."""
        attempts = self.store.suites.attempts(self.run.id)
        for attempt in attempts:
            if attempt.state is not None:
                self._note(attempt, look=False)
        for attempt in attempts:
            if attempt.state is None and (rescued := self._rescued(attempt)) is not None:
                yield rescued

    def _rescued(self, attempt: AttemptRecord) -> AttemptScored | None:
        try:
            turn = self.store.turn(attempt.turn)
        except UnknownTurnError:  # its session was deleted
            return None
        if turn.status not in ANSWERED:
            return None
        events = self.store.events(attempt.turn)
        return AttemptScored(self._score(attempt, events), turn.output_tokens, rescued=True)

    async def _with_model(self, model: str, arms: list[str]) -> AsyncGenerator[Progress, None]:
        """Make the attempts of the arms of one model; without any left, the model is not loaded."""
        slots = ordered(arms, list(self.items), self.plan.repeats, self.plan.seed)
        left = [slot for slot in slots if slot not in self._scored]
        if not left or self._over:
            return
        yield ModelLoading(model)
        backend = self.backend_of(model)
        try:
            await backend.start(lambda _fraction: None)
            yield ModelLoaded(backend.facts)
            async with aclosing(self._attempts(left, backend)) as scored:
                async for each in scored:
                    yield each
        finally:
            await backend.close()

    async def _attempts(self, slots: Iterable[Slot], backend: Backend) -> AsyncGenerator[AttemptScored, None]:
        live = {name: LiveSession(self.store, backend, arm.session) for name, arm in self.arms.items()}
        work = (self._attempt(slot, live[slot.arm]) for slot in slots)
        async with aclosing(at_once(work, self.plan.at_once, lambda: not self._over)) as results:
            async for result in results:
                if result is not None:
                    yield result

    async def _attempt(self, slot: Slot, live: LiveSession) -> AttemptScored | None:
        """Make one attempt; None where it was stopped before its end."""
        attempt = AttemptRecord(self.run.id, slot.arm, slot.item, slot.repeat, live.session, "")
        events: list[Event] = []
        async with aclosing(self._turn(slot, live)) as told:
            async for event in told:
                events.append(event)
                if isinstance(event, TurnStarted):  # it is in the store by now
                    attempt = replace(attempt, turn=event.turn)
                    self.store.suites.begin(attempt)
        end = next((event for event in events if isinstance(event, TurnFinished)), None)
        if end is None or end.status not in ANSWERED:
            return None
        return AttemptScored(self._score(attempt, events), records_of(events).turn.output_tokens)

    def _turn(self, slot: Slot, live: LiveSession) -> AsyncGenerator[Event, None]:
        item, arm = self.items[slot.item], self.arms[slot.arm]
        return live.send(
            item.prompt,
            arm.paradigm,
            replace(self.plan.sampling, seed=self.plan.seed + slot.repeat),
            self.stop,
            cold=self.plan.cold,
            helps=helps_of(self.plan, arm.switches),
            approver=self.approver,
            oracle=item.tool,
            box=self.box_of(item),
            history=(),
        )

    def _score(self, attempt: AttemptRecord, events: list[Event]) -> AttemptRecord:
        """Score an attempt and keep it."""
        item, arm = self.items[attempt.item], self.arms[attempt.arm]
        scored = judged(attempt, item, events, self.box_of(item), arm.paradigm)
        self.store.suites.finish(scored)
        self._note(scored)
        return scored

    def _note(self, attempt: AttemptRecord, *, look: bool = True) -> None:
        """Take a scored attempt into account; one of an earlier process was looked at there."""
        self._scored.add(Slot(attempt.arm, attempt.item, attempt.repeat))
        if self._rule is not None:
            self._rule.add(attempt)
            verdict = self._rule.look(silent=not look)
            self._stopped = self._stopped or verdict

    @property
    def _over(self) -> bool:
        """Whether no further attempt may begin."""
        return self.stop.is_set() or bool(self._stopped)


def pairs(arms: Iterable[ArmRecord]) -> list[tuple[str, str]]:
    """Return the pairs that a run is about: each arm with base of its model, and each base with the first.

    Without base, each arm with the first of all.
    """
    arms = list(arms)
    bases = [arm for arm in arms if arm.paradigm == "base"] or arms[:1]
    found = []
    for arm in arms:
        same = [] if arm in bases else [base for base in bases if base.model == arm.model]
        first = (same or bases)[0]
        if first is not arm:
            found.append((first.arm, arm.arm))
    return found
