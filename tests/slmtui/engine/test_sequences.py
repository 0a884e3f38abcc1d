from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.sequences import Lease, SequencePool, User

NOBODY = User()


def acquired(pool: SequencePool, prompt: list[int], user: User = NOBODY, *, cold: bool = False) -> Lease:
    lease = pool.acquire(prompt, user, cold=cold)
    assert lease is not None
    return lease


def run(pool: SequencePool, prompt: list[int], output: list[int], user: User = NOBODY) -> int:
    lease = acquired(pool, prompt, user)
    pool.extend(lease.sequence, [*prompt[lease.reused :], *output])
    pool.release(lease.sequence)
    return lease.reused


def test_second_call_reuses_the_first_but_for_the_last_token() -> None:
    pool = SequencePool(4)
    assert run(pool, [1, 2, 3], [9]) == 0
    assert run(pool, [1, 2, 3], [9]) == 2


def test_growing_conversation_is_extended_in_place() -> None:
    pool = SequencePool(4)
    run(pool, [1, 2], [3, 4])
    lease = acquired(pool, [1, 2, 3, 4, 5])
    assert (lease.source, lease.reused, lease.avoidable) == (None, 4, 0)


def test_branch_shares_a_prefix_and_leaves_the_other_its_place() -> None:
    pool = SequencePool(4)
    run(pool, [1, 2, 3, 4], [])
    branch = acquired(pool, [1, 2, 9])
    assert branch.source is not None
    assert (branch.reused, branch.whole) == (2, False)
    assert pool.tokens(branch.source) == [1, 2, 3, 4]


def test_what_a_busy_sequence_holds_is_shared_too() -> None:
    pool = SequencePool(4)
    first = acquired(pool, [1, 2, 3, 4])
    pool.extend(first.sequence, [1, 2, 3])
    second = acquired(pool, [1, 2, 3, 9])
    assert (second.source, second.reused, second.whole) == (first.sequence, 3, True)


def test_no_sequence_is_leased_twice() -> None:
    pool = SequencePool(2)
    first, second = acquired(pool, [1, 2]), acquired(pool, [1, 3])
    assert first.sequence is not second.sequence
    assert pool.acquire([4]) is None


def test_what_was_evicted_is_counted_as_avoidable() -> None:
    pool = SequencePool(1)
    run(pool, [1, 2, 3, 4], [])
    run(pool, [7, 8], [])
    lease = acquired(pool, [1, 2, 3, 4, 5])
    assert (lease.reused, lease.avoidable) == (0, 4)


def test_cold_call_reuses_nothing_and_says_what_that_costs() -> None:
    pool = SequencePool(2)
    run(pool, [1, 2, 3], [])
    lease = acquired(pool, [1, 2, 3], cold=True)
    assert (lease.reused, lease.avoidable, pool.length(lease.sequence)) == (0, 2, 0)


def test_least_recently_used_makes_room() -> None:
    pool = SequencePool(3)
    for first in (1, 2, 3):
        run(pool, [first, first], [])
    run(pool, [1, 1, 5], [])
    assert pool.evict() is not None
    assert run(pool, [2, 2, 2], []) == 0
    assert run(pool, [3, 3, 3], []) == 2


def evicted(pool: SequencePool) -> list[str]:
    """Empty everything, and return whose it was, in order."""
    order = []
    while (victim := pool.evict()) is not None:
        order.append(victim.user.agent)
    return order


def test_what_the_running_turn_needs_next_is_kept_longest() -> None:
    pool = SequencePool(5)
    for n, agent in enumerate(("router", "clerk", "specialist")):
        run(pool, [n, n], [], User("now", agent))
    run(pool, [8, 8], [], User("before", "router"))
    pool.expect("now", ("specialist", "router"))
    # Used last, and yet the first to go: its turn is over.
    assert evicted(pool) == ["router", "clerk", "router", "specialist"]


