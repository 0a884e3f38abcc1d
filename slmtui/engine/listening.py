"""The engine's socket: who may come in, and cleaning up after an engine that was killed."""

import contextlib
import hmac
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from slmtui.engine.endpoint import LOOPBACK, Card, Place, may_talk, peer_of
from slmtui.engine.protocol import Hello, decode_command

TOKEN_BYTES = 32
HELLO_S = 5.0
_HELLO_LIMIT = 1024
_COMING = 8
"""So many may be at the door at once."""


def take_lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock until it is closed; None when another process holds it.

    Raises `OSError` when the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _lock(descriptor: int) -> None:
    """Lock without waiting. Raises `OSError` when another process has it. The kernel frees it at death."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is none elsewhere

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - there is none on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Listener:
    """Lets further apps in at one place. It holds the lock of the place while it is open."""

    def __init__(self, place: Place, lock: int, listening: socket.socket, token: str) -> None:
        self._place = place
        self._lock = lock
        self._listening = listening
        self._token = token
        self._coming = threading.BoundedSemaphore(_COMING)
        self._closing = threading.Lock()
        self._closed = False

    def serve(self, welcome: Callable[[socket.socket], None]) -> None:
        """Begin to accept, in a thread; `welcome` gets each connection that has shown the token."""
        threading.Thread(target=self._accept, args=(welcome,), name="listener", daemon=True).start()

    def close(self) -> None:
        """Take the socket away and free the place for another engine. Safe from any thread."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._place.clear()
        with contextlib.suppress(OSError):  # wakes the thread that accepts; not everywhere, nor needed
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        os.close(self._lock)

    def _accept(self, welcome: Callable[[socket.socket], None]) -> None:
        while not self._closed:
            try:
                connected, _address = self._listening.accept()
            except OSError as error:
                if not self._closed:
                    sys.stderr.write(f"no further app can come in: {error}\n")
                    self.close()
                return
            if not self._coming.acquire(blocking=False):
                connected.close()
                continue
            threading.Thread(target=self._check, args=(connected, welcome), name="door", daemon=True).start()

    def _check(self, connected: socket.socket, welcome: Callable[[socket.socket], None]) -> None:
        try:
            known = may_talk(peer_of(connected)) and self._is_right(_hello(connected))
        except (OSError, msgspec.MsgspecError):
            known = False
        finally:
            self._coming.release()
        if known:
            connected.settimeout(None)
            welcome(connected)
        else:
            sys.stderr.write("a connection was refused: it did not show the token\n")
            connected.close()

    def _is_right(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())


def _hello(connected: socket.socket) -> str:
    """Return the token of the first line, and read not a byte beyond it."""
    connected.settimeout(HELLO_S)
    line = bytearray()
    while len(line) < _HELLO_LIMIT and (byte := connected.recv(1)) not in {b"", b"\n"}:
        line += byte
    command = decode_command(bytes(line))
    return command.token if isinstance(command, Hello) else ""


def open_listener(place: Place, log: Path) -> Listener | None:
    """Listen at a place; None when another engine does. What a killed engine left there is removed.

    Raises `OSError` when the system does not let it.
    """
    lock = take_lock(place.lock)
    if lock is None:
        return None
    try:
        place.clear()
        listening = _bind(place)
    except OSError:
        os.close(lock)
        raise
    token = secrets.token_hex(TOKEN_BYTES)
    listener = Listener(place, lock, listening, token)
    port = listening.getsockname()[1] if place.tcp else 0
    try:
        listening.listen()
        place.write_card(Card(token, os.getpid(), port, str(log)))
    except OSError:
        listener.close()
        raise
    return listener


def _bind(place: Place) -> socket.socket:
    """Return a socket that is bound and does not listen yet, so that nobody comes before its mode is set."""
    family = socket.AF_INET if place.tcp else socket.AF_UNIX
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if place.tcp:
            listening.bind((LOOPBACK, 0))
        else:
            listening.bind(str(place.socket.absolute()))
            place.socket.chmod(0o600)
    except OSError:
        with contextlib.suppress(OSError):
            listening.close()
        raise
    return listening
