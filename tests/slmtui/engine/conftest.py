import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from agents.events import CallFinished, EngineFacts, TextDelta
from agents.formats.spec import ToolSpec
from agents.message import Message, Purpose, Sampling
from agents.model import CallEvent, NamedSet, PurposeSwitch, Request
from slmtui.engine.client import Engine
from slmtui.engine.protocol import Load, Loaded, Threads
from tests.recurrent_models import write_hybrid, write_mamba

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
_ids = itertools.count()


def facts_of(loaded: Loaded) -> EngineFacts:
    return EngineFacts(
        "m", "", "", "", 0, loaded.context, loaded.threads.decode, loaded.gpu_layers, loaded.llama_cpp, "", ""
    )


def request(
    *messages: Message,
    max_tokens: int = 16,
    sampling: Sampling = GREEDY,
    grammar: str | None = None,
    switches: tuple[PurposeSwitch, ...] = (),
    purpose: Purpose = "answer",
    triggers: tuple[str, ...] = (),
    turn: str = "",
    then: tuple[str, ...] = (),
    cold: bool = False,
    logprobs: bool = False,
    named: NamedSet | None = None,
    tools: tuple[ToolSpec, ...] = (),
    thinking: bool | None = None,
) -> Request:
    return Request(
        f"call-{next(_ids)}",
        "agent",
        purpose,
        messages,
        sampling,
        max_tokens,
        time.monotonic(),
        grammar,
        switches,
        triggers,
        turn,
        then,
        cold,
        logprobs,
        named,
        tools,
        thinking,
    )


def user(text: str) -> Message:
    return Message("user", text, "user")


@dataclass
class Heard:
    """What came back from one call."""

    events: list[CallEvent] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.deltas)

    @property
    def deltas(self) -> list[TextDelta]:
        return [e for e in self.events if isinstance(e, TextDelta)]

    @property
    def logprobs(self) -> list[float]:
        return [p for e in self.deltas for p in e.logprobs]

    @property
    def finished(self) -> CallFinished:
        last = self.events[-1]
        assert isinstance(last, CallFinished)
        return last


async def hear(
    engine: Engine,
    asked: Request,
    stop: asyncio.Event | None = None,
    on_event: Callable[[CallEvent], None] = lambda _event: None,
) -> Heard:
    heard = Heard()
    async for event in engine.stream(asked, stop or asyncio.Event()):
        heard.events.append(event)
        on_event(event)
    return heard


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until something holds, which it must within half a minute."""
    async with asyncio.timeout(30):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.01)


def has_ended(pid: int) -> bool:
    """Whether a process has ended, though nobody may have waited for it yet."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="session")
def mamba_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mamba(tmp_path_factory.mktemp("models") / "mamba.gguf")


@pytest.fixture(scope="session")
def hybrid_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hybrid(tmp_path_factory.mktemp("models") / "hybrid.gguf")


@pytest.fixture
def make_engine(tmp_path: Path) -> Callable[[Load], Engine]:
    return lambda load: Engine(load, tmp_path / "engine.log", facts_of)


@pytest.fixture
async def engine(tiny_model: Path, make_engine: Callable[[Load], Engine]) -> AsyncIterator[Engine]:
    engine = make_engine(Load(str(tiny_model), threads=Threads(1, 1), batch=32, sequences=4))
    await engine.start()
    yield engine
    await engine.close()
