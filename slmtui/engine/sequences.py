"""Which sequence of the context holds which tokens, which of them a call continues, and which makes room.

Pure bookkeeping: `slmtui.engine.memory` carries out on llama.cpp's memory what is decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from slmtui.engine.prefix_tree import Match, PrefixTree


@dataclass(frozen=True, slots=True)
class User:
    """Who uses a sequence: an agent in a turn."""

    turn: str = ""
    agent: str = ""


@dataclass(slots=True, eq=False)
class Sequence:
    """One sequence: whether a call is using it, and who used it last, and when."""

    id: int
    busy: bool = False
    user: User = User()
    last_used: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """What a call was given: `sequence` to extend from `reused` tokens on.

    `source` is the sequence whose first `reused` cells are to be shared, all that it has with `whole`;
    None when `sequence` itself held them. `avoidable` tokens of the rest were held by some sequence
    before.
    """

    sequence: Sequence
    source: Sequence | None
    reused: int
    avoidable: int
    whole: bool


class SequencePool:
    """The sequences of one context.

    A call continues the longest prefix of its prompt that any sequence holds, busy or idle. An idle
    sequence that is a prefix of the prompt is extended in place; otherwise the prefix is shared with
    another sequence, so that both keep their place. Room is made first by what no running turn used,
    then by agents that their running turn is done with, last by agents that it will call again; among
    equals by the least recently used.
    """

    def __init__(self, count: int, *, can_cut: bool = True) -> None:
        self._sequences = [Sequence(i) for i in range(count)]
        self.can_cut = can_cut
        self._tree = PrefixTree()
        self._coming: dict[str, frozenset[str]] = {}
        self._tick = 0

    @property
    def warm(self) -> bool:
        """Whether any sequence holds tokens."""
        return any(self.length(sequence) for sequence in self._sequences)

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
        """Lease a sequence for a prompt, or None when every sequence is busy; a `cold` one reuses nothing.

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
        return Lease(target, source, reused, match.ever - reused, whole)

    def copy_of(self, sequence: Sequence) -> Sequence | None:
        """Let an idle sequence hold what another one holds, and return it; None when all are busy."""
        copy = self._target(None, 0)
        if copy is not None:
            self._tree.fork(sequence.id, copy.id, self.length(sequence))
            copy.user, copy.last_used = sequence.user, self._next()
        return copy

    def extend(self, sequence: Sequence, tokens: list[int]) -> None:
        """Note tokens that were decoded into a sequence."""
        self._tree.extend(sequence.id, tokens)

    def clear(self, sequence: Sequence) -> None:
        """Note that a sequence holds nothing any more."""
        self._tree.cut(sequence.id, 0)

    def clear_all(self) -> None:
        """Note that no sequence holds anything any more."""
        for sequence in self._sequences:
            self.clear(sequence)

    def release(self, sequence: Sequence) -> None:
        """Give a sequence back; what it holds stays for later calls."""
        sequence.busy = False

    def evict(self) -> Sequence | None:
        """Empty the idle sequence that is needed least and return it, or None when there is none."""
        victim = self._least_needed(s for s in self._sequences if not s.busy and self.length(s))
        if victim is not None:
            self.clear(victim)
        return victim

    def _next(self) -> int:
        self._tick += 1
        return self._tick

    def _reusable(self, match: Match) -> tuple[Sequence | None, int]:
        """Return the sequence to continue and how much of it; only a whole one where none can be cut."""
        if not self.can_cut:
            return (None, 0) if match.whole is None else (self._sequences[match.whole], match.whole_length)
        holders = [self._sequences[holder] for holder in match.holders]
        # One that ends right there and is idle can be extended in place.
        best = min(holders, key=lambda s: (s.busy, self.length(s), s.id), default=None)
        return best, match.length

    def _target(self, best: Sequence | None, reused: int) -> Sequence | None:
        if best is not None and not best.busy and reused == self.length(best):
            return best
        idle = [s for s in self._sequences if not s.busy]
        free = next((s for s in idle if not self.length(s)), None)
        return free or self._least_needed(s for s in idle if s is not best) or (idle[0] if idle else None)

    def _least_needed(self, candidates: Iterable[Sequence]) -> Sequence | None:
        return min(candidates, key=lambda s: (self._need(s.user), s.last_used), default=None)

    def _need(self, user: User) -> int:
        coming = self._coming.get(user.turn)
        if coming is None:
            return 0
        return 2 if user.agent in coming else 1
