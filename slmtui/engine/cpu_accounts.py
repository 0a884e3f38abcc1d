"""The engine's CPU time by turn: a batch's time is split over the rows in it."""

from collections.abc import Callable

from slmtui.engine.batch import Batch


class CpuAccounts:
    """Adds up CPU seconds by turn. `clock` reads the CPU time of this process, all its threads together.

    What is spent between two charges (tokenizing, drawing) goes to the turns of the batch that ends it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._before = clock()
        self._turns: dict[str, float] = {}

    def start(self) -> None:
        """Begin to count after a pause: what was spent in it belongs to nobody."""
        self._before = self._clock()

    def charge(self, batch: Batch) -> None:
        """Split what was spent since the last charge over the rows of a batch."""
        now = self._clock()
        spent, self._before = now - self._before, now
        for share in batch.shares:
            turn = share.call.request.turn
            if turn:
                part = spent * len(share.tokens) / len(batch.rows)
                self._turns[turn] = self._turns.get(turn, 0.0) + part

    def by_turn(self) -> dict[str, float]:
        """Return the CPU seconds of every turn that has not ended. Safe from any thread."""
        return self._turns.copy()

    def end_turn(self, turn: str) -> float:
        """Return the CPU seconds of a turn, and forget it."""
        return self._turns.pop(turn, 0.0)
