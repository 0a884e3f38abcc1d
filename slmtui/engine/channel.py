"""Lines both ways between two processes, over pipes or a socket: a thread that reads, a thread that writes.

Threads, not asyncio: the engine's process has no loop, and asyncio kills a child whose pipes it closes,
while ours may go on for another app.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from typing import Protocol

import msgspec

LINE_LIMIT = 64 * 1024 * 1024
"""No line is longer, in bytes."""

_CHUNK = 64 * 1024


class LineTooLongError(ValueError):
    """The other end wrote more than a line may hold."""


class LineSplitter:
    """Cuts what is read into lines, and keeps the beginning of the next one."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that `data` completes, without their ends. Raises `LineTooLongError`."""
        searched = len(self._rest)
        self._rest += data
        end = self._rest.rfind(b"\n", searched)
        lines: list[bytes] = []
        if end >= 0:
            lines = bytes(self._rest[:end]).split(b"\n")
            del self._rest[: end + 1]
        if len(self._rest) > self._limit or any(len(line) > self._limit for line in lines):
            raise LineTooLongError(f"a line of more than {self._limit} bytes")
        return lines


class Stream(Protocol):
    """Bytes both ways. One thread reads and ends reading, another writes and ends writing."""

    def read(self) -> bytes:
        """Wait for bytes; none at the end. Raises `OSError`."""
        ...

    def write(self, data: bytes) -> None:
        """Write all of `data`. Raises `OSError`."""
        ...

    def end_reading(self) -> None:
        """Say that nothing more will be read."""
        ...

    def end_writing(self) -> None:
        """Let the other end see the end."""
        ...

    def abort(self) -> None:
        """Wake whoever waits in `read` or `write`, where the system can. Safe from any thread."""
        ...

    def close(self) -> None:
        """Give back what is held, after both directions have ended."""
        ...


class Pipes:
    """Two pipes, by their descriptors, which it owns."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def read(self) -> bytes:
        """Wait for bytes."""
        return os.read(self._reading, _CHUNK)

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._writing, view) :]

    def end_reading(self) -> None:
        """Close the pipe that is read."""
        os.close(self._reading)

    def end_writing(self) -> None:
        """Close the pipe that is written."""
        os.close(self._writing)

    def abort(self) -> None:
        """Do nothing: a thread inside a pipe cannot be woken; it ends when the other end moves."""

    def close(self) -> None:
        """Do nothing: each direction was closed as it ended."""


class Connection:
    """A connected stream socket, which it owns."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def read(self) -> bytes:
        """Wait for bytes."""
        return self._socket.recv(_CHUNK)

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        self._socket.sendall(data)

    def end_reading(self) -> None:
        """Shut this direction down."""
        self._shut(socket.SHUT_RD)

    def end_writing(self) -> None:
        """Shut this direction down."""
        self._shut(socket.SHUT_WR)

    def abort(self) -> None:
        """Shut both directions down."""
        self._shut(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):  # the other end was faster
            self._socket.shutdown(how)


class Channel:
    """Sends and receives lines on a stream.

    `on_lines` gets complete lines in the reading thread; an error of msgspec or a `ValueError` that it
    raises ends the channel. `on_end` is called once, from any thread, with the reason, empty when the
    other end just closed. When more than `waiting_limit` bytes wait for an end that does not read, the
    channel is aborted, so that `send` never waits.
    """

    def __init__(
        self,
        stream: Stream,
        *,
        on_lines: Callable[[list[bytes]], None],
        on_end: Callable[[str], None],
        waiting_limit: int | None = None,
        name: str = "channel",
    ) -> None:
        self._stream = stream
        self._on_lines = on_lines
        self._on_end = on_end
        self._waiting_limit = waiting_limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._changed = threading.Condition()
        self._closing = False
        self._aborted = False
        self._reason = ""
        self._told = False
        self._threads_left = 2
        self._reader = threading.Thread(target=self._read, name=f"{name} reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name=f"{name} writer", daemon=True)

    def start(self) -> None:
        """Start both threads."""
        self._reader.start()
        self._writer.start()

    def send(self, line: bytes) -> None:
        """Have a line written; lost when the channel has ended. Safe from any thread."""
        with self._changed:
            if self._closing:
                return
            self._waiting.append(line)
            self._size += len(line)
            full = self._waiting_limit is not None and self._size > self._waiting_limit
            self._changed.notify()
        if full:
            self.abort("it does not read what is written to it")

    def finish(self) -> None:
        """Write what waits, and let the other end see the end; it may still write."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def abort(self, reason: str) -> None:
        """End at once in both directions."""
        with self._changed:
            self._closing = self._aborted = True
            self._reason = self._reason or reason  # the threads that wake up now do not know it
            self._waiting.clear()
            self._changed.notify()
        self._stream.abort()
        self._end()

    def flush(self, timeout: float) -> None:
        """Wait, after `finish`, until everything is written, for so many seconds at most."""
        self._writer.join(timeout)

    def _read(self) -> None:
        splitter = LineSplitter()
        reason = ""
        try:
            while (data := self._stream.read()) and not self._aborted:
                lines = splitter.feed(data)
                if lines:
                    self._on_lines(lines)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            reason = str(error) or type(error).__name__
        if reason:
            self.abort(reason)
        self.finish()
        with contextlib.suppress(OSError):
            self._stream.end_reading()
        self._end()
        self._one_less()

    def _write(self) -> None:
        reason = ""
        try:
            while data := self._next():
                self._stream.write(data)
        except OSError as error:
            reason = str(error)
        with contextlib.suppress(OSError):
            self._stream.end_writing()
        if reason:
            self.abort(reason)
        self._one_less()

    def _next(self) -> bytes:
        """Wait for lines and return all that wait, joined; nothing at the end."""
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            lines, self._waiting, self._size = self._waiting, [], 0
        return b"".join(lines)

    def _end(self) -> None:
        with self._changed:
            told, self._told = self._told, True
        if not told:
            self._on_end(self._reason)

    def _one_less(self) -> None:
        with self._changed:
            self._threads_left -= 1
            last = self._threads_left == 0
        if last:
            self._stream.close()
