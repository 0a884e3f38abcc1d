import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import TextDelta
from agents.model import CallEvent
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.endpoint import Endpoint
from slmtui.engine.heartbeat import Heartbeat, Watch
from slmtui.engine.protocol import Generate, Load, Loaded, Ping, Pong, Threads, encode
from tests.slmtui.engine.conftest import facts_of, has_ended, hear, request, until, user
from tests.slmtui.engine.scripted_engine import ScriptedEngine

QUICK = Heartbeat(interval_s=0.05, silence_s=2.0, stall_s=100.0)
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def pong(*, busy: bool = False, steps: int = 0) -> Pong:
    return Pong(busy, steps, warm=False)


def test_engine_that_answers_does_not_hang() -> None:
    watch = Watch(Heartbeat(1.0, 3.0, 5.0))
    for steps in range(20):
        assert watch.pass_time(1.0) == ""
        watch.hear(pong(busy=True, steps=steps))


def test_silence_is_a_hang() -> None:
    watch = Watch(Heartbeat(1.0, 3.0, 5.0))
    assert [watch.pass_time(1.0) for _ in range(2)] == ["", ""]
    watch.hear(pong())
    assert [watch.pass_time(1.0) for _ in range(3)] == ["", "", "no sign of life for 3 s"]


def test_busy_without_a_batch_is_a_hang_and_idle_is_not() -> None:
    watch = Watch(Heartbeat(1.0, 3.0, 5.0))
    for busy in (False, True):
        said = []
        for _ in range(6):
            watch.hear(pong(busy=busy, steps=7))
            said.append(watch.pass_time(1.0))
        assert any(said) is busy


@given(st.lists(st.floats(0, 1e9), max_size=9))
def test_time_in_which_the_app_stood_still_does_not_count(passed: list[float]) -> None:
    watch = Watch(Heartbeat(1.0, 20.0, 120.0))
    assert not any(watch.pass_time(seconds) for seconds in passed)


@posix
async def test_engine_that_hangs_in_mid_answer_is_killed_and_replaced(
    tiny_model: Path, tmp_path: Path
) -> None:
    load = Load(str(tiny_model), threads=Threads(1, 1))
    engine = Engine(load, tmp_path / "log", facts_of, heartbeat=QUICK)
    await engine.start()
    pid = engine.pid
    assert pid is not None

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta):
            os.kill(pid, signal.SIGSTOP)

    heard = await hear(engine, request(user("x"), max_tokens=1500), None, on_event)
    assert heard.finished.finish_reason == "failed"
    assert "hung (no sign of life for 2 s)" in heard.finished.error
    assert has_ended(pid)
    assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"
    assert engine.pid not in {None, pid}
    await engine.close()


@posix
async def test_engine_that_hangs_while_it_loads_is_killed(tiny_model: Path, tmp_path: Path) -> None:
    engine = Engine(Load(str(tiny_model)), tmp_path / "log", facts_of, heartbeat=QUICK)
    starting = asyncio.create_task(engine.start())
    await until(lambda: engine.pid is not None)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(EngineError, match=r"hung .*no sign of life"):
        await starting
    assert has_ended(pid)


@posix
async def test_engine_that_is_busy_for_ever_is_killed_by_its_process_id(
    tiny_model: Path, tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:  # noqa: ASYNC220
        load, endpoint = Load(str(tiny_model)), Endpoint(tmp_path / "run", tcp=True)
        async with ScriptedEngine(endpoint.place(load)) as scripted:
            scripted.replies[Ping] = lambda _ping: [encode(pong(busy=True, steps=7))]
            scripted.greeting = [encode(Loaded(process.pid, 2048, Threads(1, 1), 0, "0", "", 0.0))]
            heartbeat = Heartbeat(interval_s=0.02, silence_s=20.0, stall_s=0.2)
            engine = Engine(load, tmp_path / "log", facts_of, endpoint=endpoint, heartbeat=heartbeat)
            heard = await hear(engine, request(user("x")))
            assert "busy for 0.2 s and finished nothing" in heard.finished.error
            assert scripted.heard(Generate)
        assert process.wait() == -signal.SIGKILL


async def test_pong_says_what_the_engine_does(engine: Engine) -> None:
    idle = await engine.ask_pong()
    assert idle is not None
    assert (idle.busy, idle.warm, idle.clients) == (False, False, 1)
    stream = engine.stream(request(user("x"), max_tokens=1500, turn="t"), asyncio.Event())
    await anext(stream)
    busy = await engine.ask_pong()
    assert busy is not None
    assert busy.busy
    assert busy.warm
    assert engine.cpu_s("t") == busy.cpu_s["t"] > 0
    await stream.aclose()
    assert await engine.end_turn("t") >= busy.cpu_s["t"]  # type: ignore[operator]
    after = await engine.ask_pong()
    assert after is not None
    assert after.cpu_s == {}
    assert after.steps > busy.steps


async def test_nothing_waits_for_an_engine_that_has_gone(engine: Engine) -> None:
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.gather(
        engine.ask_pong(),
        engine.end_turn("t"),
        engine.save_state(Path("never"), "f", (user("x"),)),
        hear(engine, request(user("x"), turn="t")),
    )
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    pong, cpu, state, heard = await asked
    assert (pong, cpu) == (None, None)
    assert state.error
    assert "SIGKILL" in heard.finished.error
    assert await engine.ask_pong() is None
    assert await engine.end_turn("t") is None
    assert (await engine.restore_state(Path("never"), "f")).error
