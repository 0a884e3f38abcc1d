import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from agents.events import TextDelta
from agents.model import CallEvent
from slmtui.engine import link
from slmtui.engine.client import Engine
from slmtui.engine.endpoint import Endpoint, Place
from slmtui.engine.protocol import (
    CallEventLine,
    Cancel,
    EndTurn,
    Generate,
    Hello,
    Load,
    Loaded,
    Loading,
    Pong,
    Reply,
    Threads,
    ThreadsChanged,
    TurnEnded,
    decode_reply,
    encode,
)
from tests.slmtui.engine.conftest import facts_of, has_ended, hear, request, until, user
from tests.slmtui.engine.scripted_engine import ScriptedEngine

Make = Callable[[], Engine]
UNIX = hasattr(socket, "AF_UNIX")
posix = pytest.mark.skipif(os.name == "nt", reason="users, modes and signals of POSIX")


@pytest.fixture
def load(tiny_model: Path) -> Load:
    return Load(str(tiny_model), threads=Threads(1, 1), batch=32, sequences=4)


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    return Endpoint(tmp_path / "run")


@pytest.fixture
async def make(load: Load, endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Engine] = []

    def make() -> Engine:
        log = tmp_path / f"engine-{len(made)}.log"
        made.append(Engine(load, log, facts_of, endpoint=endpoint))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


class Raw:
    """A client of the engine's socket that says what it likes."""

    def __init__(self, place: Place, token: str | None = None) -> None:
        card = place.read_card()
        assert card is not None
        address = (link.LOOPBACK, card.port) if place.tcp else str(place.socket)
        self.socket = socket.socket(socket.AF_INET if place.tcp else socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(address)
        self.say(encode(Hello(card.token if token is None else token)))
        self._file = self.socket.makefile("rb")

    def say(self, *lines: bytes) -> None:
        self.socket.sendall(b"".join(lines))

    def hear(self) -> Reply | None:
        """Return the next reply; None when the engine has hung up."""
        try:
            line = self._file.readline()
        except ConnectionError:
            return None
        return decode_reply(line) if line else None

    def hear_until(self, kind: type[object]) -> object:
        while (reply := self.hear()) is not None:
            if isinstance(reply, kind):
                return reply
        raise AssertionError(f"the engine hung up before any {kind.__name__}")

    async def is_dropped(self) -> None:
        def read_to_the_end() -> None:
            while self.hear() is not None:
                pass

        await asyncio.to_thread(read_to_the_end)
        self.socket.close()


def pid_of(engine: Engine) -> int:
    assert engine.pid is not None
    return engine.pid


@pytest.mark.parametrize("tcp", [pytest.param(False, marks=pytest.mark.skipif(not UNIX, reason="")), True])
async def test_two_apps_share_one_process_and_it_ends_with_the_last(
    load: Load, tmp_path: Path, tcp: bool
) -> None:
    endpoint = Endpoint(tmp_path / "run", tcp=tcp)
    first, second = (Engine(load, tmp_path / f"{n}.log", facts_of, endpoint=endpoint) for n in "ab")
    await first.start()
    assert not first.shared
    seen: list[float] = []
    await second.start(seen.append)
    pid = pid_of(first)
    assert second.pid == pid
    assert second.shared
    assert second.loaded is not None
    assert first.loaded == msgspec.structs.replace(second.loaded, warm=False)
    pong = await first.ask_pong()
    assert pong is not None
    assert pong.clients == 2
    assert first.shared
    both = await asyncio.gather(*(hear(e, request(user("hello"), max_tokens=30)) for e in (first, second)))
    assert both[0].text == both[1].text
    await first.close()
    assert first.pid is None
    assert (await hear(second, request(user("more")))).finished.finish_reason != "failed"
    assert second.pid == pid
    await second.close()
    await until(lambda: has_ended(pid))
    assert not list((tmp_path / "run").glob("*.sock"))
    assert not list((tmp_path / "run").glob("*.json"))


async def test_what_one_app_left_in_the_cache_is_there_for_another(make: Make) -> None:
    first, second = make(), make()
    await first.start()
    assert not first.warm
    await hear(first, request(user("hello world"), max_tokens=4))
    await second.start()
    assert second.warm
    done = (await hear(second, request(user("hello world"), max_tokens=4))).finished
    assert done.prefilled_tokens == 1


async def test_apps_that_start_at_once_find_each_other(make: Make) -> None:
    engines = [make() for _ in range(3)]
    await asyncio.gather(*(engine.start() for engine in engines))
    assert len({pid_of(engine) for engine in engines}) == 1


@posix
async def test_engine_outlives_the_app_that_started_it(load: Load, endpoint: Endpoint, make: Make) -> None:
    app = """
        import asyncio, sys
        from pathlib import Path
        import msgspec
        from slmtui.engine.client import Engine
        from slmtui.engine.endpoint import Endpoint
        from slmtui.engine.protocol import Load

        async def main():
            load = msgspec.json.decode(sys.argv[1], type=Load)
            log, endpoint = Path(sys.argv[2]), Endpoint(Path(sys.argv[3]))
            engine = Engine(load, log, lambda loaded: None, endpoint=endpoint)
            await engine.start()
            print(engine.pid, flush=True)
            await asyncio.sleep(600)

        asyncio.run(main())
        """
    log = endpoint.folder.parent / "app.log"
    command = [sys.executable, "-c", textwrap.dedent(app), msgspec.json.encode(load).decode(), str(log)]
    with subprocess.Popen([*command, str(endpoint.folder)], stdout=subprocess.PIPE) as process:  # noqa: ASYNC220
        assert process.stdout is not None
        pid = int(await asyncio.to_thread(process.stdout.readline))
        engine = make()
        await engine.start()
        assert engine.pid == pid
        assert os.getsid(pid) != os.getsid(process.pid)
        process.kill()
    heard = await hear(engine, request(user("x")))
    assert heard.finished.finish_reason != "failed"
    assert engine.pid == pid
    await engine.close()
    await until(lambda: has_ended(pid))


@posix
async def test_death_of_a_shared_engine_costs_each_app_one_call(make: Make) -> None:
    first, second = make(), make()
    await first.start()
    await second.start()
    pid = pid_of(first)

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta):
            os.kill(pid, signal.SIGKILL)

    asked = [request(user("x"), max_tokens=1500) for _ in range(2)]
    heard = await asyncio.gather(hear(first, asked[0], None, on_event), hear(second, asked[1]))
    assert [h.finished.finish_reason for h in heard] == ["failed"] * 2
    assert "SIGKILL" in heard[0].finished.error
    assert "another app" in heard[1].finished.error
    assert "engine-0.log" in heard[1].finished.error
    # The socket of the dead one is still there; whoever comes next cleans up, and the other joins.
    after = [await hear(engine, request(user("x"))) for engine in (second, first)]
    assert all(h.finished.finish_reason != "failed" for h in after)
    assert first.pid == second.pid != pid


