from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.message import ORIGINS, Sampling
from agents.model import Request
from slmtui.engine.call import Call, Times
from slmtui.engine.prompt import Prompt
from slmtui.engine.sequences import SequencePool
from slmtui.engine.tokenizing import Run

RUNS = st.lists(st.builds(Run, st.sampled_from(ORIGINS), st.integers(1, 6)), max_size=6)


class NoSampler:
    """Stands for a sampler, which needs a model."""

    sampling_s = grammar_s = 0.0


@given(RUNS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_every_position_is_counted_under_its_origin(
    runs: list[Run], reused: int, avoidable: int, new: int
) -> None:
    told = [run.origin for run in runs for _ in range(run.count)]
    parts = Prompt([0] * len(told), runs, 0, len(told)).origins(reused, reused + avoidable + new, avoidable)
    read = told[: reused + avoidable + new]
    assert [part.origin for part in parts] == list(dict.fromkeys(read))
    for part in parts:
        assert part.reused == read[:reused].count(part.origin)
        assert part.prefilled == read[reused:].count(part.origin)
        assert part.avoidable == read[reused : reused + avoidable].count(part.origin)


def held_then_asked(*, cold: bool) -> Call:
    """Return a call whose prompt of eight tokens, four of each origin, begins with six that are held."""
    pool = SequencePool(2)
    first = pool.acquire([1, 2, 3, 4, 5, 6, 9])
    assert first is not None
    pool.extend(first.sequence, [1, 2, 3, 4, 5, 6])
    pool.release(first.sequence)
    prompt = Prompt([1, 2, 3, 4, 5, 6, 7, 8], [Run("system", 4), Run("user", 4)], 0, 8)
    lease = pool.acquire(prompt.tokens, cold=cold)
    assert lease is not None
    request = Request("c", "agent", "answer", (), Sampling(), 9, 0.0)
    return Call(request, prompt, lease, NoSampler(), Times(0.0), lease.reused, lease.reused)  # type: ignore[arg-type]


def counted(call: Call, decoded: int) -> list[tuple[str, int, int, int]]:
    call.decoded = decoded
    done = call.finished("stop", 1.0, context_size=8, kv_bytes=0)
    assert done.avoidable_tokens == sum(part.avoidable for part in done.origins)
    assert done.prefilled_tokens == sum(part.prefilled for part in done.origins)
    return [(part.origin, part.reused, part.prefilled, part.avoidable) for part in done.origins]


def test_a_warm_call_reads_nothing_again() -> None:
    assert counted(held_then_asked(cold=False), 8) == [("system", 4, 0, 0), ("user", 2, 2, 0)]


def test_a_cold_call_reads_again_what_was_held() -> None:
    call = held_then_asked(cold=True)
    assert counted(call, 8) == [("system", 0, 4, 4), ("user", 0, 4, 2)]
    assert counted(call, 5) == [("system", 0, 4, 4), ("user", 0, 1, 1)]


def test_a_call_that_had_to_begin_again_reads_again_what_it_had_reused() -> None:
    call = held_then_asked(cold=False)
    call.reused = 0
    assert counted(call, 8) == [("system", 0, 4, 4), ("user", 0, 4, 2)]


def test_what_could_not_be_put_in_place_is_read_again() -> None:
    call = held_then_asked(cold=False)
    call.lease = replace(
        call.lease, source=None, reused=0, avoidable=call.lease.avoidable + call.lease.reused
    )
    call.reused = 0
    assert counted(call, 7) == [("system", 0, 4, 4), ("user", 0, 3, 2)]
