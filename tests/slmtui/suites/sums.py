"""Runs of a suite of sums, answered by a backend that needs no model: base is wrong about the odd ones."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ulid import ULID

from agents.events import Event
from sessions.run_records import AttemptRecord, RunRecord
from sessions.store import Store
from slmtui.backend import Backend, TurnRequest
from slmtui.suites.allowing import NamedTools
from slmtui.suites.item import Expected, Item
from slmtui.suites.new_run import create_run
from slmtui.suites.plan import Plan, plan_of
from slmtui.suites.progress import AttemptScored, Progress
from slmtui.suites.runner import Runner
from slmtui.suites.suite import Suite
from tests.slmtui.tui.scripted import Script, ScriptedBackend
from tools.registry import Toolbox


def suite(count: int, name: str = "sums") -> Suite:
    items = tuple(
        Item(str(n), name, f"What is {n} + 1?", Expected("number", str(n + 1)), tool="none")
        for n in range(count)
    )
    return Suite(name, "Sums", "made up", "0" * 64, "MIT", items)


def answer(request: TurnRequest, _turn: str) -> list[Event]:
    """Answer a sum; the words before it give a kill something to hit."""
    number = int(request.prompt.split()[2])
    right = request.paradigm != "base" or number % 2 == 0
    words = f"I think that this must come to {number + 1 if right else number}"
    return Script(request, str(ULID())).call(request.paradigm, [("answer", words)]).meter().end()


def open_store(path: Path, owner: str = "me") -> Store:
    return Store.open(path, owner=owner, alive=lambda name: name == owner, now=lambda: datetime.now(UTC))


def begin(store: Store, count: int = 4, **fields: Any) -> RunRecord:
    plan = Plan(**{"suites": ("sums",), "paradigms": ("base", "single"), "at_once": 2, **fields})
    return create_run(store, plan, {"sums": suite(count)}, "slmtui bench sums")


@dataclass
class Work:
    """One process's work on a run: what it told, and the backends that it made, by model."""

    store: Store
    run: RunRecord
    make: Callable[[], Backend] = lambda: ScriptedBackend(answer)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[Progress] = field(default_factory=list)
    backends: dict[str, Backend] = field(default_factory=dict)

    def runner(self) -> Runner:
        return Runner(
            self.store,
            self.run,
            plan_of(self.run.plan),
            backend_of=self._backend,
            box_of=lambda _item: Toolbox(()),
            approver=NamedTools(()),
            stop=self.stop,
        )

    async def go(self, on_progress: Callable[[Progress], None] = lambda _progress: None) -> "Work":
        async with aclosing(self.runner().go()) as told:
            async for progress in told:
                self.told.append(progress)
                on_progress(progress)
        return self

    @property
    def scored(self) -> Sequence[AttemptScored]:
        return [each for each in self.told if isinstance(each, AttemptScored)]

    def _backend(self, model: str) -> Backend:
        self.backends[model] = self.make()
        return self.backends[model]


def key(attempt: AttemptRecord) -> tuple[str, str, int]:
    return attempt.arm, attempt.item, attempt.repeat


def check_whole(store: Store, run: str) -> None:
    """Every arm has answered every item once a repeat, and the states sum to the attempts."""
    record, attempts = store.suites.run(run), store.suites.attempts(run)
    items = [item.item for item in store.suites.items(run)]
    repeats = range(1, record.repeats + 1)
    wanted = {(arm.arm, item, n) for arm in record.arms for item in items for n in repeats}
    assert {key(attempt) for attempt in attempts} == wanted
    assert len(attempts) == record.attempts == sum(Counter(a.state for a in attempts).values())
    assert all(attempt.state is not None for attempt in attempts)
    assert record.ended_at is not None
