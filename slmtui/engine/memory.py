"""The KV cache as calls see it: leases carried out on llama.cpp's memory, room made, states kept."""

from slmtui.engine.native import NativeContext
from slmtui.engine.sequences import Lease, Sequence, SequencePool, User


class Memory:
    """The pool of sequences and the native memory that they stand for, kept in step.

    `spare` is a sequence outside of the pool that is empty between calls of its methods.
    """

    def __init__(self, context: NativeContext, sequences: int, *, can_cut: bool) -> None:
        self.pool = SequencePool(sequences, can_cut=can_cut)
        self._context = context
        self.spare = sequences

    def acquire(self, prompt: list[int], user: User, *, cold: bool) -> Lease | None:
        """Lease a sequence for a prompt, with what it reuses in place; None when all are busy.

        A cold lease empties the whole memory first, so that not even the cells' places are left to chance.
        """
        if cold:
            self.clear_all()
        lease = self.pool.acquire(prompt, user, cold=cold)
        if lease is None or self._carry_out(lease):
            return lease
        # A model that cannot be cut back begins from nothing.
        self.clear(lease.sequence)
        return Lease(lease.sequence, None, 0, lease.avoidable + lease.reused, whole=False)

    def _carry_out(self, lease: Lease) -> bool:
        target = lease.sequence.id
        if lease.source is None:
            return self._context.cut(target, lease.reused)
        self._context.cut(target, 0)
        if lease.whole:
            self._context.copy_whole(lease.source.id, target)
            return True
        self._context.copy(lease.source.id, target, lease.reused)
        return self._context.cut(target, lease.reused)

    def checkpoint(self, sequence: Sequence) -> None:
        """Keep what a sequence holds now in an idle one, for models whose sequences cannot be cut back."""
        copy = self.pool.copy_of(sequence)
        if copy is not None:
            self._context.cut(copy.id, 0)
            self._context.copy_whole(sequence.id, copy.id)

    def clear(self, sequence: Sequence) -> None:
        """Empty a sequence."""
        self._context.cut(sequence.id, 0)
        self.pool.clear(sequence)

    def clear_all(self) -> None:
        """Empty the memory, as after loading."""
        self._context.clear()
        self.pool.clear_all()

    def undo(self, sequence: Sequence) -> bool:
        """Remove what an interrupted batch may have left; False when the sequence had to be emptied."""
        if self._context.cut(sequence.id, self.pool.length(sequence)):
            return True
        self.clear(sequence)
        return False

    def make_room(self) -> bool:
        """Empty the idle sequence that is needed least; False when there is none."""
        victim = self.pool.evict()
        if victim is None:
            return False
        self._context.cut(victim.id, 0)
        return True

    def export(self, prompt: list[int]) -> tuple[list[int], bytes] | None:
        """Return what is held of a prompt: its tokens and llama.cpp's state of them; None for nothing."""
        source, length = self.pool.match(prompt)
        if source is None:
            return None
        if length < self.pool.length(source):
            self._context.copy(source.id, self.spare, length)
        else:
            self._context.copy_whole(source.id, self.spare)
        try:
            return prompt[:length], self._context.state(self.spare)
        finally:
            self._context.cut(self.spare, 0)

    def adopt(self, tokens: list[int], state: bytes) -> bool:
        """Put an exported state into an idle sequence, making room; False where it does not fit."""
        lease = self.pool.acquire([*tokens, -1], cold=True)
        if lease is None:
            return False
        sequence = lease.sequence
        self._context.cut(sequence.id, 0)
        try:
            while not self._context.set_state(sequence.id, state):
                if not self.make_room():
                    self._context.cut(sequence.id, 0)
                    return False
            self.pool.extend(sequence, tokens)
        finally:
            self.pool.release(sequence)
        return True
