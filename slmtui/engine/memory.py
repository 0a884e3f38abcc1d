"""The KV cache as calls see it: leases carried out on llama.cpp's memory, idle sequences parked, states kept.

llama.cpp computes attention over every cell up to the last one in use, whoever's it is: with idle
sequences left in the cache, decoding slows down with all that is remembered. So what is idle while a
call runs is parked, its state copied out and read in again when a prompt begins with it. That takes
milliseconds for what would take seconds to prefill.
"""

from slmtui.engine.native import NativeContext
from slmtui.engine.sequences import Lease, Sequence, SequencePool, User

_FAR = 512
"""Cells: what a call goes on from is moved down when it lies so far above what is in use."""


class Memory:
    """The pool of sequences and the native memory that they stand for, kept in step.

    `spare` is a sequence outside of the pool that is empty between calls of its methods. Parked states
    take at most `limit` bytes; what is needed least goes first.
    """

    def __init__(
        self, context: NativeContext, sequences: int, *, can_cut: bool, window: int, limit: int
    ) -> None:
        self.pool = SequencePool(sequences, can_cut=can_cut)
        self._context = context
        self._window = window
        self._limit = limit
        self._states: dict[int, bytes] = {}
        self._high = 0  # no cell above this one has been in use since the cache was empty
        self.spare = sequences

    def acquire(self, prompt: list[int], user: User, *, cold: bool) -> Lease | None:
        """Lease a sequence for a prompt, with what it reuses in place; None when all are in use.

        A cold lease empties the cache first, so that not even the cells' places are left to chance.
        """
        self.park_idle(keep=None if cold else self._to_extend(prompt))
        if cold:
            self.clear_all()
        lease = self.pool.acquire(prompt, user, cold=cold)
        if lease is None or self._carry_out(lease):
            return lease
        # A model that cannot be cut back, or one without room to read the state in, begins from nothing.
        self.clear(lease.sequence)
        return Lease(lease.sequence, None, 0, lease.avoidable + lease.reused, whole=False)

    def _to_extend(self, prompt: list[int]) -> Sequence | None:
        """Return the idle sequence that a prompt goes on from where it lies; not one that lies far up."""
        best, length = self.pool.match(prompt[:-1])
        if best is None or best.busy or not best.resident or length < self.pool.length(best):
            return None
        return best if self.pool.busy or self._high <= 2 * length + _FAR else None

    def grown(self) -> None:
        """Note that sequences were extended."""
        self._high = max(self._high, self.pool.cells)

    def _carry_out(self, lease: Lease) -> bool:
        target, source = lease.sequence.id, lease.source
        if source is None:
            return self._cut_back(target, lease.reused)
        self._context.cut(target, 0)
        if not source.resident:
            return self._read_in(lease, source)
        if lease.whole:
            self._context.copy_whole(source.id, target)
            return True
        self._context.copy(source.id, target, lease.reused)
        return self._cut_back(target, lease.reused)

    def _read_in(self, lease: Lease, source: Sequence) -> bool:
        """Read a parked state into the leased sequence; one that is extended whole is not parked any more."""
        target = lease.sequence.id
        if not self._set_state(target, self._states[source.id]):
            self._drop(source)
            return False
        if not lease.whole:
            done = self._cut_back(target, lease.reused)
        else:
            done = True
            if self.pool.can_cut:
                self._drop(source)
        if done and lease.neighbour is not None and not self._window:
            # What a busy neighbour has in the cache too is shared with it, and need not be there twice.
            self._context.cut(target, 0, lease.in_common)
            self._context.copy(lease.neighbour.id, target, lease.in_common)
        return done

    def _set_state(self, sequence: int, state: bytes) -> bool:
        """Read a state into an empty sequence, idle ones making room; False where that is not possible."""
        while not self._context.set_state(sequence, state):
            self._context.cut(sequence, 0)
            if not self._park_one():
                return False
        return True

    def _cut_back(self, sequence: int, length: int) -> bool:
        """Cut a sequence; False where what must stay is not there, as behind a sliding window."""
        if not self._context.cut(sequence, length):
            return False
        # With nothing left inside the window, the first position is -1 however long the rest is.
        return not length or 0 <= self._context.first_position(sequence) <= max(0, length - self._window)

    def park_idle(self, keep: Sequence | None = None) -> None:
        """Move everything that no call uses out of the cache, but for one to keep."""
        while self._park_one(keep):
            pass

    def _park_one(self, keep: Sequence | None = None) -> bool:
        """Park the idle sequence that is needed least; False when there is none."""
        sequence = next((s for s in self.pool.idle if s is not keep), None)
        if sequence is None:
            return False
        # What is parked can be cut to less, but for layers with a window, which hold the end alone.
        if not self._window and self.pool.is_parked(sequence):
            self.pool.clear(sequence)
        else:
            parked = self.pool.park(sequence)
            self._states[parked.id] = self._context.state(sequence.id)
            self._keep_within_limit()
        self._context.cut(sequence.id, 0)
        if not self.pool.cells:
            self._high = 0
        return True

    def _keep_within_limit(self) -> None:
        total = sum(map(len, self._states.values()))
        for sequence in self.pool.parked:
            if total <= self._limit:
                return
            total -= len(self._states[sequence.id])
            self._drop(sequence)

    def _drop(self, parked: Sequence) -> None:
        if self._states.pop(parked.id, None) is not None:
            self.pool.clear(parked)

    def checkpoint(self, sequence: Sequence) -> None:
        """Keep what a sequence holds now in an idle one, for models whose sequences cannot be cut back."""
        copy = self.pool.copy_of(sequence)
        if copy is not None:
            self._context.cut(copy.id, 0)
            self._context.copy_whole(sequence.id, copy.id)

    def clear(self, sequence: Sequence) -> None:
        """Empty a resident sequence."""
        self._context.cut(sequence.id, 0)
        self.pool.clear(sequence)

    def clear_all(self) -> None:
        """Empty the cache, as after loading; what is parked stays."""
        self._high = 0
        self._context.clear()
        self.pool.clear_all()

    def undo(self, sequence: Sequence) -> bool:
        """Remove what an interrupted batch may have left; False when the sequence had to be emptied."""
        if self._context.cut(sequence.id, self.pool.length(sequence)):
            return True
        self.clear(sequence)
        return False

    def make_room(self) -> bool:
        """Park the idle sequence that is needed least; False when there is none."""
        return self._park_one()

    def export(self, prompt: list[int]) -> tuple[list[int], bytes] | None:
        """Return what is held of a prompt: its tokens and llama.cpp's state of them; None for nothing."""
        source, length = self.pool.match(prompt)
        if source is None:
            return None
        if not source.resident and length == self.pool.length(source):
            return prompt[:length], self._states[source.id]
        if source.resident:
            self._context.copy_whole(source.id, self.spare)
        elif not self._set_state(self.spare, self._states[source.id]):
            return None
        try:
            if length < self.pool.length(source) and not self._cut_back(self.spare, length):
                return None
            return prompt[:length], self._context.state(self.spare)
        finally:
            self._context.cut(self.spare, 0)

    def adopt(self, tokens: list[int], state: bytes) -> bool:
        """Take in an exported state, as parked; False where it cannot be read in, or there is no room."""
        readable = len(state) <= self._limit and self._set_state(self.spare, state)
        self._context.cut(self.spare, 0)
        if not readable:
            return False
        self._states[self.pool.parked_with(tokens).id] = state
        self._keep_within_limit()
        return True
