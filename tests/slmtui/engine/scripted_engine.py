"""An engine that is none: it listens where one would, and says what a test wants."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Any, Self

from slmtui.engine.endpoint import LOOPBACK, Card, Place
from slmtui.engine.protocol import Command, Hello, Ping, Pong, decode_command, encode

TOKEN = "t" * 64


class ScriptedEngine:
    """Sends `greeting` to whoever shows the token, then answers each command by `replies`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.greeting: list[bytes] = []
        self.commands: list[Command] = []
        self.writers: list[asyncio.StreamWriter] = []
        alive = encode(Pong(busy=False, steps=0, warm=False))
        self.replies: dict[type[Any], Callable[[Any], list[bytes]]] = {Ping: lambda _ping: [alive]}

    async def __aenter__(self) -> Self:
        if self.place.tcp:
            self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        else:
            self._server = await asyncio.start_unix_server(self._serve, str(self.place.socket))
        port = self._server.sockets[0].getsockname()[1] if self.place.tcp else 0
        self.place.write_card(Card(TOKEN, os.getpid(), port, "scripted.log"))
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for writer in self.writers:
            writer.close()
        self.place.clear()

    def heard(self, kind: type[Any]) -> list[Any]:
        return [command for command in self.commands if isinstance(command, kind)]

    def say(self, *lines: bytes) -> None:
        for writer in self.writers:
            writer.writelines(lines)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert decode_command(await reader.readline()) == Hello(TOKEN)
        self.writers.append(writer)
        writer.writelines(self.greeting)
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                command = decode_command(line)
                self.commands.append(command)
                writer.writelines(self.replies.get(type(command), lambda _command: [])(command))
        writer.close()
