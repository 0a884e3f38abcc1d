"""The app's end of the engine: starts the child process, streams calls, and replaces it when it dies."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import msgspec

from agents.events import CallFinished, EngineFacts, TextDelta
from agents.model import CallEvent, Request
from slmtui.engine.protocol import (
    CallEventLine,
    Cancel,
    Command,
    Generate,
    Load,
    Loaded,
    LoadFailed,
    Loading,
    Quit,
    decode_reply,
    encode,
    event_of,
)

_LINE_LIMIT = 64 * 1024 * 1024
_CLOSE_S = 2.0


class EngineError(Exception):
    """The engine cannot start; the text says why, for the user."""


class Engine:
    """llama.cpp in a child process, with one model. Implements `agents.model.Model`.

    `facts_of` turns what the child says about the loaded model into what a turn records.
    """

    def __init__(
        self,
        command: Load,
        log: Path,
        facts_of: Callable[[Loaded], EngineFacts],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = command
        self._log = log
        self._facts_of = facts_of
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self._calls: dict[str, asyncio.Queue[CallEvent | None]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._progress: Callable[[float], None] = lambda _fraction: None
        self._loaded: asyncio.Future[Loaded] | None = None
        self._facts: EngineFacts | None = None
        self._starting = asyncio.Lock()
        self._death = ""
        self.loaded: Loaded | None = None
        self.warm = False

    @property
    def facts(self) -> EngineFacts:
        """What a turn on this engine records about it. Only after `start`."""
        if self._facts is None:
            raise EngineError("the engine has not started")
        return self._facts

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self, progress: Callable[[float], None] = lambda _fraction: None) -> None:
        """Start the child and load the model; nothing when it runs. Raises `EngineError`."""
        async with self._starting:
            if self.pid is not None:
                return
            self._progress = progress
            self._loaded = asyncio.get_running_loop().create_future()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "slmtui.engine.worker", str(self._log),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
                limit=_LINE_LIMIT,
            )  # fmt: skip
            self.warm = False
            self._reader = asyncio.create_task(self._read(self._process), name="engine reader")
            self._send(self._command)
            try:
                loaded = await self._loaded
            except EngineError:
                await self._reader
                raise
            # It reads the whole model file when it meets it for the first time.
            self._facts = await asyncio.to_thread(self._facts_of, loaded)
            self.loaded = loaded

    async def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        """Run one call; see `agents.model.Model.stream`."""
        try:
            await self.start()
        except EngineError as error:
            yield self._failed(request, 0, str(error))
            return
        events: asyncio.Queue[CallEvent | None] = asyncio.Queue()
        self._calls[request.call] = events
        self._send(Generate(request))
        watcher = asyncio.create_task(self._cancel_on(stop, request.call))
        output = 0
        finished = False
        try:
            while not finished:
                event = await events.get()
                if event is None:
                    event = self._failed(request, output, self._death)
                if isinstance(event, TextDelta):
                    output += len(event.times)
                finished = isinstance(event, CallFinished)
                yield event
        finally:
            watcher.cancel()
            del self._calls[request.call]
            if not finished:  # nobody is listening any more
                self._send(Cancel(request.call))
        self.warm = True

    async def close(self) -> None:
        """End the child: politely, then by force."""
        if self._process is None or self._reader is None:
            return
        self._send(Quit())
        try:
            await asyncio.wait_for(asyncio.shield(self._reader), _CLOSE_S)
        except TimeoutError:
            self._process.kill()
            await self._reader

    async def _cancel_on(self, stop: asyncio.Event, call: str) -> None:
        await stop.wait()
        self._send(Cancel(call))

    def _send(self, command: Command) -> None:
        if self._process and self._process.stdin and self.pid is not None:
            with contextlib.suppress(ConnectionError, RuntimeError):  # the reader sees the end
                self._process.stdin.write(encode(command))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with contextlib.suppress(msgspec.MsgspecError, ValueError):  # a line cut off by a crash
            async for line in process.stdout:
                self._take(decode_reply(line))
        if process.stdin:
            process.stdin.close()
        # Its end is waited for first: killing a child that has just died would lose its exit status.
        try:
            code = await asyncio.wait_for(process.wait(), _CLOSE_S)
        except TimeoutError:
            process.kill()
            code = await process.wait()
        self._died(code)

    def _take(self, reply: Any) -> None:
        match reply:
            case CallEventLine():
                events = self._calls.get(reply.call)
                if events is not None:
                    events.put_nowait(event_of(reply))
            case Loading(progress):
                self._progress(progress)
            case Loaded() if self._loaded and not self._loaded.done():
                self._loaded.set_result(reply)
            case LoadFailed(error) if self._loaded and not self._loaded.done():
                self._loaded.set_exception(EngineError(error))

    def _died(self, code: int) -> None:
        self._death = (
            f"The engine stopped ({_reason(code)}). The next prompt starts it again. Log: {self._log}"
        )
        if self._loaded and not self._loaded.done():
            self._loaded.set_exception(
                EngineError(f"The engine stopped while loading ({_reason(code)}). Log: {self._log}")
            )
        for events in self._calls.values():
            events.put_nowait(None)

    def _failed(self, request: Request, output: int, error: str) -> CallFinished:
        """Return the account of a call that the child could not give: what was seen of it here."""
        return CallFinished(
            t=self._clock() - request.started,
            call=request.call,
            agent=request.agent,
            purpose=request.purpose,
            finish_reason="failed",
            prompt_tokens=0,
            reused_tokens=0,
            prefilled_tokens=0,
            avoidable_tokens=0,
            output_tokens=output,
            origins=(),
            queue_s=0.0,
            template_s=0.0,
            prefill_s=0.0,
            ttft_s=None,
            decode_s=0.0,
            sampling_s=0.0,
            grammar_s=0.0,
            context_used=0,
            context_size=self.loaded.context if self.loaded else 0,
            kv_bytes=0,
            error=error,
        )


def _environment() -> dict[str, str]:
    """Return the child's environment. These must be there before llama.cpp's library loads."""
    return {
        # Without it, a crash attaches a debugger and waits.
        "GGML_NO_BACKTRACE": "1",
        # A short spin costs a few per cent alone, and keeps a busy neighbour from stopping decoding.
        "GOMP_SPINCOUNT": "1000",
        **os.environ,
    }


def _reason(code: int) -> str:
    """Return an exit status in words."""
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
