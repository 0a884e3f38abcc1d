from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.sequences import Lease, SequencePool, User

NOBODY = User()


def acquired(pool: SequencePool, prompt: list[int], user: User = NOBODY, *, cold: bool = False) -> Lease:
    lease = pool.acquire(prompt, user, cold=cold)
    assert lease is not None
    return lease


def park_idle(pool: SequencePool) -> None:
    for sequence in pool.idle:
        pool.park(sequence)


def drop_all(pool: SequencePool) -> None:
    for sequence in [*pool.idle, *pool.parked]:
        pool.clear(sequence)


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
    drop_all(pool)
    lease = acquired(pool, [1, 2, 3, 4, 5])
    assert (lease.reused, lease.avoidable) == (0, 4)


def test_cold_call_reuses_nothing_and_says_what_that_costs() -> None:
    pool = SequencePool(2)
    run(pool, [1, 2, 3], [])
    lease = acquired(pool, [1, 2, 3], cold=True)
    assert (lease.reused, lease.avoidable, pool.length(lease.sequence)) == (0, 2, 0)


def order(pool: SequencePool) -> list[str]:
    """Return whose the idle sequences are, what is needed least first, resident and then parked."""
    resident = [sequence.user.agent for sequence in pool.idle]
    park_idle(pool)
    assert [sequence.user.agent for sequence in pool.parked] == resident
    return resident


def test_least_recently_used_is_needed_least() -> None:
    pool = SequencePool(3)
    for first, agent in enumerate("abc"):
        run(pool, [first, first], [], User("", agent))
    run(pool, [0, 0, 5], [], User("", "a"))
    assert order(pool) == ["b", "c", "a"]


def test_what_the_running_turn_needs_next_is_kept_longest() -> None:
    pool = SequencePool(5)
    for n, agent in enumerate(("router", "clerk", "specialist")):
        run(pool, [n, n], [], User("now", agent))
    run(pool, [8, 8], [], User("before", "old router"))
    pool.expect("now", ("specialist", "router"))
    # Used last, and yet needed least: its turn is over.
    assert order(pool) == ["old router", "clerk", "router", "specialist"]
    pool.end_turn("now")
    assert [s.user.agent for s in pool.parked] == ["router", "clerk", "specialist", "old router"]


def test_parked_sequences_are_continued_and_keep_their_place() -> None:
    pool = SequencePool(1)
    run(pool, [1, 2, 3, 4], [])
    park_idle(pool)
    branch = acquired(pool, [1, 2, 9])
    assert branch.source in pool.parked
    assert (branch.reused, branch.whole, branch.avoidable) == (2, False, 0)
    pool.extend(branch.sequence, [9])
    pool.release(branch.sequence)
    park_idle(pool)
    whole = acquired(pool, [1, 2, 3, 4, 5])
    assert (whole.reused, whole.whole) == (4, True)


def test_what_the_cache_holds_is_shared_before_what_is_parked() -> None:
    pool = SequencePool(3)
    run(pool, [1, 2, 3], [])
    park_idle(pool)
    first = acquired(pool, [1, 2, 3, 4])
    pool.extend(first.sequence, [4])
    second = acquired(pool, [1, 2, 3, 5])
    assert second.source is first.sequence


def test_nothing_is_parked_twice() -> None:
    pool = SequencePool(2)
    run(pool, [1, 2, 3], [])
    park_idle(pool)
    lease = acquired(pool, [1, 2, 9])
    pool.release(lease.sequence)  # cancelled before it was read
    assert pool.is_parked(lease.sequence)
    assert not SequencePool(1, can_cut=False).is_parked(lease.sequence)


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
    park: bool


graphs = st.lists(
    st.builds(
        Asked,
        tokens,
        st.lists(st.integers(0, 3), max_size=3),
        st.integers(0, 3),
        st.none() | st.integers(0, 5),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Model:
    """What should be reused: what each sequence holds now, parked or not, and all that was ever held."""

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
        if lease is None:  # so idle ones make room, and lose nothing
            park(pool, model)
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
        if call.park:
            park(pool, model)


def park(pool: SequencePool, model: Model) -> None:
    for sequence in pool.idle:
        parked = pool.park(sequence)
        model.now[parked.id] = model.now.pop(sequence.id)


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
