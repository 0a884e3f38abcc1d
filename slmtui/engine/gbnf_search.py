"""Looks for a text at which a grammar becomes too much for llama.cpp.

llama.cpp keeps every way in which the text so far can have been made as a stack of its own, and
checks a token once for every path through the grammar. Where the grammar can be read in two ways
again and again (`root ::= "a" root "b" | "a" root "c" | "d"`), both double with each character: the
process hangs, or takes all memory. Whether that can happen at all cannot be decided in general, so
this is a search, not a proof: the same stacks are made here, texts with the most ways first.
"""

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle

from slmtui.engine.gbnf_parse import Chars, Element, Grammar, Ref, Token
from slmtui.engine.gbnf_reader import LAST_CHARACTER, GrammarError

MAX_STACKS = 1_000
MAX_PATHS = 20_000
# Over so many characters paths are counted, as long as a model's tokens: the longest repeat one character.
_TOKEN_LENGTH = 20
_RUN_LENGTH = 100
# How many stacks are made at most, and how many more for each stack of the largest state found.
_MOST_STEPS = 10_000
_MORE_STEPS = 100
_MOST_CHOICES = 24
_MOST_CODES = 200
_MOST_KEPT = 1_000_000

Stack = tuple[int, ...]
State = Mapping[Stack, int]
_NOTHING = -1
_ANY_TOKEN = -1


@dataclass(frozen=True, slots=True)
class _Text:
    """Where a text of `size` characters leads: the stacks, each with its number of paths.

    Paths are counted over the last `length` characters. `code` is the last one, and stands `repeated`
    times at the end.
    """

    state: State
    size: int = 0
    length: int = 0
    code: int | None = None
    repeated: int = 0

    def then(self, code: int, state: State) -> "_Text":
        """Return the text with one character more; a token begins wherever each stack has one path."""
        length, repeated = self.length + 1, self.repeated + 1 if code == self.code else 1
        longest = _RUN_LENGTH if repeated >= length else _TOKEN_LENGTH
        if length >= longest or all(paths == 1 for paths in state.values()):
            return _Text(dict.fromkeys(state, 1), self.size + 1, 0, code, repeated)
        return _Text(state, self.size + 1, length, code, repeated)

    def key(self) -> Hashable:
        run = self.repeated >= self.length > 0
        return frozenset(self.state.items()), self.length, run and self.code

    def ranks(self) -> tuple[int, int, int]:
        """Return the places in three orders: the most paths, the longest run, and the shortest text."""
        run = self.repeated if self.repeated < _RUN_LENGTH else 0
        return -sum(self.state.values()), -run, self.size


class _Frontier:
    """The texts to go on with, taken in turn by each of their orders, so that no order starves another."""

    def __init__(self) -> None:
        self._queues: tuple[list[tuple[int, int]], ...] = ([], [], [])
        self._texts: dict[int, _Text] = {}
        self._seen: set[Hashable] = set()

    def add(self, text: _Text) -> None:
        if (key := text.key()) in self._seen:
            return
        number = len(self._seen)
        self._seen.add(key)
        self._texts[number] = text
        for queue, rank in zip(self._queues, text.ranks(), strict=True):
            heapq.heappush(queue, (rank, number))

    def __iter__(self) -> Iterator[_Text]:
        for queue in cycle(self._queues):
            if not self._texts:
                return
            number = heapq.heappop(queue)[1]
            if number in self._texts:
                yield self._texts.pop(number)


