"""The prefix tree against plain lists, under random growth, cutting, forking and asking."""

from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.prefix_tree import PrefixTree

tokens = st.lists(st.integers(0, 2), max_size=8)
holders = st.integers(0, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), holders, tokens),
        st.tuples(st.just("cut"), holders, st.integers(0, 12)),
        st.tuples(st.just("fork"), holders, holders, st.integers(0, 12)),
    ),
    max_size=40,
)


def shared(a: list[int], b: list[int]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


class Lists:
    """What the tree must be equal to: each holder's tokens, and all that anybody ever held."""

    def __init__(self) -> None:
        self.now: dict[int, list[int]] = {n: [] for n in range(5)}
        self.ever: list[list[int]] = []

    def do(self, step: tuple[object, ...]) -> None:
        match step:
            case "extend", int(holder), list(more):
                self.now[holder] = self.now[holder] + more
            case "cut", int(holder), int(length):
                self.now[holder] = self.now[holder][:length]
            case "fork", int(source), int(target), int(length):
                self.now[target] = self.now[source][:length]
        self.ever += self.now.values()


def apply(tree: PrefixTree, step: tuple[object, ...]) -> None:
    match step:
        case "extend", int(holder), list(more):
            tree.extend(holder, list(more))
        case "cut", int(holder), int(length):
            tree.cut(holder, length)
        case "fork", int(source), int(target), int(length) if source != target:
            tree.fork(source, target, length)
        case "fork", int(source), _, int(length):
            tree.cut(source, length)


@given(steps, st.lists(tokens, min_size=1, max_size=5))
def test_tree_is_what_lists_say(done: list[tuple[object, ...]], prompts: list[list[int]]) -> None:
    tree, lists = PrefixTree(), Lists()
    for step in done:
        apply(tree, step)
        lists.do(step)
        for holder, held in lists.now.items():
            assert tree.tokens(holder) == held
            assert tree.length(holder) == len(held)
    for prompt in prompts:
        match = tree.longest(prompt)
        longest = max(shared(held, prompt) for held in lists.now.values())
        assert match.length == longest
        if longest:
            assert match.holders == {h for h, held in lists.now.items() if shared(held, prompt) == longest}
        assert match.ever == max((shared(held, prompt) for held in lists.ever), default=0)
        wholes = [len(held) for held in lists.now.values() if held and prompt[: len(held)] == held]
        assert match.whole_length == max(wholes, default=0)
        assert (match.whole is not None) == bool(wholes)
        if match.whole is not None:
            assert lists.now[match.whole] == prompt[: match.whole_length]


@given(steps)
def test_forgetting_loses_nothing_that_is_held(done: list[tuple[object, ...]]) -> None:
    tree, lists = PrefixTree(capacity=5), Lists()
    for step in done:
        apply(tree, step)
        lists.do(step)
    for holder, held in lists.now.items():
        assert tree.tokens(holder) == held
        if held:
            assert holder in tree.longest(held).holders


def test_growing_alone_keeps_one_edge() -> None:
    tree = PrefixTree()
    for token in range(1000):
        tree.extend(0, [token])
    assert len(list(tree._path(0))) == 2
