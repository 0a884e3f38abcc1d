"""What has been asked over one link and is not answered yet. All of it is answered when the link ends."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from agents.model import CallEvent
from slmtui.engine.protocol import (
    CallEventLine,
    Command,
    EndTurn,
    Ping,
    Pong,
    Reply,
    RestoreState,
    SaveState,
    StateDone,
    TurnEnded,
    event_of,
)

GONE = "the engine is not running"

T = TypeVar("T")


class Exchange:
    """Matches answers to questions. `send` writes a command to the engine."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        self.calls: dict[str, asyncio.Queue[CallEvent | None]] = {}
        self.pong: Pong | None = None
        self.send = send
        self._pings: deque[asyncio.Future[Pong | None]] = deque()
        self._turns: dict[str, asyncio.Future[float | None]] = {}
        self._states: dict[str, asyncio.Future[StateDone]] = {}
        self.ended = False

    def ping(self) -> "asyncio.Future[Pong | None]":
        """Ask for a sign of life; None when the link ends before it comes."""
        answer: asyncio.Future[Pong | None] = asyncio.get_running_loop().create_future()
        if self.ended:
            answer.set_result(None)
        else:
            self._pings.append(answer)
            self.send(Ping())
        return answer

    async def end_turn(self, turn: str) -> float | None:
        """End a turn and return the seconds of CPU it took; None when the link ends first."""
        if self.ended:
            return None
        answer = self._turns.get(turn)
        if answer is None:
            answer = self._turns[turn] = asyncio.get_running_loop().create_future()
            self.send(EndTurn(turn))
        return await asyncio.shield(answer)

    async def state(self, command: SaveState | RestoreState) -> StateDone:
        """Save or restore a state; `error` says why not."""
        if self.ended:
            return StateDone(command.id, error=GONE)
        answer: asyncio.Future[StateDone] = asyncio.get_running_loop().create_future()
        self._states[command.id] = answer
        self.send(command)
        return await answer

    def take(self, reply: Reply) -> None:
        """Hand an answer to whoever waits for it; nobody may be there any more."""
        match reply:
            case CallEventLine(call):
                events = self.calls.get(call)
                if events is not None:
                    events.put_nowait(event_of(reply))
            case Pong():
                self.pong = reply
                if self._pings:
                    _answer(self._pings.popleft(), reply)
            case TurnEnded(turn, cpu_s):
                _answer(self._turns.pop(turn, None), cpu_s)
            case StateDone(name):
                _answer(self._states.pop(name, None), reply)

    def end(self) -> None:
        """Answer everything with nothing: calls with None."""
        self.ended = True
        for events in self.calls.values():
            events.put_nowait(None)
        for ping in self._pings:
            _answer(ping, None)
        for turn in self._turns.values():
            _answer(turn, None)
        for name, state in self._states.items():
            _answer(state, StateDone(name, error=GONE))
        self._pings.clear()
        self._turns.clear()
        self._states.clear()


def _answer(waiting: "asyncio.Future[T] | None", value: T) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(value)
