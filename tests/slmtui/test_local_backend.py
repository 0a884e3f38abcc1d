"""The three paradigms on the embedded model, with a real engine and a real store."""

import asyncio
import datetime
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from agents.budget import Limits
from agents.events import (
    CallFinished,
    CallStarted,
    Event,
    MeterRead,
    PrefillProgress,
    TextDelta,
    TurnFinished,
    TurnStarted,
)
from agents.helps import Helps
from agents.message import Sampling
from agents.paradigms import PARADIGMS
from sessions.records import TurnRecords
from sessions.store import Store
from sessions.tally import records_of
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.engine.protocol import Load, Threads
from slmtui.local_backend import LocalBackend, Prepared
from slmtui.session import LiveSession
from slmtui.toolboxes import ToolSupply
from tests.slmtui.engine.conftest import facts_of
from tools.toolbox import standard_tools

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
pytestmark = pytest.mark.model


class NoMeter:
    def start(self, pid: int | None) -> None:
        self.pid = pid

    def read(self, t: float, cpu_s: float | None) -> MeterRead:
        return MeterRead(t, 1, 1, -1.0 if cpu_s is None else cpu_s, None, "none")

    def stop(self) -> None:
        pass


def prepared(model: Path) -> Prepared:
    load = Load(str(model), threads=Threads(2, 2))
    return Prepared(load, facts_of, lambda text: TokenCount(len(text), False))


def local(model: Path, log: Path, limits: Limits | None = None) -> LocalBackend:
    return LocalBackend(
        prepared(model),
        log,
        load_for=lambda name: prepared(Path(name)),
        gather=lambda: ToolSupply(standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None), ()),
        limits=limits or Limits(max_tokens=200),
        make_meter=NoMeter,
    )


@pytest.fixture
async def backend(smollm: Path, tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = local(smollm, tmp_path / "engine.log")
    yield backend
    await backend.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(
        tmp_path / "s.db",
        owner="me",
        alive=lambda _owner: True,
        now=lambda: datetime.datetime.now(datetime.UTC),
    )


async def run(
    backend: LocalBackend,
    prompt: str,
    paradigm: str,
    stop: asyncio.Event | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> list[Event]:
    events: list[Event] = []
    request = TurnRequest("s", paradigm, prompt, (), GREEDY, oracle="none")
    async for event in backend.run(request, stop or asyncio.Event()):
        events.append(event)
        on_event(event)
    return events


def check_sums(records: TurnRecords) -> None:
    turn, calls = records.turn, records.calls
    assert turn.reused_tokens + turn.prefilled_tokens == turn.prompt_tokens
    assert turn.prompt_tokens == sum(c.prompt_tokens for c in calls)
    purposes = ("think", "route", "handoff", "call", "repair", "answer")
    assert sum(getattr(turn, f"{p}_tokens") for p in purposes) == turn.output_tokens
    assert turn.output_tokens == sum(c.output_tokens for c in calls)


@pytest.mark.parametrize(
    ("prompt", "tool", "arguments", "number"),
    [
        ("What is 347 * 29?", "calculator", {"expression": "347 * 29"}, "10063"),
        ("Convert 5 kilograms to pounds", "convert_units", {"value": 5}, "11.02"),
        (
            "How many days are there between 2023-05-06 and 2023-07-01?",
            "days_between",
            {"start": "2023-05-06", "end": "2023-07-01"},
            "56",
        ),
    ],
)
async def test_single_agent_calls_the_right_tool_and_says_its_number(
    backend: LocalBackend, prompt: str, tool: str, arguments: dict[str, object], number: str
) -> None:
    records = records_of(await run(backend, prompt, "single"))
    (call,) = records.tool_calls
    assert call.name == tool
    assert json.loads(call.arguments).items() >= arguments.items()
    assert records.turn.status == "ok"
    assert number in records.turn.answer.replace(",", "")
    check_sums(records)
    # The answer continues the call's own prompt: only the call and its result are new.
    assert records.calls[1].prefilled_tokens < records.calls[0].prompt_tokens / 2
    assert records.turn.avoidable_tokens == 0


@pytest.mark.parametrize("paradigm", list(PARADIGMS))
async def test_every_paradigm_answers_and_accounts_for_itself(backend: LocalBackend, paradigm: str) -> None:
    events = await run(backend, "Hello!", paradigm)
    assert isinstance(events[0], TurnStarted)
    assert isinstance(events[-1], TurnFinished)
    records = records_of(events)
    assert (records.turn.status, bool(records.turn.answer)) == ("ok", True)
    assert records.turn.calls == sum(isinstance(e, CallStarted) for e in events) > 0
    assert events[0].factors == PARADIGMS[paradigm].factors_with(Helps()) | {"format": "generic"}
    # A meter is read here and a token drawn there, so only their own orders are certain.
    moments = [e.t for e in events if not isinstance(e, MeterRead)]
    assert moments == sorted(moments)
    check_sums(records)


async def test_switching_paradigm_keeps_the_conversation(backend: LocalBackend, store: Store) -> None:
    session = store.create_session()
    live = LiveSession(store, backend, session)
    for paradigm, prompt in (
        ("base", "What is the capital of France?"),
        ("single", "What is 58 * 12?"),
        ("base", "Thank you!"),
    ):
        async for _ in live.send(prompt, paradigm, GREEDY, asyncio.Event()):
            pass
    turns = store.turns(session)
    assert [t.paradigm for t in turns] == ["base", "single", "base"]
    assert [t.status for t in turns] == ["ok"] * 3
    (asked,) = [e for e in store.events(turns[2].turn) if isinstance(e, CallStarted)]
    said = [m.content for m in asked.messages if m.origin == "history"]
    assert said == [turns[0].prompt, turns[0].answer, turns[1].prompt, turns[1].answer]
    # The third turn continues what the first two left in the KV cache.
    assert turns[2].reused_tokens > turns[0].prompt_tokens


async def test_stop_in_a_long_prefill_ends_the_turn_as_cancelled(backend: LocalBackend) -> None:
    stop = asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, PrefillProgress):
            stop.set()

    events = await run(backend, "one two three four " * 380, "base", stop, on_event)
    turn = records_of(events).turn
    assert (turn.status, turn.answer) == ("cancelled", "")
    done = next(e for e in events if isinstance(e, CallFinished))
    assert 0 < done.prompt_tokens < 1500
    assert records_of(await run(backend, "Hello!", "base")).turn.status == "ok"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
async def test_engine_killed_in_mid_answer_costs_that_turn_alone(backend: LocalBackend) -> None:
    def on_event(event: Event) -> None:
        if isinstance(event, TextDelta) and backend.engine.pid:
            os.kill(backend.engine.pid, signal.SIGKILL)

    turn = records_of(await run(backend, "Tell me a story.", "base", None, on_event)).turn
    assert turn.status == "failed"
    assert "SIGKILL" in turn.reason
    assert records_of(await run(backend, "Hello!", "base")).turn.status == "ok"


async def test_unknown_paradigm_names_those_there_are(backend: LocalBackend) -> None:
    with pytest.raises(BackendError, match="base, single, multi"):
        await run(backend, "Hi", "triple")


async def test_turn_that_is_left_is_stored_as_interrupted(backend: LocalBackend, store: Store) -> None:
    session = store.create_session()
    turn = LiveSession(store, backend, session).send("Tell me a story.", "base", GREEDY, asyncio.Event())
    async for event in turn:
        if isinstance(event, TextDelta):
            break
    await turn.aclose()
    (record,) = store.turns(session)
    assert record.status == "interrupted"
    assert record.answer
