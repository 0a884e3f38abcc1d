"""Which sequence of the context holds which tokens, and which of them a new call continues.

Pure bookkeeping: the worker carries out on llama.cpp's memory what is decided here.
"""

from collections.abc import Sequence as Tokens
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

TokenArray = npt.NDArray[np.int32]


def common_prefix(a: TokenArray, b: TokenArray) -> int:
    """Return how many tokens two arrays share from the start."""
    length = min(len(a), len(b))
    differ = np.nonzero(a[:length] != b[:length])[0]
    return int(differ[0]) if len(differ) else length


@dataclass(slots=True, eq=False)
class Sequence:
    """One sequence: the tokens whose cells it holds, and whether a call is using it."""

    id: int
    tokens: list[int] = field(default_factory=list)
    busy: bool = False
    last_used: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """What a call was given: `sequence` to extend from `reused` tokens on.

    `source` is the sequence whose first `reused` cells are to be shared, or None when `sequence`
    itself held them. `avoidable` tokens of the rest were held by some sequence before.
    """

    sequence: Sequence
    source: Sequence | None
    reused: int
    avoidable: int


class Held:
    """Every prefix that any sequence ever held, as chained hashes; forgets all beyond `capacity`."""

    def __init__(self, capacity: int = 1_000_000) -> None:
        self._hashes: set[int] = set()
        self._capacity = capacity

    def add(self, tokens: Tokens[int]) -> None:
        """Remember every prefix of `tokens`."""
        if len(self._hashes) + len(tokens) > self._capacity:
            self._hashes.clear()
        chain = 0
        for token in tokens:
            chain = hash((chain, token))
            self._hashes.add(chain)

    def longest(self, tokens: Tokens[int]) -> int:
        """Return the length of the longest prefix of `tokens` that was ever held."""
        chain = 0
        for length, token in enumerate(tokens):
            chain = hash((chain, token))
            if chain not in self._hashes:
                return length
        return len(tokens)


class SequencePool:
    """The sequences of one context.

    A call continues the longest prefix of its prompt that any sequence holds. An idle sequence that
    is a prefix of the prompt is extended in place; otherwise the prefix is shared with another
    sequence, so that both keep their place, the least recently used idle one making room.
    """

    def __init__(self, count: int, *, can_cut: bool = True) -> None:
        self._sequences = [Sequence(i) for i in range(count)]
        self._can_cut = can_cut
        self._held = Held()
        self._tick = 0

    @property
    def warm(self) -> bool:
        """Whether any sequence holds tokens."""
        return any(sequence.tokens for sequence in self._sequences)

    def acquire(self, prompt: list[int]) -> Lease | None:
        """Lease a sequence for a prompt, or None when every sequence is busy.

        At least the last token of the prompt is always left to decode, since its logits are needed.
        """
        usable = len(prompt) - 1
        best, reused = self._longest(prompt, usable)
        target = self._target(best, reused)
        if target is None:
            return None
        avoidable = max(0, min(self._held.longest(prompt), usable) - reused)
        source = None if best is target or not reused else best
        self._tick += 1
        target.tokens = list(prompt[:reused])
        target.busy = True
        target.last_used = self._tick
        if source is not None:
            source.last_used = self._tick
        return Lease(target, source, reused, avoidable)

    def release(self, sequence: Sequence) -> None:
        """Give a sequence back; what it holds stays for later calls."""
        self._held.add(sequence.tokens)
        sequence.busy = False

    def evict(self) -> Sequence | None:
        """Empty the least recently used idle sequence and return it, or None when there is none."""
        idle = [s for s in self._sequences if not s.busy and s.tokens]
        if not idle:
            return None
        victim = min(idle, key=lambda s: s.last_used)
        victim.tokens = []
        return victim

    def _longest(self, prompt: list[int], usable: int) -> tuple[Sequence | None, int]:
        wanted = np.asarray(prompt, np.int32)
        best, reused = None, 0
        for sequence in self._sequences:
            if not sequence.tokens:
                continue
            length = common_prefix(np.asarray(sequence.tokens, np.int32), wanted)
            if not self._can_cut and (length < len(sequence.tokens) or length > usable):
                continue
            if min(length, usable) > reused:
                best, reused = sequence, min(length, usable)
        return best, reused

    def _target(self, best: Sequence | None, reused: int) -> Sequence | None:
        if best is not None and not best.busy and reused == len(best.tokens):
            return best
        idle = [s for s in self._sequences if not s.busy]
        free = [s for s in idle if not s.tokens]
        if free:
            return free[0]
        others = [s for s in idle if s is not best]
        if others:
            return min(others, key=lambda s: s.last_used)
        return idle[0] if idle else None
