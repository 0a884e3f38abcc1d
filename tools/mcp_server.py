"""An MCP server that the user named: started, asked for its tools, called, and started again when it died.

The SDK is asynchronous and tools are not, so every connection runs in a thread with an event loop of its
own: a server that hangs, floods or dies costs an error result, and nothing of the app waits for it.
Nothing of the optional part `mcp` is imported before a connection is made.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooLong
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tools.extras import missing_extra
from tools.mcp_result import result_text
from tools.plain_text import one_line
from tools.registry import ToolError

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import Tool as ListedTool

    from tools.mcp_pipes import Watch

START_SECONDS = 20.0
CLOSE_SECONDS = 5.0
MAX_TOOLS = 100
MAX_PAGES = 20
MAX_RESTARTS = 3
_SLACK_SECONDS = 1.0

T = TypeVar("T")


class McpError(Exception):
    """A server cannot be used; the text says what it did, without its name."""


class _HangsError(Exception):
    """A server did not answer in time."""


class _GoneError(Exception):
    """A server ended while it was called."""


def why_no_mcp() -> str | None:
    """Return why servers cannot be used, or None where they can."""
    return missing_extra("mcp", "mcp")


@dataclass(frozen=True, slots=True)
class McpCommand:
    """A server as the settings name it. `timeout` is in seconds, for one call."""

    name: str
    command: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0


class McpServer:
    """One server: `start` it, ask for its `listing`, `close` it at the end. Safe to call from threads."""

    def __init__(self, command: McpCommand, *, start_seconds: float = START_SECONDS) -> None:
        self.command = command
        self._start_seconds = start_seconds
        self._lock = threading.Lock()
        self._connection: _Connection | None = None
        self._restarts = 0
        self._closed = False

    def start(self) -> None:
        """Start the server without waiting for it."""
        with self._lock:
            if self._connection is None and not self._closed:
                self._connection = _Connection(self.command, self._start_seconds)

    def listing(self) -> "list[ListedTool]":
        """Return the tools of the server, once it has told them. Raises `McpError`."""
        self.start()
        connection = self._connection
        if connection is None:
            raise McpError("it was closed")
        return connection.listing()

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """Call a tool and return its result as text. Raises `ToolError`."""
        try:
            connection = self._living()
            return result_text(connection.call(tool, arguments))
        except _HangsError as error:
            self._drop()
            seconds = self.command.timeout
            raise ToolError(f"The server {self.command.name} did not answer within {seconds:g} s.") from error
        except McpError as error:
            raise ToolError(f"The server {self.command.name} failed: {error}.") from error

    def close(self) -> None:
        """End the server and its process, waiting a few seconds at most."""
        with self._lock:
            self._closed = True
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            connection.join(CLOSE_SECONDS)

    def close_soon(self) -> None:
        """Ask the server to end without waiting: `close` then waits for several at once."""
        if (connection := self._connection) is not None:
            connection.close()

    def _living(self) -> "_Connection":
        """Return a connection that lives, the third one at most after the first."""
        with self._lock:
            connection = self._connection
            if connection is not None and not connection.over:
                return connection
            if self._closed or self._restarts >= MAX_RESTARTS:
                raise McpError((connection.why if connection else "") or "it was closed")
            self._restarts += 1
            self._connection = connection = _Connection(self.command, self._start_seconds)
        connection.listing()
        return connection

    def _drop(self) -> None:
        """Give up on a server that hangs; the next call starts it again."""
        if (connection := self._connection) is not None:
            connection.close("it did not answer in time")


class _Connection:
    """One run of a server, in a thread of its own."""

    def __init__(self, command: McpCommand, start_seconds: float) -> None:
        self._command = command
        self._start_seconds = start_seconds
        self._listing: Future[list[ListedTool]] = Future()
        self._client: Client | None = None
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self.over = False
        self.why = ""
        self._thread = threading.Thread(target=self._run, name=f"mcp {command.name}", daemon=True)
        self._thread.start()

    def listing(self) -> "list[ListedTool]":
        """Return the tools, once they are there. Raises `McpError`."""
        try:
            return self._listing.result(self._start_seconds + CLOSE_SECONDS)
        except TooLong as error:
            self.close()
            raise McpError(f"it did not start within {self._start_seconds:g} s") from error

    def call(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """Return the result of a call. Raises `McpError` and `_HangsError`."""
        if self._client is None or self.over:
            raise McpError(self.why or "it has not started")
        try:
            return self._in_loop(_called(self._client, tool, arguments, self._command.timeout))
        except _GoneError as error:
            self.join(CLOSE_SECONDS)  # then it is known why
            raise McpError(self.why or "it ended") from error

    def close(self, why: str = "it was closed") -> None:
        """Ask the thread to end the server."""
        self.why = self.why or why
        self.over = True
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._closing.set)

    def join(self, seconds: float) -> None:
        """Wait for the end."""
        self._thread.join(seconds)

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something that runs in the connection's loop."""
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as error:
            work.close()
            raise _GoneError from error
        try:
            return future.result(self._command.timeout + _SLACK_SECONDS)
        except TooLong as error:
            future.cancel()
            raise _HangsError from error
        except CancelledError as error:
            raise _GoneError from error

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - whatever a server does ends here, in its own thread
            self.why = self.why or one_line(str(error), 200)
        finally:
            self.over = True
            if not self._listing.done():
                self._listing.set_exception(McpError(self.why or "it ended"))

    async def _serve(self) -> None:
        from tools.mcp_pipes import Watch  # noqa: PLC0415 - an optional part

        watch = Watch()
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._start_seconds):
                    client = await stack.enter_async_context(_client(self._command, watch))
                    tools = await _all_tools(client)
                self._client = client
                self._listing.set_result(tools)
                await _first(self._closing.wait(), watch.ended.wait())
                self.over = True
                self.why = self.why or _with_last_words(watch.reason, watch)
        except BaseException as error:  # noqa: BLE001 - told by whoever asks next
            self.why = self.why or _reason(error, watch, self._start_seconds)
        finally:
            self.over = True