async def test_events_and_cancelling_are_of_the_owner_alone(
    load: Load, endpoint: Endpoint, make: Make
) -> None:
    engine = make()
    await engine.start()
    stream = engine.stream(request(user("x"), max_tokens=1900, turn="mine"), asyncio.Event())
    first = await anext(stream)
    raw = Raw(endpoint.place(load))
    raw.say(encode(Cancel(first.call)), encode(EndTurn("mine")))
    answer = raw.hear_until(TurnEnded)
    assert answer == TurnEnded("mine", 0.0)
    rest = [event async for event in stream]
    assert sum(len(e.times) for e in (first, *rest) if isinstance(e, TextDelta)) > 1000
    cpu = await engine.end_turn("mine")
    assert cpu is not None
    assert cpu > 0
    raw.socket.close()


async def test_id_in_use_drops_the_one_who_came_second(load: Load, endpoint: Endpoint, make: Make) -> None:
    engine = make()
    await engine.start()
    asked = request(user("x"), max_tokens=1900, turn="mine")
    stream = engine.stream(asked, asyncio.Event())
    await anext(stream)
    for stolen in (asked, request(user("y"), turn="mine")):
        raw = Raw(endpoint.place(load))
        raw.say(encode(Generate(stolen)))
        await raw.is_dropped()
    assert len([event async for event in stream]) > 1


async def test_client_that_leaves_takes_its_calls_along(load: Load, endpoint: Endpoint, make: Make) -> None:
    engine = make()
    await engine.start()
    before = await engine.ask_pong()
    raw = Raw(endpoint.place(load))
    raw.say(encode(Generate(request(user("x"), max_tokens=1900, turn="t"))))
    await asyncio.to_thread(raw.hear_until, CallEventLine)
    raw.socket.shutdown(socket.SHUT_RDWR)
    raw.socket.close()

    async def is_idle() -> bool:
        pong = await engine.ask_pong()
        return pong is not None and not pong.busy and pong.clients == 1

    await until(is_idle)
    after = await engine.ask_pong()
    assert before is not None
    assert after is not None
    assert after.steps - before.steps < 1500


