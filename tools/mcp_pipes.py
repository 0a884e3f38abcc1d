"""The pipes of an MCP server: it is started, read and written to, and stopped with all its children.

The SDK's own transport keeps a line of any length and takes messages without number. Here a server that
floods, or writes what is no message, is ended. Needs the optional part `mcp`.
"""

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import anyio.lowlevel
import psutil
from anyio.abc import ByteReceiveStream, Process
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import JSONRPCRequest
from mcp.client import Transport
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp.types import jsonrpc_message_adapter

MAX_LINE = 4 * 2**20
MAX_MESSAGES = 10_000
MAX_NOISE = 200
GRACE_SECONDS = 1.0
_LAST_WORDS = 2000
_POLL_SECONDS = 0.01

_GONE = (
    anyio.EndOfStream,
    anyio.IncompleteRead,
    anyio.ClosedResourceError,
    anyio.BrokenResourceError,
    OSError,
)
Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started; `env` is added to the few variables that every server gets."""

    command: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Watch:
    """What is seen of a running server: why and when it `ended`, and how many messages and noise it wrote.

    `stopping` says that we ended it ourselves.
    """

    ended: anyio.Event = field(default_factory=anyio.Event)
    stopping: bool = False
    reason: str = ""
    messages: int = 0
    noise: int = 0
    stderr: bytes = b""

    def end(self, reason: str) -> None:
        """Note why the connection ends; the first reason stays."""
        if not self.stopping:
            self.reason = self.reason or reason
        self.ended.set()

    @property
    def last_words(self) -> str:
        """The last line that the server wrote to its standard error."""
        lines = self.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


@asynccontextmanager
async def server_pipes(launch: Launch, watch: Watch) -> AsyncGenerator[Streams]:
    """Start a server and yield the streams of its messages. Raises `OSError` where it cannot be started."""
    process = await anyio.open_process(
        [shutil.which(launch.command) or launch.command, *launch.args],
        env=get_default_environment() | dict(launch.env),
        start_new_session=True,
    )
    heard, reading = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    writing, said = anyio.create_memory_object_stream[SessionMessage](0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_read, process, heard, watch)
        tasks.start_soon(_write, process, said, watch)
        tasks.start_soon(_listen, process.stderr, watch)
        try:
            yield reading, writing
        finally:
            watch.stopping = True
            with anyio.CancelScope(shield=True):
                await _stop(process)
            tasks.cancel_scope.cancel()
            for stream in (heard, reading, writing, said):
                stream.close()


def transport(launch: Launch, watch: Watch) -> Transport:
    """Return the pipes as the SDK's client takes them."""
    return server_pipes(launch, watch)


async def _read(
    process: Process, heard: MemoryObjectSendStream[SessionMessage | Exception], watch: Watch
) -> None:
    assert process.stdout is not None
    lines = BufferedByteReceiveStream(process.stdout)
    try:
        while not watch.ended.is_set():
            line = await lines.receive_until(b"\n", MAX_LINE)
            message = _message(line)
            watch.messages, watch.noise = watch.messages + 1, watch.noise + (message is None)
            if watch.messages > MAX_MESSAGES or watch.noise > MAX_NOISE:
                watch.end("it floods its output")
            elif message is not None:
                await heard.send(message)
    except anyio.DelimiterNotFound:
        watch.end("it floods its output")
    except _GONE:
        watch.end("it ended")
    finally:
        heard.close()


def _message(line: bytes) -> SessionMessage | None:
    """Return a line as a message; None for noise, such as what a server logs to the wrong place."""
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError:
        return None


async def _write(process: Process, said: MemoryObjectReceiveStream[SessionMessage], watch: Watch) -> None:
    assert process.stdin is not None
    with contextlib.suppress(*_GONE):
        async for each in said:
            if isinstance(each.message, JSONRPCRequest):
                watch.messages = 0
            text = each.message.model_dump_json(by_alias=True, exclude_unset=True)
            await process.stdin.send(text.encode() + b"\n")


async def _listen(stderr: ByteReceiveStream | None, watch: Watch) -> None:
    assert stderr is not None
    with contextlib.suppress(*_GONE):
        while True:
            watch.stderr = (watch.stderr + await stderr.receive())[-_LAST_WORDS:]


async def _stop(process: Process) -> None:
    """Close the server's input, which asks it to end; then end it, and whatever it has started."""
    children = _children(process.pid)
    if process.stdin is not None:
        with contextlib.suppress(*_GONE):
            await process.stdin.aclose()
    if not await _has_ended(process):
        _signal(process, children, "SIGTERM")
        await _has_ended(process)
    _signal(process, children, "SIGKILL")
    await _has_ended(process)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(*_GONE):
                await stream.aclose()
    # Where a pipe is held open by somebody else, asyncio's transport stays open and complains at the end.
    inner = getattr(getattr(process, "_process", None), "_transport", None)
    if inner is not None:
        inner.close()
        await anyio.lowlevel.checkpoint()


async def _has_ended(process: Process) -> bool:
    """Wait for the end, not for that of the pipes: a child may have inherited them."""
    with anyio.move_on_after(GRACE_SECONDS):
        while process.returncode is None:  # noqa: ASYNC110 - nothing tells without waiting for the pipes
            await anyio.sleep(_POLL_SECONDS)
    return process.returncode is not None


def _children(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []


def _signal(process: Process, children: list[psutil.Process], name: str) -> None:
    """Send a signal to the server and its children: the group that it was started in, and those it left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform != "win32":
            os.killpg(process.pid, getattr(signal, name))
        elif process.returncode is None:
            process.kill()
    for child in children:
        with contextlib.suppress(psutil.Error):
            child.terminate() if name == "SIGTERM" else child.kill()
