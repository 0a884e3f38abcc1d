"""What goes into a batch, who may begin, and whose CPU time it was: on calls without a model behind them."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.message import Message, Sampling
from agents.model import Request
from slmtui.engine.admission import Waiting, may_begin
from slmtui.engine.batch import MIXED_CHUNK, Batch, next_batch
from slmtui.engine.call import Call, State, Times
from slmtui.engine.cpu_accounts import CpuAccounts
from slmtui.engine.prompt import Prompt
from slmtui.engine.sequences import Lease, Sequence, SequencePool
from slmtui.engine.tokenizing import Run

SIZE = 128


@dataclass
class NoSampler:
    sampling_s: float = 0.0
    grammar_s: float = 0.0


def asked(turn: str = "", *, cold: bool = False, max_tokens: int = 10) -> Request:
    messages = (Message("user", "x", "user"),)
    return Request("c", "a", "answer", messages, Sampling(), max_tokens, 0.0, turn=turn, cold=cold)


def call(
    tokens: list[int], decoded: int, output: list[int], sequence: int = 0, request: Request | None = None
) -> Call:
    sampler: Any = NoSampler()
    made = Call(
        request or asked(),
        Prompt(tokens, [Run("user", len(tokens))], 0, len(tokens)),
        Lease(Sequence(sequence), None, 0, 0, whole=False),
        sampler,
        Times(0.0),
        decoded,
        0,
    )
    made.output = output
    made.state = State.DECODE if output else State.PREFILL
    return made


calls = st.lists(
    st.tuples(st.integers(1, 300), st.booleans()).map(
        lambda drawn: call(list(range(drawn[0])), drawn[0] if drawn[1] else 0, [7] if drawn[1] else [])
    ),
    min_size=1,
    max_size=20,
)


@given(calls)
def test_every_stream_has_a_row_and_no_prompt_makes_it_wait_long(running: list[Call]) -> None:
    batch = next_batch(running, SIZE)
    streams = [c for c in running if c.state is State.DECODE]
    readers = [c for c in running if c.state is State.PREFILL]
    assert [s.call for s in batch.shares[: len(streams)]] == streams
    assert 0 < len(batch.rows) <= SIZE
    reading = len(batch.rows) - len(streams)
    assert reading <= (MIXED_CHUNK if streams else SIZE)
    if readers and (room := (MIXED_CHUNK if streams else SIZE)) >= len(readers):
        assert reading == min(room, reading_of(readers, room))
    for share in batch.shares:
        last = share.call.decoded + len(share.tokens) == len(share.call.prompt.tokens)
        assert (share.row >= 0) == (share.call.state is State.DECODE or last)


def reading_of(readers: list[Call], room: int) -> int:
    """What fair parts of the room come to: a short prompt leaves its part to those behind it."""
    taken = 0
    for i, reader in enumerate(readers):
        taken += min(len(reader.next_prompt), (room - taken) // (len(readers) - i))
    return taken


def waiting(tokens: list[int], *, cold: bool = False, max_tokens: int = 10) -> Waiting:
    entry = Waiting(asked(cold=cold, max_tokens=max_tokens), 0.0)
    entry.prompt = Prompt(tokens, [Run("user", len(tokens))], 0, len(tokens))
    return entry


def test_a_call_waits_for_a_prefix_that_another_is_reading() -> None:
    pool = SequencePool(4)
    leader = call(list(range(100)), 0, [])
    follower = waiting([*range(80), 999])
    assert not may_begin(follower, [leader], pool, 1000)
    assert may_begin(waiting([*range(10), 999]), [leader], pool, 1000), "too little to wait for"
    lease = pool.acquire(leader.prompt.tokens)
    assert lease is not None
    pool.extend(lease.sequence, list(range(80)))
    assert may_begin(follower, [leader], pool, 1000)
    whole_only = SequencePool(4, can_cut=False)
    assert may_begin(follower, [leader], whole_only, 1000), "what cannot be shared is not waited for"


def test_a_call_waits_for_room_and_a_lone_one_does_not() -> None:
    pool = SequencePool(4)
    running = [call(list(range(50)), 50, [1], request=asked(max_tokens=100))]
    late = waiting([1000, 1001], max_tokens=100)
    assert may_begin(late, running, pool, 252)
    assert not may_begin(late, running, pool, 251)
    assert may_begin(late, [], pool, 1)


def test_cold_calls_run_alone() -> None:
    pool = SequencePool(4)
    other = call([1, 2], 0, [])
    assert may_begin(waiting([1], cold=True), [], pool, 1000)
    assert not may_begin(waiting([1], cold=True), [other], pool, 1000)
    assert not may_begin(waiting([1]), [call([1], 0, [], request=asked(cold=True))], pool, 1000)


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), min_size=1), max_size=8))
def test_cpu_time_is_split_over_the_rows_and_sums_to_all(steps: list[list[tuple[str, int]]]) -> None:
    now = 0.0
    accounts = CpuAccounts(lambda: now)
    for step in steps:
        batch = Batch()
        for turn, rows in step:
            batch.add(call([], 0, [], request=asked(turn)), [1] * rows, logits=True)
        now += 1.5
        before = accounts.by_turn()
        accounts.charge(batch)
        after = accounts.by_turn()
        rows_of = {turn: sum(n for t, n in step if t == turn) for turn, _ in step}
        for turn, rows in rows_of.items():
            spent = after[turn] - before.get(turn, 0.0)
            assert abs(spent - 1.5 * rows / len(batch.rows)) < 1e-9
    assert abs(sum(accounts.by_turn().values()) - now) < 1e-9
    assert abs(sum(accounts.end_turn(turn) for turn in "abc") - now) < 1e-9
    assert accounts.by_turn() == {}


@dataclass
class Clock:
    now: float = 0.0
    seen: list[float] = field(default_factory=list)


def test_a_pause_is_charged_to_nobody() -> None:
    clock = Clock()
    accounts = CpuAccounts(lambda: clock.now)
    clock.now = 5.0
    accounts.start()
    clock.now = 6.0
    batch = Batch()
    batch.add(call([], 0, [], request=asked("t")), [1], logits=True)
    accounts.charge(batch)
    assert accounts.end_turn("t") == 1.0
