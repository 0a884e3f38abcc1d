from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.sequences import Held, SequencePool

prompts = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=12), min_size=1, max_size=25)


def run(pool: SequencePool, prompt: list[int], output: list[int]) -> int:
    lease = pool.acquire(prompt)
    assert lease is not None
    lease.sequence.tokens[:] = prompt + output
    pool.release(lease.sequence)
    return lease.reused


def test_second_call_reuses_the_first_but_for_the_last_token() -> None:
    pool = SequencePool(4)
    assert run(pool, [1, 2, 3], [9]) == 0
    assert run(pool, [1, 2, 3], [9]) == 2


def test_growing_conversation_is_extended_in_place() -> None:
    pool = SequencePool(4)
    run(pool, [1, 2], [3, 4])
    lease = pool.acquire([1, 2, 3, 4, 5])
    assert lease is not None
    assert (lease.source, lease.reused, lease.avoidable) == (None, 4, 0)


def test_branch_shares_a_prefix_and_leaves_the_other_its_place() -> None:
    pool = SequencePool(4)
    run(pool, [1, 2, 3, 4], [])
    branch = pool.acquire([1, 2, 9])
    assert branch is not None
    assert branch.source is not None
    assert branch.reused == 2
    assert branch.source.tokens == [1, 2, 3, 4]


def test_no_sequence_is_leased_twice() -> None:
    pool = SequencePool(2)
    first, second = pool.acquire([1, 2]), pool.acquire([1, 3])
    assert first is not None
    assert second is not None
    assert first.sequence is not second.sequence
    assert pool.acquire([4]) is None


def test_what_was_evicted_is_counted_as_avoidable() -> None:
    pool = SequencePool(1)
    run(pool, [1, 2, 3, 4], [])
    run(pool, [7, 8], [])
    lease = pool.acquire([1, 2, 3, 4, 5])
    assert lease is not None
    assert (lease.reused, lease.avoidable) == (0, 4)


def test_least_recently_used_makes_room() -> None:
    pool = SequencePool(3)
    for first in (1, 2, 3):
        run(pool, [first, first], [])
    run(pool, [1, 1, 5], [])
    victim = pool.evict()
    assert victim is not None
    assert run(pool, [2, 2, 2], []) == 0
    assert run(pool, [3, 3, 3], []) == 2


def test_model_that_cannot_be_cut_reuses_whole_sequences_only() -> None:
    pool = SequencePool(3, can_cut=False)
    run(pool, [1, 2, 3], [4])
    assert run(pool, [1, 2, 3, 9], []) == 0
    assert run(pool, [1, 2, 3, 4, 9], []) == 4


@given(prompts, st.integers(1, 4), st.booleans())
def test_reuse_is_always_a_true_prefix_and_never_all(
    asked: list[list[int]], count: int, can_cut: bool
) -> None:
    pool = SequencePool(count, can_cut=can_cut)
    held_before: list[list[int]] = []
    for prompt in asked:
        now = [list(s.tokens) for s in pool._sequences]
        lease = pool.acquire(prompt)
        assert lease is not None
        assert 0 <= lease.reused < len(prompt)
        assert any(tokens[: lease.reused] == prompt[: lease.reused] for tokens in now)
        best = max((shared(h, prompt) for h in held_before), default=0)
        assert lease.reused + lease.avoidable == max(lease.reused, min(best, len(prompt) - 1))
        lease.sequence.tokens[:] = prompt
        pool.release(lease.sequence)
        held_before.append(prompt)


def shared(a: list[int], b: list[int]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


@given(prompts)
def test_longest_held_prefix_is_what_a_search_finds(texts: list[list[int]]) -> None:
    held = Held()
    for text in texts[:-1]:
        held.add(text)
    assert held.longest(texts[-1]) == max((shared(t, texts[-1]) for t in texts[:-1]), default=0)
