"""What the local backend does with models, turns at once and saved states, on tiny models."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.events import CallFinished, CallStarted, Event, TextDelta, TurnFinished, TurnStarted
from agents.message import Message
from agents.paradigms import PARADIGMS
from sessions.tally import records_of
from slmtui.backend import BackendError, TurnRequest
from slmtui.local_backend import LocalBackend
from slmtui.saved_states import SavedStates
from tests.models import write_tiny
from tests.slmtui.engine.conftest import has_ended, until
from tests.slmtui.tiny_backend import asked, readings, tiny

LONG = tuple(
    Message(role, f"{role} says {n}: " + "hello world " * 8, "history", n)
    for n in (1, 2, 3)
    for role in ("user", "assistant")
)


@pytest.fixture
async def backend(tiny_model: Path, tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = tiny(tiny_model, tmp_path / "log", states=SavedStates(tmp_path / "states", 100))
    yield backend
    await backend.close()


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "other.gguf", seed=1)


async def run(backend: LocalBackend, request: TurnRequest) -> list[Event]:
    return [event async for event in backend.run(request, asyncio.Event())]


def kept_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.kv"))


def started(events: list[Event]) -> TurnStarted:
    first = events[0]
    assert isinstance(first, TurnStarted)
    return first


async def test_turns_at_once_each_have_their_own_account(backend: LocalBackend) -> None:
    await backend.start(lambda _fraction: None)
    turns = await asyncio.gather(*(run(backend, asked("hello", paradigm)) for paradigm in PARADIGMS))
    assert len({started(events).turn for events in turns}) == len(PARADIGMS)
    for events, paradigm in zip(turns, PARADIGMS, strict=True):
        record = records_of(events).turn
        assert (record.paradigm, record.status) == (paradigm, "ok")
        costs = [reading.cpu_s for reading in readings(events)]
        assert costs[-1] == max(costs) > 0
        calls = {event.call for event in events if isinstance(event, CallFinished)}
        assert calls == {event.call for event in events if isinstance(event, TextDelta)}
    pong = await backend.engine.ask_pong()
    assert pong is not None
    assert pong.cpu_s == {}


async def test_turn_that_is_left_is_ended_in_the_engine(backend: LocalBackend) -> None:
    turn = backend.run(asked("hello"), asyncio.Event())
    async for event in turn:
        if isinstance(event, TextDelta):
            break
    await turn.aclose()

    async def is_forgotten() -> bool:
        pong = await backend.engine.ask_pong()
        return pong is not None and not pong.busy and pong.cpu_s == {}

    await until(is_forgotten)


async def test_cold_turn_reuses_nothing_and_says_so(backend: LocalBackend) -> None:
    first, warm, cold = [await run(backend, asked("hello world", cold=cold)) for cold in (False, False, True)]
    assert [started(e).warm for e in (first, warm, cold)] == [False, True, True]
    assert [started(e).cold for e in (first, warm, cold)] == [False, False, True]
    reused = [records_of(events).turn.reused_tokens for events in (first, warm, cold)]
    assert reused[0] == reused[2] == 0
    assert reused[1] > 0


async def test_switch_loads_the_other_model_and_frees_the_first(
    backend: LocalBackend, tiny_model: Path, other_model: Path
) -> None:
    assert backend.facts is None
    await backend.start(lambda _fraction: None)
    before, seen = backend.engine.pid, []
    assert before is not None
    await backend.switch(str(other_model), seen.append)
    assert has_ended(before)
    assert seen[-1] == pytest.approx(1.0)
    assert backend.facts is not None
    assert backend.facts.model == "other"
    events = await run(backend, asked("hello"))
    assert started(events).engine.model == "other"
    await backend.switch(str(tiny_model), seen.append)
    assert backend.facts.model == "tiny"


@pytest.mark.parametrize("name", ["nobody", "backend"])
async def test_switch_to_what_is_no_model_leaves_the_loaded_one_alone(
    backend: LocalBackend, name: str
) -> None:
    await backend.start(lambda _fraction: None)
    pid = backend.engine.pid
    with pytest.raises(BackendError, match=name):
        await backend.switch(name, lambda _fraction: None)
    assert backend.engine.pid == pid
    assert backend.facts is not None


async def test_switch_that_fails_goes_back_to_the_model_before(backend: LocalBackend, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF, and not much more")
    await backend.start(lambda _fraction: None)
    with pytest.raises(BackendError, match="cannot load"):
        await backend.switch(str(bad), lambda _fraction: None)
    assert backend.facts is None
    assert backend.engine.pid is None
    events = await run(backend, asked("hello"))
    assert started(events).engine.model == "tiny"
    assert records_of(events).turn.status == "ok"


async def test_switch_that_is_given_up_goes_back_too(backend: LocalBackend, other_model: Path) -> None:
    switching = asyncio.create_task(backend.switch(str(other_model), lambda _fraction: None))
    engine = backend.engine
    await until(lambda: backend.engine is not engine and backend.engine.pid is not None)
    pid = backend.engine.pid
    assert pid is not None
    switching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await switching
    assert backend.engine is engine
    await until(lambda: has_ended(pid))
    assert started(await run(backend, asked("hello"))).engine.model == "tiny"


async def test_unloaded_model_is_loaded_by_the_next_prompt(backend: LocalBackend) -> None:
    await backend.start(lambda _fraction: None)
    pid = backend.engine.pid
    assert pid is not None
    await backend.unload()
    assert has_ended(pid)
    assert backend.facts is None
    assert await backend.resume("session") == 0
    assert isinstance((await run(backend, asked("hello")))[-1], TurnFinished)
    assert backend.facts is not None


async def test_session_comes_back_from_disk_as_it_was(backend: LocalBackend) -> None:
    first = records_of(await run(backend, asked("and now?", history=LONG))).turn
    await backend.suspend("session", LONG)
    await backend.unload()
    await backend.start(lambda _fraction: None)
    tokens = await backend.resume("session")
    assert tokens > 256
    assert backend.engine.warm or (await backend.engine.ask_pong()).warm  # type: ignore[union-attr]
    again = records_of(await run(backend, asked("and now?", history=LONG))).turn
    assert first.reused_tokens == 0
    assert again.reused_tokens >= tokens - 1
    assert again.answer == first.answer


async def test_state_of_another_model_is_refused_and_kept(
    backend: LocalBackend, tiny_model: Path, other_model: Path, tmp_path: Path
) -> None:
    await run(backend, asked("and now?", history=LONG))
    await backend.suspend("session", LONG)
    await backend.switch(str(other_model), lambda _fraction: None)
    assert await backend.resume("session") == 0
    await backend.switch(str(tiny_model), lambda _fraction: None)
    assert await backend.resume("session") > 256


async def test_what_is_not_worth_it_is_not_kept(backend: LocalBackend, tmp_path: Path) -> None:
    await backend.suspend("session", LONG)  # not loaded
    await backend.start(lambda _fraction: None)
    await backend.suspend("session", LONG)  # nothing held
    await run(backend, asked("hello", history=LONG))
    await backend.suspend("session", LONG[:1])  # short
    await backend.suspend("../session", LONG)  # no name of ours
    turn = backend.run(asked("hello", history=LONG), asyncio.Event())
    await anext(turn)
    await backend.suspend("session", LONG)  # at work
    await turn.aclose()
    assert not kept_in(tmp_path)


async def test_states_that_cannot_be_kept_cost_nothing(
    tiny_model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "states").write_text("a file where the folder should be")
    backend = tiny(tiny_model, tmp_path / "log", states=SavedStates(tmp_path / "states", 100))
    await run(backend, asked("hello", history=LONG))
    with caplog.at_level(logging.ERROR):
        await backend.suspend("session", LONG)
    assert "could not be kept" in caplog.text
    assert await backend.resume("session") == 0
    await backend.close()


async def test_damaged_state_is_refused(backend: LocalBackend, tmp_path: Path) -> None:
    await run(backend, asked("and now?", history=LONG))
    await backend.suspend("session", LONG)
    (file,) = kept_in(tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    await backend.unload()
    await backend.start(lambda _fraction: None)
    assert await backend.resume("session") == 0
    assert records_of(await run(backend, asked("and now?", history=LONG))).turn.status == "ok"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
async def test_death_of_the_engine_before_any_account_leaves_the_meter_to_itself(
    backend: LocalBackend,
) -> None:
    events: list[Event] = []
    async for event in backend.run(asked("hello"), asyncio.Event()):
        events.append(event)
        if isinstance(event, CallStarted) and backend.engine.pid is not None:
            os.kill(backend.engine.pid, signal.SIGKILL)
    assert records_of(events).turn.status == "failed"
    assert readings(events)[-1].cpu_s == -1.0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
async def test_engine_that_died_between_turns_costs_none(backend: LocalBackend) -> None:
    await run(backend, asked("hello"))
    pid = backend.engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)  # and the next prompt is there before anybody has seen it
    assert records_of(await run(backend, asked("hello"))).turn.status == "ok"
    assert backend.engine.pid != pid