def _client(command: McpCommand, watch: "Watch") -> "Client":
    from mcp import Client  # noqa: PLC0415 - an optional part

    from tools.mcp_pipes import Launch, transport  # noqa: PLC0415

    launch = Launch(command.command, command.args, command.env)
    return Client(transport(launch, watch), read_timeout_seconds=command.timeout, cache=None)


async def _all_tools(client: "Client") -> "list[ListedTool]":
    """Return the tools of every page, the first hundred at most."""
    tools: list[ListedTool] = []
    cursor = None
    for _ in range(MAX_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += page.tools
        cursor = page.next_cursor
        if cursor is None or len(tools) >= MAX_TOOLS:
            break
    return tools[:MAX_TOOLS]


async def _called(client: "Client", tool: str, arguments: Mapping[str, Any], seconds: float) -> Any:
    """Return the result of a call. Raises `McpError` for a refusal, `_HangsError` and `_GoneError`."""
    from mcp import MCPError  # noqa: PLC0415 - an optional part
    from mcp.types import CONNECTION_CLOSED, REQUEST_TIMEOUT  # noqa: PLC0415

    try:
        async with asyncio.timeout(seconds):
            return await client.call_tool(tool, dict(arguments))
    except TimeoutError as error:
        raise _HangsError from error
    except MCPError as error:
        if error.code == REQUEST_TIMEOUT:
            raise _HangsError from error
        if error.code == CONNECTION_CLOSED:
            raise _GoneError from error
        raise McpError(one_line(error.message, 200).rstrip(".")) from error
    except Exception as error:
        raise McpError(_said(error)) from error


async def _first(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _reason(error: BaseException, watch: "Watch", seconds: float) -> str:
    """Return why a server could not be started."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        noise = f", and wrote {watch.noise} lines that are no messages" if watch.noise else ""
        return _with_last_words(f"it did not answer within {seconds:g} s{noise}", watch)
    if isinstance(error, OSError):
        return f"it cannot be started ({error.strerror or error})"
    return _with_last_words(watch.reason or _said(error), watch)


def _said(error: BaseException) -> str:
    """Return what an error says, on one line; for an answer that is not understood, what was wrong first."""
    from pydantic import ValidationError  # noqa: PLC0415 - not needed before

    text = str(error)
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        text = f"it answered what the protocol does not allow ({place}: {first['msg']})"
    return one_line(text, 200).rstrip(".") or type(error).__name__


def _with_last_words(reason: str, watch: "Watch") -> str:
    words = one_line(watch.last_words, 200)
    return f"{reason}: {words}" if words else reason
