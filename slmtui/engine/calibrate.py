"""How many threads decode fastest on this machine with this model: measured, as no rule can tell it.

Decoding is bound by memory and waits for its slowest thread; reading a batch is bound by arithmetic.
So the two are chosen apart. Only the engine's child process imports this module.
"""

from collections import deque
from collections.abc import Callable, Sequence
from operator import attrgetter
from statistics import median
from typing import Protocol

from slmtui.engine.defaults import allowed_cores, physical_cores
from slmtui.engine.native import Row
from slmtui.engine.protocol import Threads, ThreadSpeed

WORTH = 1.03
"""More threads must be this much faster: they take cores from the screen and from other programs."""
STEPS = 16
PREFILL_S = 1.5
CANDIDATE_S = 3.0

WINDOW = 32
SLOW = 0.5
COOL_DOWN = 512
MOST_PATIENCE = 32

_SMALLEST_PREFILL = 8
_LEAST_SHARE = 16
_SHORTEST_S = 1e-9


class CalibrationError(Exception):
    """llama.cpp did not decode what was to be timed; the text says its status."""


class Measured(Protocol):
    """What is timed: `slmtui.engine.native.NativeContext`."""

    batch_size: int
    size: int

    def set_threads(self, decode: int, batch: int) -> None:
        """Use so many threads from the next batch on."""
        ...

    def decode(self, rows: Sequence[Row]) -> int:
        """Decode a batch; 0 for done."""
        ...

    def cut(self, sequence: int, position: int) -> bool:
        """Remove a sequence's cells from a position on."""
        ...


