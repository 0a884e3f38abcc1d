"""The meter of one turn: every reading counts from the turn's start."""

from collections.abc import Callable, Sequence

from agents.events import MeterRead
from slmtui.meters.energy import EnergyCount, EnergyMeter
from slmtui.meters.idle import Idle
from slmtui.meters.process import ProcessMeter, Resident, together


class Meter:
    """Reads the engines' processes and an energy meter for one turn.

    Nothing is read before `start`, so a meter for each turn costs nothing; turns at once share `energy`
    and `idle`.
    """

    def __init__(
        self, energy: EnergyMeter, idle: Idle, open_process: Callable[[int], ProcessMeter] = ProcessMeter
    ) -> None:
        self._energy = energy
        self._idle = idle
        self._open_process = open_process
        self._processes: tuple[ProcessMeter, ...] = ()
        self._count: EnergyCount | None = None
        self._cpu_before = 0.0
        self._peak = 0

    def start(self, pids: Sequence[int]) -> None:
        """Begin the turn on these processes; none when there is nothing to read."""
        self._idle.turn_began(self)
        self._processes = tuple(map(self._open_process, pids))
        memory, self._cpu_before = self._read_processes()
        self._peak = memory.total
        self._count = self._energy.begin()

    def read(self, t: float, cpu_s: float | None = None) -> MeterRead:
        """Return the readings `t` seconds into the turn. The peak is the most that any reading saw.

        `cpu_s` is the engine's own account of the CPU time spent on this turn since its start; without
        one the turn is taken to have had the process to itself.
        """
        memory, total = self._read_processes()
        engine = max(0.0, total - self._cpu_before)
        cpu = engine if cpu_s is None else cpu_s
        self._peak = max(self._peak, memory.total)
        count = self._count
        # The system counts CPU time in steps of 10 ms, so the process may seem to lag behind the account.
        joules = count.read(cpu, max(engine, cpu), t) if count else None
        told = count if joules is not None else None
        return MeterRead(
            t=t,
            rss_bytes=memory.total,
            peak_rss_bytes=self._peak,
            cpu_s=cpu,
            joules=joules,
            source=told.source if told else "none",
            scope=told.scope if told else "",
            idle_watts=self._idle.watts_of(told) if told else None,
            anon_bytes=memory.anon,
            file_bytes=memory.file,
        )

    def stop(self) -> None:
        """End the turn: what is drawn from now on until the next one is idle power."""
        self._idle.turn_ended(self)

    def _read_processes(self) -> tuple[Resident, float]:
        """Return the memory and the CPU seconds of all processes that still run."""
        readings = [process.read() for process in self._processes]
        return together([r.memory for r in readings if r.memory.total]), sum(r.cpu_s for r in readings)
