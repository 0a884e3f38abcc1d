"""Where apps meet a shared engine: a private folder with, for each engine, a lock, a socket and a card.

A key names everything that makes two engines the same, so an app finds no other than the one that it
would have started itself.
"""

import contextlib
import hashlib
import os
import socket
import stat
import struct
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

from slmtui.engine.protocol import PROTOCOL, Load, Threads

LOOPBACK = "127.0.0.1"

ELSEWHERE = 75
"""The exit status of an engine that found another one at its place: turn to that one."""

_SOCKET_PATH_LIMIT = 100  # the systems' own limits are 104 and 108 bytes


class EndpointError(Exception):
    """The engine cannot be shared; the text says why."""


class Card(msgspec.Struct, frozen=True):
    """What a listening engine leaves beside its socket, for its user's eyes alone.

    `port` is 0 where the socket is a Unix one; `log` is the file that the engine's log goes to.
    """

    token: str
    pid: int
    port: int
    log: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the engine with one key is met. `tcp` says that the socket is one of the loopback's."""

    folder: Path
    key: str
    tcp: bool

    @property
    def lock(self) -> Path:
        """The file that the listening engine holds locked; it stays when the engine goes."""
        return self.folder / f"{self.key}.lock"

    @property
    def socket(self) -> Path:
        """The Unix socket."""
        return self.folder / f"{self.key}.sock"

    @property
    def card(self) -> Path:
        """The file of the `Card`; it is there when the engine listens."""
        return self.folder / f"{self.key}.json"

    def read_card(self) -> Card | None:
        """Return the card of the engine that listens here, or None."""
        try:
            return msgspec.json.decode(self.card.read_bytes(), type=Card)
        except (OSError, msgspec.MsgspecError):
            return None

    def write_card(self, card: Card) -> None:
        """Put the card in its place, whole, readable by its user alone. Raises `OSError`."""
        new = self.card.with_suffix(".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(card))
        new.replace(self.card)

    def clear(self) -> None:
        """Remove the socket and the card. Only the holder of the lock may do so."""
        for path in (self.card, self.socket):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A folder where engines are met. `tcp` asks for TCP even where there are Unix sockets."""

    folder: Path
    tcp: bool = False

    def place(self, load: Load) -> Place:
        """Return where the engine for `load` is met, making the folder. Raises `EndpointError`."""
        prepare(self.folder)
        key = key_of(load)
        unix = Place(self.folder, key, tcp=False)
        fits = len(os.fsencode(unix.socket.absolute())) < _SOCKET_PATH_LIMIT
        if self.tcp or not fits or not hasattr(socket, "AF_UNIX"):
            return Place(self.folder, key, tcp=True)
        return unix


def key_of(load: Load) -> str:
    """Return 20 hexadecimal digits: what is loaded, from which files as they are now, and by whom."""
    digest = hashlib.blake2b(digest_size=10)
    threads = load.threads
    # Threads that were measured are no wish: an app that knows of them meets one that does not yet.
    wished = Threads(threads.decode, threads.batch) if threads.decode and not threads.speed else Threads()
    digest.update(msgspec.json.encode(msgspec.structs.replace(load, threads=wished)))
    for path in (load.path, load.template, *(lora.path for lora in load.lora)):
        digest.update(_stamp(path))
    digest.update(f"{metadata.version('llama-cpp-python')} {PROTOCOL}".encode())
    return digest.hexdigest()


def _stamp(path: str) -> bytes:
    """Return size and age of a file: the engine holds what it was when it was loaded."""
    try:
        found = Path(path).stat()
    except OSError:
        return b"-;"
    return f"{found.st_size} {found.st_mtime_ns};".encode()


def prepare(folder: Path) -> None:
    """Make the folder, for its user alone. Raises `EndpointError` when others own it or may enter it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise EndpointError(f"{folder} cannot be used: {error.strerror or error}") from error
    if not stat.S_ISDIR(found.st_mode):
        raise EndpointError(f"{folder} is not a folder of its own")
    if sys.platform == "win32":  # it lies in the user's profile, which others cannot enter
        return
    if found.st_uid != os.geteuid():
        raise EndpointError(f"{folder} belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise EndpointError(f"{folder} is open to other users; `chmod 700` closes it")


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end of a Unix socket, and its user."""

    pid: int
    uid: int


def peer_of(connected: socket.socket) -> Peer | None:
    """Return who is at the other end; None where the system cannot tell."""
    if sys.platform != "linux" or connected.family != socket.AF_UNIX:
        return None
    layout = "3i"  # struct ucred: pid, uid, gid
    found = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(layout))
    pid, uid, _gid = struct.unpack(layout, found)
    return Peer(pid, uid)


def may_talk(peer: Peer | None) -> bool:
    """Whether the process at the other end is this user's, as far as can be told."""
    return peer is None or sys.platform == "win32" or peer.uid == os.geteuid()