def candidates(allowed: int, physical: int) -> list[int]:
    """Return the numbers of threads to try, growing: powers of two, and the edges of what there is.

    One thread fewer than the cores leaves room for a neighbour. `allowed` logical cores beyond the
    `physical` ones are tried too. Many cores begin higher, since one of them would take too long.
    """
    cores = max(1, min(allowed, physical))
    numbers = {cores, max(1, cores - 1), max(cores, min(allowed, 2 * cores))}
    threads = max(1, cores // _LEAST_SHARE)
    while threads < cores:
        numbers.add(threads)
        threads *= 2
    return sorted(numbers)


def sweep(
    measure: Callable[[int], ThreadSpeed], numbers: Sequence[int]
) -> tuple[Threads, tuple[ThreadSpeed, ...]]:
    """Measure numbers of threads, growing, until both speeds have fallen twice; return the best and all.

    Fewer threads win unless more are `WORTH` it.
    """
    speeds: list[ThreadSpeed] = []
    for threads in numbers:
        speeds.append(measure(threads))
        if _past_best(speeds):
            break
    decode, batch = _best(speeds, _decoding), _best(speeds, _reading)
    reason = _reason(decode, batch, speeds)
    return Threads(decode.threads, batch.threads, reason, decode.decode), tuple(speeds)


def calibrate(
    context: Measured, clock: Callable[[], float], sequence: int = 0
) -> tuple[Threads, tuple[ThreadSpeed, ...]]:
    """Find the threads for a context, set them on it, and return them with what was measured.

    `sequence` must be empty, and is left so. Raises `CalibrationError`; then the threads are to be set.
    """
    numbers = candidates(allowed_cores(), physical_cores())
    threads, speeds = sweep(lambda number: measure_on(context, number, clock, sequence), numbers)
    context.set_threads(threads.decode, threads.batch)
    return threads, speeds


def measure_on(context: Measured, threads: int, clock: Callable[[], float], sequence: int = 0) -> ThreadSpeed:
    """Time one batch of prefill and then `STEPS` decode steps, on an empty sequence that is left empty.

    A large model is given a part of a batch and fewer steps, to end within about `CANDIDATE_S` seconds.
    Raises `CalibrationError`, when a cancelled call has stopped it too.
    """
    context.set_threads(threads, threads)
    ends = clock() + CANDIDATE_S
    try:
        # The first step wakes the threads and touches every weight; it also tells how long a batch may take.
        first = _timed(context, clock, sequence, 0, 1)
        room = min(context.batch_size, context.size - STEPS - 1)
        batch = max(1, min(room, max(_SMALLEST_PREFILL, int(2 * PREFILL_S / first))))
        prefill = _timed(context, clock, sequence, 1, batch)
        steps: list[float] = []
        while len(steps) < STEPS and (not steps or clock() < ends):
            steps.append(_timed(context, clock, sequence, 1 + batch + len(steps), 1))
    finally:
        context.cut(sequence, 0)
    return ThreadSpeed(threads, decode=1 / median(steps), prefill=batch / prefill)


def _timed(context: Measured, clock: Callable[[], float], sequence: int, start: int, count: int) -> float:
    """Decode `count` rows from position `start`, and return the seconds that it took."""
    # Every vocabulary has these tokens, and they differ, so that a mixture of experts uses all of its own.
    rows = [
        Row(position * 37 % 256, position, sequence, logits=position == start + count - 1)
        for position in range(start, start + count)
    ]
    begun = clock()
    status = context.decode(rows)
    if status:
        raise CalibrationError(f"llama.cpp could not decode {count} rows (status {status})")
    return max(_SHORTEST_S, clock() - begun)


_decoding: Callable[[ThreadSpeed], float] = attrgetter("decode")
_reading: Callable[[ThreadSpeed], float] = attrgetter("prefill")


def _past_best(speeds: list[ThreadSpeed]) -> bool:
    """Whether the last two measured were both slower than one before, in decoding and in reading."""
    if len(speeds) < 3:
        return False
    *earlier, one, two = speeds
    return all(
        max(kind(one), kind(two)) < max(kind(speed) for speed in earlier) for kind in (_decoding, _reading)
    )


def _best(speeds: Sequence[ThreadSpeed], kind: Callable[[ThreadSpeed], float]) -> ThreadSpeed:
    best = speeds[0]
    for speed in speeds[1:]:
        if kind(speed) >= kind(best) * WORTH:
            best = speed
    return best


def _reason(decode: ThreadSpeed, batch: ThreadSpeed, speeds: Sequence[ThreadSpeed]) -> str:
    number = f"{decode.threads} thread{'s' if decode.threads > 1 else ''}"
    reason = f"{number}: {_rate(decode.decode)} tok/s decoding{_against(decode, speeds, _decoding)}"
    if batch.threads == decode.threads:
        return reason
    rate = f"{_rate(batch.prefill)} tok/s{_against(batch, speeds, _reading)}"
    return f"{reason}; {batch.threads} to read prompts: {rate}"


def _against(chosen: ThreadSpeed, speeds: Sequence[ThreadSpeed], kind: Callable[[ThreadSpeed], float]) -> str:
    """Return the best of the others in words."""
    others = [speed for speed in speeds if speed.threads != chosen.threads]
    if not others:
        return ""
    rival = max(others, key=kind)
    return f", against {_rate(kind(rival))} with {rival.threads}"


def _rate(tokens_per_second: float) -> str:
    return f"{tokens_per_second:.0f}" if tokens_per_second >= 10 else f"{tokens_per_second:.1f}"


class SpeedWatch:
    """Notices that decoding has become slow, as when a busy neighbour takes a core from its barrier.

    `decode` is the calibrated speed of one sequence, in tokens a second; 0 lets it learn from its first
    window. `depth_cost` is what a token of context adds to a step, as a share of an empty one: bytes of
    KV cache a token over the bytes of the weights. It counts steps, and reads no clock.
    """

    def __init__(self, decode: float = 0.0, *, depth_cost: float = 0.0, cool_down: int = COOL_DOWN) -> None:
        self._step_s = 1 / decode if decode > 0 else 0.0
        self._depth_cost = depth_cost
        self._cool_down = self._pause = cool_down
        self._resting = 0
        self._steps: deque[float] = deque(maxlen=WINDOW)
        self.slow = False

    def add(self, seconds: float, depth: int = 0) -> None:
        """Take in a step with a single row, at `depth` tokens of context; then look at `slow`."""
        self._steps.append(seconds / (1 + depth * self._depth_cost))
        self._resting = max(0, self._resting - 1)
        if len(self._steps) < WINDOW:
            return
        usual = median(self._steps)
        if not self._step_s:
            self._step_s = max(_SHORTEST_S, usual)
        is_slow = usual * SLOW >= self._step_s
        if not is_slow:
            self._pause = self._cool_down
        self.slow = is_slow and not self._resting

    def measured(self, decode: float) -> None:
        """Begin again after the threads were measured at `decode` tokens a second.

        The best speed ever measured stays the standard, so that a machine that is free again is found
        out. Each measurement that did not help doubles the steps until the next.
        """
        if decode > 0:
            self._step_s = min(self._step_s or 1 / decode, 1 / decode)
        self._steps.clear()
        self.slow = False
        self._resting = self._pause
        self._pause = min(2 * self._pause, MOST_PATIENCE * self._cool_down)
