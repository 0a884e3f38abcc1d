"""Which sequence holds which tokens, which of them a call continues, and which makes room.

Pure bookkeeping: `slmtui.engine.memory` carries out on llama.cpp's memory what is decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count as counted

from slmtui.engine.prefix_tree import Match, PrefixTree


@dataclass(frozen=True, slots=True)
class User:
    """Who uses a sequence: an agent in a turn."""

    turn: str = ""
    agent: str = ""


@dataclass(slots=True, eq=False)
class Sequence:
    """What is held for calls, whether one is using it, and who used it last, and when.

    It is `resident` in the context's KV cache, or parked: its state lies beside the context.
    """

    id: int
    resident: bool = True
    busy: bool = False
    user: User = User()
    last_used: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """What a call was given: the resident `sequence` to extend from `reused` tokens on.

    `source` is the sequence whose first `reused` tokens are to be shared or read in, all that it has
    with `whole`; None when `sequence` itself held them. Where that is parked, `neighbour` is a busy
    sequence that has the first `in_common` of them in the cache. `avoidable` tokens of the rest were held
    by some sequence before.
    """

    sequence: Sequence
    source: Sequence | None
    reused: int
    avoidable: int
    whole: bool
    neighbour: Sequence | None = None
    in_common: int = 0


class SequencePool:
    """The sequences of one context, and those that are parked beside it.

    A call continues the longest prefix of its prompt that any sequence holds, busy, idle or parked.
    An idle sequence that is a prefix of the prompt is extended in place; otherwise the prefix is shared
    with another sequence, so that both keep their place. What is needed least goes first: what no
    running turn used, then agents that their running turn is done with, last agents that it will call
    again; among equals the least recently used.
    """

    def __init__(self, count: int, *, can_cut: bool = True) -> None:
        self._resident = [Sequence(i) for i in range(count)]
        self._parked: dict[int, Sequence] = {}
        self._ids = counted(count)
        self.can_cut = can_cut
        self._tree = PrefixTree()
        self._coming: dict[str, frozenset[str]] = {}
        self._tick = 0

    @property
    def warm(self) -> bool:
        """Whether any sequence holds tokens."""
        return bool(self._parked) or any(self.length(sequence) for sequence in self._resident)

    @property
    def idle(self) -> list[Sequence]:
        """The resident sequences that hold tokens and are not in use, what is needed least first."""
        return sorted((s for s in self._resident if not s.busy and self.length(s)), key=self._rank)

    @property
    def parked(self) -> list[Sequence]:
        """The parked sequences, what is needed least first."""
        return sorted(self._parked.values(), key=self._rank)

    def length(self, sequence: Sequence) -> int:
        """Return how many tokens a sequence holds."""
        return self._tree.length(sequence.id)

    def tokens(self, sequence: Sequence) -> list[int]:
        """Return the tokens that a sequence holds."""
        return self._tree.tokens(sequence.id)

    def expect(self, turn: str, agents: Iterable[str]) -> None:
        """Note which agents a running turn will call after the call that it is making."""
        self._coming[turn] = frozenset(agents)

    def end_turn(self, turn: str) -> None:
        """Note that a turn has made its last call."""
        self._coming.pop(turn, None)

    def held(self, prompt: list[int]) -> int:
        """Return how many tokens of a prompt a call could reuse now."""
        return self._reusable(self._tree.longest(prompt[:-1]))[1]

    def match(self, prompt: list[int]) -> tuple[Sequence | None, int]:
        """Return a sequence that holds the longest beginning of a prompt, the last token included."""
        return self._reusable(self._tree.longest(prompt))

    def acquire(self, prompt: list[int], user: User = User(), *, cold: bool = False) -> Lease | None:
        """Lease a sequence for a prompt, or None when every one is in use; a `cold` one reuses nothing.

        At least the last token of the prompt is always left to decode, since its logits are needed.
        """
        match = self._tree.longest(prompt[:-1])
        best, reused = (None, 0) if cold else self._reusable(match)
        target = self._target(best, reused)
        if target is None:
            return None
        whole = best is not None and reused == self.length(best)
        source = None if best is target or not reused else best
        if source is not None:
            self._tree.fork(source.id, target.id, reused)
            source.last_used = self._next()
        else:
            self._tree.cut(target.id, reused)
        target.busy, target.user, target.last_used = True, user, self._next()
        neighbour, in_common = self._neighbour(prompt[:reused], target, source)
        return Lease(target, source, reused, match.ever - reused, whole, neighbour, in_common)

    def copy_of(self, sequence: Sequence) -> Sequence | None:
        """Let an idle resident sequence hold what another one holds; None when there is none to take."""
        copy = self._target(None, 0)
        if copy is not None:
            self._tree.fork(sequence.id, copy.id, self.length(sequence))
            copy.user, copy.last_used = sequence.user, self._next()
        return copy

    def extend(self, sequence: Sequence, tokens: list[int]) -> None:
        """Note tokens that were decoded into a sequence."""
        self._tree.extend(sequence.id, tokens)

    def clear(self, sequence: Sequence) -> None:
        """Note that a sequence holds nothing any more; a parked one is gone."""
        self._tree.cut(sequence.id, 0)
        self._parked.pop(sequence.id, None)

    def clear_all(self) -> None:
        """Note that no resident sequence holds anything any more."""
        for sequence in self._resident:
            self.clear(sequence)

    def release(self, sequence: Sequence) -> None:
        """Give a sequence back; what it holds stays for later calls."""
        sequence.busy = False

    def is_parked(self, sequence: Sequence) -> bool:
        """Whether all that a resident sequence holds is held by a parked one that can be cut to it."""
        holders = self._tree.longest(self.tokens(sequence)).holders if self.can_cut else frozenset[int]()
        return any(holder in self._parked for holder in holders)

    def park(self, sequence: Sequence) -> Sequence:
        """Let a new parked sequence hold what a resident one held, which is then empty."""
        parked = self.parked_with(self.tokens(sequence))
        parked.user, parked.last_used = sequence.user, sequence.last_used
        self.clear(sequence)
        return parked

    def parked_with(self, tokens: list[int]) -> Sequence:
        """Return a new parked sequence that holds `tokens`."""
        parked = Sequence(next(self._ids), resident=False, last_used=self._next())
        self._parked[parked.id] = parked
        self._tree.extend(parked.id, tokens)
        return parked

    @property
    def busy(self) -> set[int]:
        """The ids of the sequences in use."""
        return {s.id for s in self._resident if s.busy}

    @property
    def cells(self) -> int:
        """How many cells of the cache the resident sequences take together."""
        return self._tree.distinct({s.id for s in self._resident})

    def _neighbour(
        self, held: list[int], target: Sequence, source: Sequence | None
    ) -> tuple[Sequence | None, int]:
        """Return the busy sequence that has most of what is to be read in from a parked one."""
        if source is None or source.resident or not self.can_cut:
            return None, 0
        holder, length = self._tree.shared(held, self.busy - {target.id})
        return (None, 0) if holder is None else (self._resident[holder], length)

    def _next(self) -> int:
        self._tick += 1
        return self._tick

    def _sequence(self, holder: int) -> Sequence:
        return self._resident[holder] if holder < len(self._resident) else self._parked[holder]

    def _reusable(self, match: Match) -> tuple[Sequence | None, int]:
        """Return the sequence to continue and how much of it; only a whole one where none can be cut."""
        if not self.can_cut:
            return (None, 0) if match.whole is None else (self._sequence(match.whole), match.whole_length)
        holders = [self._sequence(holder) for holder in match.holders]
        # Sharing in the cache costs nothing, and one that ends right there and is idle is extended in place.
        best = min(holders, key=lambda s: (not s.resident, s.busy, self.length(s), s.id), default=None)
        return best, match.length

    def _target(self, best: Sequence | None, reused: int) -> Sequence | None:
        if best is not None and best.resident and not best.busy and reused == self.length(best):
            return best
        return next((s for s in self._resident if not s.busy and not self.length(s)), None)

    def _rank(self, sequence: Sequence) -> tuple[int, int]:
        """Return how much a sequence is needed, and when it was used last."""
        coming = self._coming.get(sequence.user.turn)
        if coming is None:
            return 0, sequence.last_used
        return (2 if sequence.user.agent in coming else 1), sequence.last_used
