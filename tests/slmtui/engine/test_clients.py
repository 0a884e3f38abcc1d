import queue
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from slmtui.engine import clients as module
from slmtui.engine.channel import Connection
from slmtui.engine.clients import Client, Clients, Left, NotTheirsError
from slmtui.engine.protocol import (
    Command,
    Loaded,
    LoadFailed,
    Loading,
    Ping,
    Quit,
    Reply,
    Threads,
    ThreadsChanged,
    decode_reply,
    encode,
)
from tests.slmtui.engine.conftest import request, user

LOADED = Loaded(1, 2048, Threads(1, 1), 0, "0", "", 0.0)


@dataclass
class House:
    """Clients, and what they said."""

    warm: bool = False
    said: "queue.SimpleQueue[tuple[Client, Command | Left]]" = field(default_factory=queue.SimpleQueue)
    empty: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.apps: list[App] = []
        self.clients = Clients(lambda *said: self.said.put(said), self.empty.set, lambda: self.warm)

    def come(self) -> "tuple[Client, App]":
        here, there = socket.socketpair()
        client = self.clients.join(Connection(here))
        assert client is not None
        self.apps.append(App(there))
        return client, self.apps[-1]

    def next(self) -> tuple[Client, Command | Left]:
        return self.said.get(timeout=30)


class App:
    """The other end of a client's socket."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(30)
        self.socket = connected
        self._file = connected.makefile("rb")

    def hear(self) -> Reply | None:
        line = self._file.readline()
        return decode_reply(line) if line else None

    def leave(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    for app in house.apps:
        app.leave()
    while house.clients.count:
        house.next()


def test_who_comes_while_the_model_loads_hears_how_far_it_is(house: House) -> None:
    _first, early = house.come()
    house.clients.announce(Loading(0.5))
    _second, late = house.come()
    house.clients.announce(Loading(1.0))
    house.clients.announce(LOADED)
    assert [early.hear() for _ in range(4)] == [Loading(0.0), Loading(0.5), Loading(1.0), LOADED]
    assert [late.hear() for _ in range(3)] == [Loading(0.5), Loading(1.0), LOADED]
    house.warm = True
    house.clients.change(Loaded(1, 2048, Threads(3, 3), 0, "0", "", 0.0))
    _third, last = house.come()
    assert last.hear() == Loaded(1, 2048, Threads(3, 3), 0, "0", "", 0.0, warm=True)


def test_house_is_empty_when_the_last_one_goes(house: House) -> None:
    (a, app), (b, other) = house.come(), house.come()
    app.leave()
    assert house.next() == (a, Left())
    assert not house.empty.is_set()
    other.leave()
    assert house.next() == (b, Left())
    assert house.empty.wait(30)
    here, there = socket.socketpair()
    assert house.clients.join(Connection(here)) is None
    assert there.recv(1) == b""
    there.close()


def test_who_does_not_read_is_dropped_and_the_others_hear_everything(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING_LIMIT", 100_000)
    (deaf, _deaf_app), (_client, app) = house.come(), house.come()
    assert app.hear() == Loading(0.0)
    news = ThreadsChanged(Threads(1, 1, "x" * 50_000), ())
    for _ in range(50):
        house.clients.tell(news)
        assert app.hear() == news
    assert house.next() == (deaf, Left())
    assert house.clients.count == 1


def test_each_line_is_taken_in_order_and_after_a_bad_one_none(house: House) -> None:
    client, app = house.come()
    app.socket.sendall(encode(Ping()) + encode(Quit()) + b"nonsense\n" + encode(Ping()))
    assert [house.next() for _ in range(3)] == [(client, Ping()), (client, Quit()), (client, Left())]
    assert house.said.empty()


def test_ids_belong_to_who_used_them_first(house: House) -> None:
    (a, _), (b, _) = house.come(), house.come()
    asked = request(user("x"), turn="t")
    house.clients.own(a, asked)
    for client, stolen in ((b, asked), (a, asked), (b, request(user("x"), turn="t"))):
        with pytest.raises(NotTheirsError):
            house.clients.own(client, stolen)
    house.clients.own(b, request(user("x")))
    house.clients.own(a, request(user("x")))
    assert house.clients.owner(asked.call) is a
    house.clients.disown(asked.call)
    assert house.clients.owner(asked.call) is None
    assert asked.call not in a.calls


def test_there_is_a_last_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLIENTS_LIMIT", 1)
    house.come()
    here, there = socket.socketpair()
    assert house.clients.join(Connection(here)) is None
    assert there.recv(1) == b""
    there.close()


def test_last_words_are_heard_by_all(house: House) -> None:
    apps = [house.come()[1] for _ in range(3)]
    house.clients.announce(LoadFailed("no"))
    house.clients.end()
    assert [[app.hear() for _ in range(3)] for app in apps] == [[Loading(0.0), LoadFailed("no"), None]] * 3
