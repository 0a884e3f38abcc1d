"""What one turn costs while it runs: the meter's readings, with the engines' account of its CPU time."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agents.events import Event, MeterRead
from slmtui.engine.client import Engine

METER_S = 0.5
"""The meters are read this often during a turn."""


class TurnMeter(Protocol):
    """Reads the engines' processes for one turn: memory, CPU and energy since its start."""

    def start(self, pids: Sequence[int]) -> None:
        """Begin the turn on these processes."""
        ...

    def read(self, t: float, cpu_s: float | None) -> MeterRead:
        """Return the readings `t` seconds into the turn.

        `cpu_s` is the engines' own account of the turn's CPU time; None where there is none.
        """
        ...

    def stop(self) -> None:
        """End the turn."""
        ...


@dataclass(slots=True)
class Bill:
    """Reads what the turn named `turn` has cost. `seconds` tells how long it has run."""

    engines: tuple[Engine, ...]
    turn: str
    seconds: Callable[[], float]
    meter: TurnMeter
    joules: float | None = None
    closed: bool = False
    _cpu_s: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        """Begin to count."""
        self.meter.start([engine.pid for engine in self.engines if engine.pid is not None])

    def read(self) -> MeterRead:
        """Read now, with the accounts as last heard, and ask for newer ones."""
        for n, engine in enumerate(self.engines):
            self._know(n, engine.cpu_s(self.turn))
            engine.ping()
        return self._read(sum(self._cpu_s.values()))

    async def close(self) -> MeterRead:
        """Read for the last time, with the exact accounts; without any, when the engine died too soon."""
        exact = [await engine.end_turn(self.turn) for engine in self.engines]
        self.closed = True
        for n, cpu_s in enumerate(exact):
            self._know(n, cpu_s)
        gone = exact[0] is None and not self._cpu_s.get(0)
        reading = self._read(None if gone else sum(self._cpu_s.values()))
        self.meter.stop()
        return reading

    def leave(self) -> None:
        """End the turn in the engines where nobody waits for its account."""
        self.meter.stop()
        if not self.closed:
            for engine in self.engines:
                engine.leave_turn(self.turn)

    async def metered(
        self, events: AsyncGenerator[Event, None], clock: Callable[[], float]
    ) -> AsyncGenerator[Event, None]:
        """Yield the events, and a reading of the meters every `METER_S` seconds between them."""
        read_at = clock()
        coming = asyncio.ensure_future(anext(events, None))
        try:
            while True:
                await asyncio.wait({coming}, timeout=METER_S)
                if coming.done():
                    event = coming.result()
                    if event is None:
                        return
                    yield event
                    coming = asyncio.ensure_future(anext(events, None))
                if clock() - read_at >= METER_S:
                    read_at = clock()
                    yield self.read()
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    def _read(self, cpu_s: float | None) -> MeterRead:
        reading = self.meter.read(self.seconds(), cpu_s)
        self.joules = None if reading.source == "none" else reading.joules
        return reading

    def _know(self, n: int, cpu_s: float | None) -> None:
        # An engine that was started anew in mid-turn knows less than the one that died.
        self._cpu_s[n] = max(self._cpu_s.get(n, 0.0), cpu_s or 0.0)
