"""The sides of the engine's benchmark: our engine through its client, and opponents in child processes."""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from agents.budget import Limits
from agents.events import CallFinished, EngineFacts, Event, PrefillProgress, TextDelta
from agents.message import Message, Sampling
from agents.model import CallEvent, Model, Request
from agents.paradigms import PARADIGMS
from agents.turn import Turn
from slmtui.engine.client import Engine
from slmtui.engine.link import environment
from slmtui.engine.protocol import Load, Loaded, Threads
from tools.registry import Toolbox
from tools.toolbox import standard_tools

GREEDY = Sampling(temperature=0.0)
CONTEXT = 8192
_ids = itertools.count()


def new_id() -> str:
    """Return an id that no other call of this run has."""
    return f"bench-{next(_ids)}"


@dataclass(frozen=True)
class Where:
    """What a run is made with: a folder for logs, threads, and rounds to take medians over."""

    folder: Path
    threads: int
    rounds: int


def _facts(loaded: Loaded) -> EngineFacts:
    return EngineFacts("bench", "", "", "", 0, loaded.context, loaded.threads.decode, 0, "", "", "")


@asynccontextmanager
async def engine_on(model: Path, where: Where, **options: Any) -> AsyncIterator[Engine]:
    """Run an engine of our own on a model."""
    threads = Threads(where.threads, where.threads, "the benchmark's")
    load = Load(str(model), threads=threads, context=options.pop("context", CONTEXT), **options)
    engine = Engine(load, where.folder / f"{new_id()}.log", _facts)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


class Opponent:
    """A child process that answers JSON lines, with the environment that our own engine gets."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, line: str) -> dict[str, Any]:
        """Send a line and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line.encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("an opponent ended; its log says why")
        return dict(json.loads(answer))


@asynccontextmanager
async def opponent(where: Where, *command: str, python: str = sys.executable) -> AsyncIterator[Opponent]:
    """Run an opponent: a Python command that reads and writes JSON lines."""
    with (where.folder / f"{new_id()}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            python, *command,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            env=environment(), limit=2**24,
        )  # fmt: skip
        try:
            yield Opponent(process)
        finally:
            process.kill()
            await process.wait()


@dataclass
class Heard:
    """What came back from one call, and when: seconds on this process's monotonic clock."""

    begun: float
    events: list[CallEvent] = field(default_factory=list)
    first: float | None = None
    ended: float = 0.0

    @property
    def done(self) -> CallFinished:
        """The account of the call."""
        last = self.events[-1]
        assert isinstance(last, CallFinished)
        if last.finish_reason == "failed":
            raise RuntimeError(last.error)
        return last

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def tok_s(self) -> float:
        """Tokens a second behind the first, as they came in here."""
        assert self.first is not None
        return (self.done.output_tokens - 1) / (self.ended - self.first)

    @property
    def token_times(self) -> list[float]:
        """The moments of the tokens on the engine's clock."""
        return [t for e in self.events if isinstance(e, TextDelta) for t in e.times]


async def call(
    model: Model,
    messages: Sequence[Message],
    *,
    max_tokens: int,
    stop_on_prefill: bool = False,
    **options: Any,
) -> Heard:
    """Make one call; with `stop_on_prefill` it is stopped when the first part of its prompt is read.

    Then `first` is the moment of stopping.
    """
    options.setdefault("sampling", GREEDY)
    request = Request(
        call=new_id(), agent="bench", purpose="answer", messages=tuple(messages), max_tokens=max_tokens,
        started=time.monotonic(), **options,
    )  # fmt: skip
    stop = asyncio.Event()
    heard = Heard(time.monotonic())
    async for event in model.stream(request, stop):
        now = time.monotonic()
        if stop_on_prefill and isinstance(event, PrefillProgress) and not stop.is_set():
            heard.first = now
            stop.set()
        if isinstance(event, TextDelta) and heard.first is None:
            heard.first = now
        heard.events.append(event)
        heard.ended = now
    return heard


@dataclass
class TurnRun:
    """A turn that was run: its events, the requests that it made, and its wall time in seconds."""

    events: list[Event]
    requests: list[Request]
    wall_s: float

    @property
    def calls(self) -> list[CallFinished]:
        """The accounts of its calls."""
        return [e for e in self.events if isinstance(e, CallFinished)]

    @property
    def answer(self) -> str:
        """What its last call wrote."""
        last = self.requests[-1].call
        return "".join(e.text for e in self.events if isinstance(e, TextDelta) and e.call == last)


class _Recorded:
    """A model that keeps the requests made of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.requests: list[Request] = []
        self.facts = engine.facts

    def stream(self, request: Request, stop: asyncio.Event) -> Any:
        """Run one call."""
        self.requests.append(request)
        return self._engine.stream(request, stop)


async def run_turn(
    engine: Engine, paradigm: str, prompt: str, history: tuple[Message, ...] = (), max_tokens: int = 128
) -> TurnRun:
    """Answer a prompt under a paradigm, greedily, with the standard tools."""
    toolbox = Toolbox(standard_tools(now=lambda: datetime(2026, 1, 2), notes=None))
    started = time.monotonic()
    turn = Turn(
        prompt, history, GREEDY, Limits(max_tokens=max_tokens), time.monotonic, started, new_id, id=new_id()
    )
    model = _Recorded(engine)
    events = [event async for event in PARADIGMS[paradigm].run(turn, model, toolbox)]
    wall = time.monotonic() - started
    await engine.end_turn(turn.id)
    return TurnRun(events, model.requests, wall)


def after(history: tuple[Message, ...], prompt: str, answer: str) -> tuple[Message, ...]:
    """Return a conversation with one more turn, as the store gives it back."""
    group = len(history) // 2 + 1
    return (
        *history,
        Message("user", prompt, "history", group),
        Message("assistant", answer, "history", group),
    )


def as_line(request: Request) -> str:
    """Return a request as the opponents read it."""
    return json.dumps(
        {
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_tokens": request.max_tokens,
            "grammar": request.grammar,
            "temperature": request.sampling.temperature,
        }
    )


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
