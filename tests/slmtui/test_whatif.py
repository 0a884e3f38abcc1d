"""Turns of a tiny model, run again with and without something changed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agents.events import CallFinished, CallStarted, Event, LimitReached
from agents.message import Sampling
from sessions.replay import Timeline, replay
from sessions.steps import diverged
from sessions.store import Store
from sessions.tally import records_of
from slmtui.backend import Backend, TurnRequest
from slmtui.cli.ask import cost_line
from slmtui.cli.transcript import Transcript
from slmtui.session import LiveSession
from slmtui.settings import Settings, load_settings
from slmtui.whatif import How, WhatIf, ran_into_a_limit, what_if
from slmtui.whatif_plan import Asked, Plan, plan_of
from slmtui.whatif_stage import Stages
from tests.slmtui.tiny_backend import RING, WILD, tiny
from tests.slmtui.tui.scripted import ScriptedBackend
from tools.approval import DENY_ALL
from tools.registry import Toolbox

NOTHING = Asked()
GREEDY = replace(WILD, temperature=0.0)


@dataclass
class TinyStage:
    """A stage for any settings, with a tool that tells how often it was run."""

    backend: Backend
    rung: list[str] = field(default_factory=list)
    closed: int = 0
    started: int = 0

    @property
    def box(self) -> Toolbox:
        def ring(bell: str) -> str:
            self.rung.append(bell)
            return f"{bell} rang again"

        return Toolbox([replace(RING, run=ring)])

    async def start(self) -> None:
        self.started += 1

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
async def backend(tiny_model: Path, tmp_path: Path) -> AsyncIterator[Backend]:
    backend = tiny(tiny_model, tmp_path / "engine.log")
    yield backend
    await backend.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(
        tmp_path / "s.db", owner="me", alive=lambda _: True, now=lambda: datetime.now(UTC)
    ) as store:
        yield store


async def ask(
    store: Store, backend: Backend, session: str, *prompts: str, paradigm: str = "single", cold: bool = True,
    sampling: Sampling = GREEDY,
) -> None:  # fmt: skip
    live = LiveSession(store, backend, session)
    for prompt in prompts:
        async for _ in live.send(prompt, paradigm, sampling, asyncio.Event(), cold=cold):
            pass


def load(given: Any) -> Settings:
    return load_settings(environ={}, config_dir=Path("nowhere"), overrides=given)


def plans(store: Store, session: str, asked: Asked = NOTHING) -> list[Plan]:
    return [plan_of(turn, asked, load, lambda _: "tiny.gguf") for turn in store.turns(session)]


async def again(
    store: Store,
    backend: Backend,
    session: str,
    asked: Asked = NOTHING,
    stage: TinyStage | None = None,
    **how: Any,
) -> list[WhatIf]:
    stage = stage or TinyStage(backend)
    given = {"approver": DENY_ALL, "stop": asyncio.Event(), **how}
    return await what_if(plans(store, session, asked), store, How(stage=lambda _: stage, **given))


@pytest.mark.parametrize("paradigm", ["base", "single", "multi", "multi-union", "vote"])
async def test_a_cold_greedy_turn_with_its_tools_frozen_takes_the_same_steps(
    store: Store, backend: Backend, paradigm: str
) -> None:
    session = store.create_session()
    await ask(store, backend, session, "ring a", "hello again", paradigm=paradigm)
    stage = TinyStage(backend)
    found = await again(store, backend, session, stage=stage)
    assert [each.divergence for each in found] == [None, None]
    for each in found:
        assert diverged(store.events(each.was.turn), store.events(each.now.turn)) is None
        assert each.record.changes == {}
        assert (each.now.answer, each.now.output_tokens) == (each.was.answer, each.was.output_tokens)
        assert (each.now.tool_calls, each.record.live) == (each.was.tool_calls, 0)
        assert each.record.frozen == each.was.tool_calls
        assert each.now.cold
    assert stage.rung == []
    assert any(each.was.tool_calls for each in found) == (paradigm in ("single", "multi-union"))


async def test_the_sibling_is_kept_beside_the_stored_session(store: Store, backend: Backend) -> None:
    session = store.create_session("mine")
    await ask(store, backend, session, "ring a")
    before = store.events(store.turns(session)[0].turn)
    (found,) = await again(store, backend, session, Asked({"paradigm": "base", "sampling": {"seed": 9}}))
    assert store.events(found.was.turn) == before
    sibling = store.session(found.now.session)
    assert (sibling.title, sibling.turns) == ("what if: paradigm single → base, seed 1 → 9", 1)
    assert [each.id for each in store.sessions()] == [session]
    record = store.what_ifs.get(found.now.turn)
    assert record == found.record
    assert record.of_turn == found.was.turn
    assert record.changes["paradigm"] == ("single", "base")
    assert record.changes["seed"] == (1, 9)
    assert (record.diverged_at, record.frozen, record.live) == (1, 0, 0)
    assert record.diverged.startswith("step 1: agent writes for call: ")
    assert store.what_ifs.of(found.was.turn) == [record]


async def test_each_turn_of_a_session_runs_on_the_stored_history(store: Store, backend: Backend) -> None:
    session = store.create_session()
    await ask(store, backend, session, "one", "two", paradigm="base")
    found = await again(store, backend, session, Asked({"sampling": {"temperature": 1.0}}))
    assert found[0].now.answer != found[0].was.answer
    (asked,) = [e for e in store.events(found[1].now.turn) if isinstance(e, CallStarted)]
    said = [m.content for m in asked.messages if m.origin == "history"]
    assert said == ["one", found[0].was.answer]
    assert {each.now.session for each in found} == {found[0].now.session}


async def test_a_call_that_the_stored_turn_did_not_make_is_run_and_told_of(
    store: Store, backend: Backend
) -> None:
    session = store.create_session()
    await ask(store, backend, session, "ring a", paradigm="base")
    stage, told = TinyStage(backend), []
    (found,) = await again(store, backend, session, Asked({"paradigm": "single"}), stage, tell=told.append)
    assert len(stage.rung) == 1
    assert (found.record.frozen, found.record.live) == (0, 1)
    assert [(made.name, made.frozen) for made in told] == [("ring", False)]
    assert list(found.made) == told


async def test_with_live_tools_nothing_is_frozen(store: Store, backend: Backend) -> None:
    session = store.create_session()
    await ask(store, backend, session, "ring a")
    stage = TinyStage(backend)
    (found,) = await again(store, backend, session, stage=stage, live_tools=True)
    assert stage.rung
    assert found.divergence is not None
    assert found.divergence.at == 3  # it called as before, and was told something else
    assert "ring answers" in found.record.diverged
    assert (found.record.frozen, found.record.live) == (0, 1)


async def test_tools_that_are_not_here_any_more_are_named(store: Store, backend: Backend) -> None:
    class Bare(TinyStage):
        @property
        def box(self) -> Toolbox:
            return Toolbox(())

    session = store.create_session()
    await ask(store, backend, session, "ring a")
    (found,) = await again(store, backend, session, stage=Bare(backend))
    assert found.lacking == ("ring",)
    assert found.divergence is not None


async def test_a_turn_that_brings_its_own_tools_has_these(store: Store, backend: Backend) -> None:
    session = store.create_session()
    await ask(store, backend, session, "ring a", paradigm="base")
    stage, own = TinyStage(backend), []

    def ring(bell: str) -> str:
        own.append(bell)
        return f"{bell} rang"

    box = Toolbox([replace(RING, run=ring)])
    await again(store, backend, session, Asked({"paradigm": "single"}), stage, box_of=lambda _plan: box)
    assert (stage.rung, len(own)) == ([], 1)


async def test_a_chat_turn_that_ran_into_a_limit_nobody_knows_is_told_of(
    store: Store, backend: Backend
) -> None:
    session = store.create_session()
    await ask(store, backend, session, "one", paradigm="base")
    (found,) = await again(store, backend, session)
    events = store.events(found.was.turn)
    cut = [event for event in events if isinstance(event, CallFinished) and event.finish_reason == "length"]
    assert found.limited == bool(cut)
    assert ran_into_a_limit([LimitReached(1.0, "a", "steps", "5 steps were made")])
    started = CallStarted(0.0, "c", "a", "answer", (), constrained=False, max_tokens=9)
    ended = replace(next(event for event in events if isinstance(event, CallFinished)), call="c")
    for room, reason, limit in ((9, "length", True), (1, "length", False), (9, "stop", False)):
        told = [replace(started, max_tokens=room), replace(ended, finish_reason=reason)]
        assert ran_into_a_limit(told) == limit


async def test_stopping_keeps_the_turn_at_hand_and_begins_no_other(store: Store, backend: Backend) -> None:
    session = store.create_session()
    await ask(store, backend, session, "one", "two", paradigm="base")
    stop = asyncio.Event()
    stop.set()
    stage = TinyStage(backend)
    (found,) = await again(store, backend, session, stage=stage, stop=stop)
    assert found.now.status == "cancelled"
    assert store.what_ifs.get(found.now.turn) == found.record
    assert stage.closed == 1


async def test_a_turn_that_is_left_is_known_as_a_what_if(store: Store, backend: Backend) -> None:
    class LeftError(Exception):
        pass

    class Leaving(ScriptedBackend):
        async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncIterator[Event]:  # type: ignore[override]
            async for event in super().run(request, stop):
                yield event
                if isinstance(event, CallStarted):
                    raise LeftError

    session = store.create_session()
    await ask(store, backend, session, "one", paradigm="base")
    stage = TinyStage(Leaving())
    with pytest.raises(LeftError):
        await again(store, backend, session, stage=stage)
    (record,) = store.what_ifs.of(store.turns(session)[0].turn)
    assert store.turn(record.turn).status == "interrupted"
    assert record.changes["model"][0] == "tiny"
    assert stage.closed == 1


async def test_one_stage_serves_turns_that_differ_in_what_each_is_given_anew() -> None:
    made: list[TinyStage] = []

    def make(_settings: Settings) -> TinyStage:
        made.append(TinyStage(ScriptedBackend()))
        return made[-1]

    stages = Stages(make)
    first = await stages.at(load({"paradigm": "base"}))
    same = await stages.at(
        load({"paradigm": "multi", "sampling": {"seed": 3}, "agents": {"help": {"examples": 0}}})
    )
    assert same is first
    assert (made[0].started, made[0].closed) == (1, 0)
    await stages.at(load({"engine": {"context": 512}}))
    assert [(stage.started, stage.closed) for stage in made] == [(1, 1), (1, 0)]
    await stages.close()
    await stages.close()
    assert [stage.closed for stage in made] == [1, 1]


async def test_a_stored_turn_replays_to_the_event_without_a_model(store: Store, backend: Backend) -> None:
    session = store.create_session()
    happened: list[list[Event]] = []
    live = LiveSession(store, backend, session)
    for prompt, paradigm in (("ring a", "multi-union"), ("hello", "base")):
        events = live.send(prompt, paradigm, WILD, asyncio.Event())
        happened.append([event async for event in events])
    stored = [store.events(turn.turn) for turn in store.turns(session)]
    assert stored == happened
    timeline = Timeline(stored)
    timeline.speed = float("inf")
    seconds = iter(range(100_000))
    played = [
        event async for event in replay(timeline, sleep=asyncio.sleep, clock=lambda: float(next(seconds)))
    ]
    assert played == [event for turn in happened for event in turn]
    written: list[str] = []
    transcript = Transcript(written.append)
    for event in played:
        transcript.show(event)
    for turn, events in zip(store.turns(session), happened, strict=True):
        again = records_of(events).turn
        assert replace(again, position=turn.position) == turn
        assert f"  {cost_line(turn)}\n" in "".join(written)
