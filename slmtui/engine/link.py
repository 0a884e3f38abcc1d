"""The app's way to an engine: the pipes of its own child, or a socket to one that another app started."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from slmtui.engine.channel import Channel, Connection, Pipes, Stream
from slmtui.engine.endpoint import LOOPBACK, Card, Place, may_talk, peer_of
from slmtui.engine.protocol import Command, Hello, Quit, encode

EXIT_S = 2.0
_CONNECT_S = 2.0


class Link:
    """A way to one engine. `on_lines` and `on_end` are called in the loop that was running at its start.

    `process` is the engine where it is our child, and `pid` its process id, where that is certain.
    """

    def __init__(
        self,
        stream: Stream,
        *,
        pid: int | None,
        log: str,
        process: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        self.pid = pid
        self.log = log
        self._process = process
        self._stream = stream
        self._channel: Channel | None = None

    @property
    def attached(self) -> bool:
        """Whether another app started this engine."""
        return self._process is None

    def open(self, on_lines: Callable[[list[bytes]], None], on_end: Callable[[], None]) -> None:
        """Begin to read and write."""
        loop = asyncio.get_running_loop()

        def in_loop(function: Callable[..., None], *args: object) -> None:
            with contextlib.suppress(RuntimeError):  # the app has ended before its engine did
                loop.call_soon_threadsafe(function, *args)

        self._channel = Channel(
            self._stream,
            on_lines=lambda lines: in_loop(on_lines, lines),
            on_end=lambda _reason: in_loop(on_end),
            name="engine",
        )
        self._channel.start()

    def send(self, command: Command) -> None:
        """Have a command written; lost when the engine has gone."""
        if self._channel is not None:
            self._channel.send(encode(command))

    def leave(self) -> None:
        """Say that nothing more will be asked. The engine ends when that was its last app."""
        self.send(Quit())
        if self._channel is not None:
            self._channel.finish()

    def kill(self) -> None:
        """End the engine's process by force, if it is known, and the link in any case."""
        if self._process is not None:
            self._process.kill()
            return
        if self.pid is not None and self.pid != os.getpid():
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        self.abandon()

    def abandon(self) -> None:
        """End the link from this side, whatever the engine does."""
        if self._channel is not None:
            self._channel.abort("left alone")

    async def exit_status(self) -> int | None:
        """Return how our child ended, once it has closed its pipes; None when it is not ours, or goes on."""
        if self._process is None:
            return None
        try:
            return await asyncio.to_thread(self._process.wait, EXIT_S)
        except subprocess.TimeoutExpired:
            self.let_go()
            return None

    def let_go(self) -> None:
        """Let our child go on for others. Somebody must wait for its end all the same."""
        if self._process is not None:
            threading.Thread(target=self._process.wait, name="engine reaper", daemon=True).start()


def spawn(log: Path, place: Place | None) -> Link:
    """Start an engine that lets others in at `place`. It outlives this app's terminal. Raises `OSError`."""
    where = [] if place is None else [str(place.folder), place.key, "tcp" if place.tcp else "unix"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "slmtui.engine.worker", str(log), *where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        bufsize=0,
        start_new_session=True,
        creationflags=_creation_flags(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    pipes = Pipes(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
    process.stdin.close()
    process.stdout.close()
    return Link(pipes, pid=process.pid, log=str(log), process=process)


def attach(place: Place) -> Link | None:
    """Connect to the engine at `place`; None when there is none. It has not agreed until it answers."""
    card = place.read_card()
    if card is None:
        return None
    connected = _connect(place, card)
    if connected is None:
        return None
    peer = peer_of(connected)
    if not may_talk(peer):
        connected.close()
        return None
    connected.settimeout(None)
    link = Link(Connection(connected), pid=(peer.pid or None) if peer else None, log=card.log)
    return link if _greet(connected, card.token) else None


def _greet(connected: socket.socket, token: str) -> bool:
    try:
        connected.sendall(encode(Hello(token)))
    except OSError:
        connected.close()
        return False
    return True


def _connect(place: Place, card: Card) -> socket.socket | None:
    connected = socket.socket(socket.AF_INET if place.tcp else socket.AF_UNIX, socket.SOCK_STREAM)
    connected.settimeout(_CONNECT_S)
    try:
        connected.connect((LOOPBACK, card.port) if place.tcp else str(place.socket.absolute()))
    except OSError:
        connected.close()
        return None
    return connected


def _creation_flags() -> int:
    """Return the flags that keep a child on Windows from the console and its ^C."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def environment() -> dict[str, str]:
    """Return the environment of an engine. These must be there before llama.cpp's library loads."""
    return {
        # Without it, a crash attaches a debugger and waits.
        "GGML_NO_BACKTRACE": "1",
        # A short spin costs a few per cent alone, and keeps a busy neighbour from stopping decoding.
        "GOMP_SPINCOUNT": "1000",
        **os.environ,
    }