def test_a_turn_that_has_ended_keeps_nothing() -> None:
    pool = SequencePool(3)
    run(pool, [1, 1], [], User("a", "router"))
    run(pool, [2, 2], [], User("b", "router"))
    pool.expect("a", ("router",))
    pool.end_turn("a")
    assert evicted(pool) == ["router", "router"]
    pool.expect("c", ())
    run(pool, [1, 1], [], User("c", "router"))
    run(pool, [2, 2], [], User("d", "clerk"))
    pool.end_turn("c")
    assert evicted(pool) == ["router", "clerk"]


def test_slots_are_given_up_in_the_same_order() -> None:
    pool = SequencePool(2)
    run(pool, [1, 1], [], User("now", "router"))
    run(pool, [2, 2], [], User("now", "specialist"))
    pool.expect("now", ("router",))
    run(pool, [3, 3], [], User("now", "other"))
    assert run(pool, [1, 1, 1], [], User("now", "router")) == 2


def test_model_that_cannot_be_cut_reuses_whole_sequences_only() -> None:
    pool = SequencePool(3, can_cut=False)
    run(pool, [1, 2, 3], [4])
    assert run(pool, [1, 2, 3, 9], []) == 0
    assert run(pool, [1, 2, 3, 4, 9], []) == 4
    assert run(pool, [1, 2, 3, 4, 9], []) == 0


tokens = st.lists(st.integers(0, 3), min_size=1, max_size=12)


@dataclass(frozen=True)
class Asked:
    """A call of a random graph: it begins, others may run beside it, and it ends after `others` more."""

    prompt: list[int]
    output: list[int]
    others: int
    cut_short: int | None


graphs = st.lists(
    st.builds(
        Asked,
        tokens,
        st.lists(st.integers(0, 3), max_size=3),
        st.integers(0, 3),
        st.none() | st.integers(0, 5),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Model:
    """What should be reused: by sequence what it holds now, and everything that was ever held."""

    now: dict[int, list[int]] = field(default_factory=dict)
    ever: list[list[int]] = field(default_factory=list)

    def reusable(self, prompt: list[int], *, can_cut: bool) -> int:
        wanted = prompt[:-1]
        if can_cut:
            return max((shared(held, wanted) for held in self.now.values()), default=0)
        whole = [len(held) for held in self.now.values() if held == wanted[: len(held)]]
        return max(whole, default=0)


@given(graphs, st.integers(1, 4), st.booleans())
def test_random_graphs_reuse_what_a_simple_model_says(asked: list[Asked], count: int, can_cut: bool) -> None:
    pool, model = SequencePool(count, can_cut=can_cut), Model()
    running: list[tuple[Lease, Asked, int]] = []
    for n, call in enumerate(asked):
        finish(pool, model, running, n)
        lease = pool.acquire(call.prompt)
        if lease is None:
            assert len(running) == count
            continue
        expected = model.reusable(call.prompt, can_cut=can_cut)
        assert lease.reused == expected < len(call.prompt)
        best = max((shared(held, call.prompt[:-1]) for held in model.ever), default=0)
        assert lease.avoidable == max(0, best - lease.reused)
        assert pool.tokens(lease.sequence) == call.prompt[: lease.reused]
        model.now[lease.sequence.id] = call.prompt[: lease.reused]
        new = [*call.prompt[lease.reused :], *call.output]
        read = new[: call.cut_short]  # a call may be cancelled in its prefill
        pool.extend(lease.sequence, list(read))
        model.now[lease.sequence.id] = model.now[lease.sequence.id] + read
        model.ever += model.now.values()
        running.append((lease, call, n + call.others))


def finish(pool: SequencePool, model: Model, running: list[tuple[Lease, Asked, int]], now: int) -> None:
    for entry in [e for e in running if e[2] < now]:
        running.remove(entry)
        pool.release(entry[0].sequence)
        assert pool.tokens(entry[0].sequence) == model.now[entry[0].sequence.id]


def shared(a: list[int], b: list[int]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n
