"""The apps that one engine serves: who is there, what is said to them, and whose a call or a turn is."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from agents.model import Request
from slmtui.engine.channel import Channel, Stream
from slmtui.engine.protocol import Command, Loaded, LoadFailed, Loading, Reply, decode_command, encode

WAITING_LIMIT = 16 * 1024 * 1024
"""Bytes that may wait for a client that does not read; then it is dropped."""

CLIENTS_LIMIT = 64
_FLUSH_S = 2.0

Status = Loading | Loaded | LoadFailed


class NotTheirsError(ValueError):
    """A client used an id that is another's, or is in use: it is dropped."""


@dataclass(eq=False)
class Client:
    """One app. `calls` has the turn of each of its calls. The decoding thread alone changes them."""

    name: str
    calls: dict[str, str] = field(default_factory=dict)
    turns: set[str] = field(default_factory=set)
    gone: bool = False
    channel: Channel = field(init=False)

    def send(self, reply: Reply) -> None:
        """Have a reply written; never waits."""
        self.channel.send(encode(reply))


@dataclass(frozen=True, slots=True)
class Left:
    """In the queue of commands: the client has gone, and sends no more."""


class Clients:
    """Every client, in step with the state of the model.

    `take` gets what a client says, in the client's reading thread, and at the end `Left`. `on_empty`
    is called when the last client has gone; nobody is let in from then on. `warm` says whether the
    engine holds sequences now.
    """

    def __init__(
        self,
        take: Callable[[Client, Command | Left], None],
        on_empty: Callable[[], None],
        warm: Callable[[], bool],
    ) -> None:
        self._take = take
        self._warm = warm
        self._on_empty = on_empty
        self._lock = threading.RLock()
        self._here: list[Client] = []
        self._status: Status = Loading(0.0)
        self._names = 0
        self._ended = False
        self._owners: dict[str, Client] = {}

    @property
    def count(self) -> int:
        """How many are there."""
        return len(self._here)

    def join(self, stream: Stream) -> Client | None:
        """Let a client in and tell it where the model stands; None when it comes too late or is too many."""
        with self._lock:
            if self._ended or len(self._here) >= CLIENTS_LIMIT:
                stream.abort()
                stream.close()
                return None
            self._names += 1
            client = Client(f"client {self._names}")
            client.channel = Channel(
                stream,
                on_lines=lambda lines: self._hear(client, lines),
                on_end=lambda reason: self._left(client, reason),
                waiting_limit=WAITING_LIMIT,
                name=client.name,
            )
            self._here.append(client)
            status = self._status
            if isinstance(status, Loaded):
                status = msgspec.structs.replace(status, warm=self._warm())
            client.send(status)
        client.channel.start()
        return client

    def announce(self, status: Status) -> None:
        """Tell all clients, and those who come later, where the model stands."""
        with self._lock:
            self._status = status
            for client in list(self._here):
                client.send(status)

    def change(self, loaded: Loaded) -> None:
        """Tell clients who come later what has become of the loaded model."""
        with self._lock:
            self._status = loaded

    def tell(self, reply: Reply) -> None:
        """Tell all clients who are there."""
        with self._lock:
            for client in list(self._here):
                client.send(reply)

    def drop(self, client: Client, reason: str) -> None:
        """End one client at once."""
        client.channel.abort(reason)

    def end(self) -> None:
        """Let nobody in any more, write what waits for those who are there, and let them see the end."""
        with self._lock:
            self._ended = True
            here = list(self._here)
        for client in here:
            client.channel.finish()
        for client in here:
            client.channel.flush(_FLUSH_S)

    # Calls and turns: by the decoding thread alone.

    def own(self, client: Client, request: Request) -> None:
        """Note whose a call is. Raises `NotTheirsError` when its id, or its turn's, is in use by another."""
        if request.call in self._owners:
            raise NotTheirsError(f"the id {request.call!r} of a call is in use")
        if any(request.turn in other.turns for other in self._here if other is not client):
            raise NotTheirsError(f"the turn {request.turn!r} is another client's")
        self._owners[request.call] = client
        client.calls[request.call] = request.turn
        if request.turn:
            client.turns.add(request.turn)

    def owner(self, call: str) -> Client | None:
        """Return whose a running call is."""
        return self._owners.get(call)

    def disown(self, call: str) -> None:
        """Forget a call that has ended."""
        client = self._owners.pop(call, None)
        if client is not None:
            client.calls.pop(call, None)

    def _hear(self, client: Client, lines: list[bytes]) -> None:
        for line in lines:
            if not client.gone:
                self._take(client, decode_command(line))

    def _left(self, client: Client, reason: str) -> None:
        with self._lock:
            client.gone = True
            self._here.remove(client)
            ended, self._ended = self._ended, self._ended or not self._here
            empty = self._ended and not ended
        if reason:
            sys.stderr.write(f"{client.name} was dropped: {reason}\n")
        self._take(client, Left())
        if empty:
            self._on_empty()
