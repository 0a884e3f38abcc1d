"""A prefix tree over what sequences hold: who has the longest beginning of a prompt, and who ever had.

Every holder's tokens are a path from the root that ends with a node. Nodes that nobody holds any more
stay for a while, so that a prompt which is read again can be told from one that is new.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Node:
    """An edge of tokens and what follows it. `holders` are all whose path leads through here."""

    tokens: list[int]
    parent: "_Node | None"
    children: "dict[int, _Node]" = field(default_factory=dict)
    holders: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a prompt is held: its first `length` tokens by each of `holders`.

    The first `ever` tokens, which are no fewer, were held by somebody at some time. `whole` is the
    holder with the longest path that is a beginning of the prompt as a whole, and `whole_length` its length.
    """

    length: int
    holders: frozenset[int]
    ever: int
    whole: int | None
    whole_length: int


def agreement(edge: list[int], tokens: Sequence[int], start: int) -> int:
    """Return how many tokens of an edge agree with `tokens` from `start` on."""
    part = tokens[start : start + len(edge)]
    if part == edge:
        return len(edge)
    return next((i for i, (a, b) in enumerate(zip(edge, part, strict=False)) if a != b), len(part))


class PrefixTree:
    """Who holds which tokens. Beyond `capacity` tokens, what nobody holds is forgotten."""

    def __init__(self, capacity: int = 1_000_000) -> None:
        self._root = _Node([], None)
        self._ends: dict[int, _Node] = {}
        self._lengths: dict[int, int] = {}
        self._size = 0
        self._capacity = capacity

    def length(self, holder: int) -> int:
        """Return how many tokens a holder has."""
        return self._lengths.get(holder, 0)

    def tokens(self, holder: int) -> list[int]:
        """Return the tokens of a holder."""
        edges = [node.tokens for node in self._path(holder)]
        return [token for edge in reversed(edges) for token in edge]

    def extend(self, holder: int, tokens: list[int]) -> None:
        """Add tokens to the end of a holder's path: in constant time where nobody else goes that way."""
        self._lengths[holder] = self.length(holder) + len(tokens)
        node = self._ends.get(holder, self._root)
        if node is not self._root and not node.children and len(node.holders) == 1:
            node.tokens += tokens
            self._size += len(tokens)
        else:
            self._ends[holder] = self._descend(node, holder, tokens)
        if self._size > self._capacity:
            self._forget()

    def cut(self, holder: int, length: int) -> None:
        """Shorten a holder's path to its first `length` tokens."""
        here = self.length(holder)
        node = self._ends.get(holder, self._root)
        while node.parent is not None and here - len(node.tokens) >= length:
            node.holders.discard(holder)
            here -= len(node.tokens)
            node = node.parent
        if here > length:
            below = self._split(node, len(node.tokens) - (here - length))
            below.holders.discard(holder)
        self._ends[holder], self._lengths[holder] = node, min(length, self.length(holder))

    def fork(self, source: int, target: int, length: int) -> None:
        """Let `target`, whatever it held, hold the first `length` tokens of `source`; none are copied."""
        self.cut(target, 0)
        here = 0
        for node in reversed(list(self._path(source))):
            if here >= length or node is self._root:
                continue
            if here + len(node.tokens) > length:
                self._split(node, length - here)
            node.holders.add(target)
            here += len(node.tokens)
            self._ends[target] = node
        self._lengths[target] = here

    def shared(self, prompt: Sequence[int], among: Set[int]) -> tuple[int | None, int]:
        """Return one of some holders that has the longest beginning of a prompt, and its length."""
        best: int | None = None
        node, at, length = self._root, 0, 0
        while at < len(prompt) and prompt[at] in node.children:
            node = node.children[prompt[at]]
            here = next((holder for holder in node.holders if holder in among), None)
            if here is None:
                break
            agreed = agreement(node.tokens, prompt, at)
            at += agreed
            best, length = here, at
            if agreed < len(node.tokens):
                break
        return best, length

    def distinct(self, among: Set[int]) -> int:
        """Return how many tokens some holders have together, what they share counted once."""
        return sum(len(node.tokens) for node in self._nodes() if not node.holders.isdisjoint(among))

    def longest(self, prompt: Sequence[int]) -> Match:
        """Return who holds the longest beginning of a prompt."""
        at, live, whole_length = 0, 0, 0
        holders: set[int] = set()
        whole: int | None = None
        node = self._root
        while at < len(prompt) and prompt[at] in node.children:
            node = node.children[prompt[at]]
            agreed = agreement(node.tokens, prompt, at)
            at += agreed
            if node.holders:
                live, holders = at, node.holders
            if agreed < len(node.tokens):
                break
            ending = next((h for h in node.holders if self._ends[h] is node), None)
            if ending is not None:
                whole, whole_length = ending, at
        return Match(live, frozenset(holders), at, whole, whole_length)

    def _path(self, holder: int) -> Iterator[_Node]:
        node: _Node | None = self._ends.get(holder, self._root)
        while node is not None:
            yield node
            node = node.parent

    def _descend(self, node: _Node, holder: int, tokens: list[int]) -> _Node:
        """Lead a holder from the end of `node` along `tokens`, making what is not there."""
        at = 0
        while at < len(tokens):
            child = node.children.get(tokens[at])
            if child is None:
                child = _Node(tokens[at:], node)
                node.children[tokens[at]] = child
                self._size += len(child.tokens)
            elif (agreed := agreement(child.tokens, tokens, at)) < len(child.tokens):
                self._split(child, agreed)
            child.holders.add(holder)
            at += len(child.tokens)
            node = child
        return node

    def _split(self, node: _Node, length: int) -> _Node:
        """Cut an edge in two after `length` tokens; `node` stays the upper part. Returns the lower."""
        below = _Node(node.tokens[length:], node, node.children, set(node.holders))
        for child in below.children.values():
            child.parent = below
        for holder in below.holders:
            if self._ends[holder] is node:
                self._ends[holder] = below
        node.tokens = node.tokens[:length]
        node.children = {below.tokens[0]: below}
        return below

    def _nodes(self) -> Iterator[_Node]:
        nodes = [self._root]
        while nodes:
            node = nodes.pop()
            yield node
            nodes += node.children.values()

    def _forget(self) -> None:
        """Drop every node that nobody holds."""
        self._size = 0
        for node in self._nodes():
            self._size += len(node.tokens)
            node.children = {first: child for first, child in node.children.items() if child.holders}