def check_search(grammar: Grammar) -> None:
    """Raise `GrammarError` where a text is found that can be read in too many ways."""
    automaton = _Automaton(grammar)
    frontier = _Frontier()
    frontier.add(_Text(automaton.start()))
    steps, widest = 0, 1
    for text in frontier:
        for code, state in automaton.steps(text.state, text.code):
            steps += sum(1 + len(stack) // 16 for stack in state)
            _check_size(state)
            widest = max(widest, len(state))
            frontier.add(text.then(code, state))
        if steps > _MOST_STEPS + _MORE_STEPS * widest:
            return


def _check_size(state: State) -> None:
    if len(state) > MAX_STACKS or sum(state.values()) > MAX_PATHS:
        raise _too_many()


def _too_many() -> GrammarError:
    return GrammarError(
        "one text can be read in too many ways at once: let the choices of a rule begin differently, "
        "and repeat nothing that is itself a repetition of the same"
    )


class _Automaton:
    """The stacks of llama.cpp: each is the elements to go on with, the next one last.

    An element's number stands for its place; `_next` has the place after it, or `_NOTHING` at the end.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._elements: list[Element] = []
        self._next: list[int] = []
        self._starts: list[list[int]] = []
        for rule in grammar.rules:
            starts = []
            for alternate in rule.alternates:
                first = len(self._elements)
                starts.append(first if alternate else _NOTHING)
                self._elements += alternate
                self._next += [*range(first + 1, len(self._elements)), _NOTHING][: len(alternate)]
            self._starts.append(starts)
        self._root = grammar.root
        self._heads: dict[int, tuple[set[Stack], bool]] = {}
        self._kept = 0
        self._sets: dict[frozenset[int], dict[frozenset[int], int]] = {}

    def start(self) -> State:
        """Return the stacks before any text."""
        state: Counter[Stack] = Counter()
        for start in self._starts[self._root]:
            self._advance((start,) if start != _NOTHING else (), 1, state)
        _check_size(state)
        return state

    def steps(self, state: State, previous: int | None) -> Iterator[tuple[int, State]]:
        """Return the characters (or `_ANY_TOKEN`) that make a difference, with the states after them."""
        tops = frozenset(stack[-1] for stack in state if stack)
        for taken, code in self._choices(tops, previous):
            after: Counter[Stack] = Counter()
            for stack, count in state.items():
                if stack and stack[-1] in taken:
                    place = self._next[stack[-1]]
                    rest = stack[:-1]
                    self._advance((*rest, place) if place != _NOTHING else rest, count, after)
            yield code, after

    def _choices(self, tops: frozenset[int], previous: int | None) -> list[tuple[frozenset[int], int]]:
        """Return the sets of places that one character takes, with one such character, the largest first.

        The previous character stands for its set, for a text to repeat it.
        """
        sets = self._sets.get(tops)
        if sets is None:
            sets = self._sets[tops] = self._sets_of(tops)
        if previous is not None and previous != _ANY_TOKEN and (taken := self._taken(tops, previous)):
            sets = sets | {taken: previous}
        return sorted(sets.items(), key=lambda choice: len(choice[0]), reverse=True)[:_MOST_CHOICES]

    def _sets_of(self, tops: frozenset[int]) -> dict[frozenset[int], int]:
        """Return the sets by trying a character of each stretch that no class divides."""
        classes = [e for top in tops if isinstance(e := self._elements[top], Chars)]
        bounds = {1, *(bound for e in classes for low, high in e.ranges for bound in (low, high + 1))}
        codes = [code for code in sorted(bounds) if code <= LAST_CHARACTER]
        sets = {self._taken(tops, code): code for code in reversed(codes[:: 1 + len(codes) // _MOST_CODES])}
        sets[frozenset(top for top in tops if isinstance(self._elements[top], Token))] = _ANY_TOKEN
        sets.pop(frozenset(), None)
        return sets

    def _taken(self, tops: frozenset[int], code: int) -> frozenset[int]:
        return frozenset(
            top for top in tops if isinstance(e := self._elements[top], Chars) and e.matches(code)
        )

    def _advance(self, stack: Stack, count: int, state: Counter[Stack]) -> None:
        """Add to the state the stacks that come of a stack once a character or a token is to be taken."""
        found: set[Stack] = set()
        while stack:
            heads, vanishes = self._head(stack[-1])
            stack = stack[:-1]
            found.update(stack + head for head in heads)
            if not vanishes:
                break
        else:
            found.add(())
        for ready in found:
            state[ready] += count

    def _head(self, place: int) -> tuple[set[Stack], bool]:
        """Return the stacks that a place comes to, and whether nothing at all may stand there to the end."""
        if place in self._heads:
            return self._heads[place]
        heads: set[Stack] = set()
        at, vanishes = place, True
        while at != _NOTHING and vanishes:
            element = self._elements[at]
            if not isinstance(element, Ref):
                heads.add((at,))
                vanishes = False
                break
            following = self._next[at]
            vanishes = self._add_rule(element.rule, (following,) if following != _NOTHING else (), heads)
            at = following
        self._kept += sum(map(len, heads))
        if len(heads) > MAX_STACKS or self._kept > _MOST_KEPT:
            raise _too_many()
        self._heads[place] = heads, vanishes
        return heads, vanishes

    def _add_rule(self, rule: int, below: Stack, heads: set[Stack]) -> bool:
        """Add the stacks that a rule begins with, and return whether it may be empty."""
        empty = False
        for start in self._starts[rule]:
            inner, vanishes = self._head(start) if start != _NOTHING else (set(), True)
            heads.update(below + head for head in inner)
            empty = empty or vanishes
        return empty