@pytest.mark.parametrize(
    "line",
    [
        b"what?\n",
        b"{}\n",
        b'{"type":"Generate","request":{}}\n',
        b'{"type":"Load","path":"/etc/passwd"}\n',
        b"\xff\xfe\x00\n",
        b"[" * 5000 + b"\n",
    ],
)
async def test_nonsense_drops_its_author_alone(
    load: Load, endpoint: Endpoint, make: Make, line: bytes
) -> None:
    engine = make()
    await engine.start()
    raw = Raw(endpoint.place(load))
    assert isinstance(await asyncio.to_thread(raw.hear), Loaded)
    raw.say(line)
    await raw.is_dropped()
    assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"


@pytest.mark.parametrize("tcp", [pytest.param(False, marks=pytest.mark.skipif(not UNIX, reason="")), True])
async def test_nobody_comes_in_without_the_token(load: Load, tmp_path: Path, tcp: bool) -> None:
    endpoint = Endpoint(tmp_path / "run", tcp=tcp)
    engine = Engine(load, tmp_path / "log", facts_of, endpoint=endpoint)
    await engine.start()
    place = endpoint.place(load)
    for token in ("", "0" * 64, "é" * 32):
        raw = Raw(place, token)
        assert await asyncio.to_thread(raw.hear) is None
        raw.socket.close()
    pong = await engine.ask_pong()
    assert pong is not None
    assert pong.clients == 1
    await engine.close()


@posix
async def test_everything_in_the_folder_is_for_its_user_alone(
    load: Load, endpoint: Endpoint, make: Make
) -> None:
    await make().start()
    place = endpoint.place(load)
    modes = {path.suffix: path.lstat().st_mode & 0o777 for path in endpoint.folder.iterdir()}
    assert modes == {".lock": 0o600, ".sock": 0o600, ".json": 0o600}
    assert endpoint.folder.stat().st_mode & 0o777 == 0o700
    card = place.read_card()
    assert card is not None
    assert len(bytes.fromhex(card.token)) == 32


@posix
async def test_folder_that_others_may_enter_is_not_used(
    load: Load, endpoint: Endpoint, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.folder.mkdir(mode=0o755)
    endpoint.folder.chmod(0o755)
    engine = make()
    await engine.start()
    await engine.close()
    await engine.start()
    assert [r.message for r in caplog.records if "not shared" in r.message] == [
        f"the engine is not shared with other apps: {endpoint.folder} is open to other users; "
        "`chmod 700` closes it"
    ]
    assert not list(endpoint.folder.iterdir())


async def test_progress_and_threads_of_an_engine_that_another_app_started(
    load: Load, endpoint: Endpoint, tmp_path: Path
) -> None:
    async with ScriptedEngine(endpoint.place(load)) as scripted:
        loaded = Loaded(0, 2048, Threads(8, 8), 0, "0", "", 0.0)
        scripted.greeting = [encode(reply) for reply in (Loading(0.25), Loading(1.0), loaded)]
        engine, seen = Engine(load, tmp_path / "log", facts_of, endpoint=endpoint), []
        await engine.start(seen.append)
        assert seen == [0.25, 1.0]
        assert engine.facts.n_threads == 8
        scripted.say(encode(ThreadsChanged(Threads(3, 4), ())))
        await until(lambda: engine.facts.n_threads == 3)
        assert engine.loaded == msgspec.structs.replace(loaded, threads=Threads(3, 4))
        await engine.close()


async def test_engine_that_takes_no_more_apps_is_left_for_an_own_one(
    load: Load, endpoint: Endpoint, tmp_path: Path
) -> None:
    async with ScriptedEngine(endpoint.place(load)) as scripted:
        scripted.greeting = [b"not of the protocol\n"]
        engine = Engine(load, tmp_path / "log", facts_of, endpoint=endpoint)
        await engine.start()
        assert engine.pid not in {None, os.getpid()}
        await engine.close()


async def test_pong_of_one_app_does_not_show_another_ones_turns(make: Make) -> None:
    first, second = make(), make()
    await first.start()
    await second.start()
    await hear(first, request(user("x"), turn="first"))
    await hear(second, request(user("x"), turn="second"))
    pongs = [await engine.ask_pong() for engine in (first, second)]
    assert [list(p.cpu_s) for p in pongs if isinstance(p, Pong)] == [["first"], ["second"]]
