from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine import native
from slmtui.engine.calibrate import (
    COOL_DOWN,
    STEPS,
    WINDOW,
    CalibrationError,
    SpeedWatch,
    calibrate,
    candidates,
    measure_on,
    sweep,
)
from slmtui.engine.native import Row
from slmtui.engine.protocol import Threads, ThreadSpeed


@pytest.mark.parametrize(
    ("allowed", "physical", "expected"),
    [
        (1, 1, [1]),
        (1, 8, [1]),
        (2, 2, [1, 2]),
        (4, 2, [1, 2, 4]),
        (8, 4, [1, 2, 3, 4, 8]),
        (6, 6, [1, 2, 4, 5, 6]),
        (16, 16, [1, 2, 4, 8, 15, 16]),
        (128, 64, [4, 8, 16, 32, 63, 64, 128]),
    ],
)
def test_candidates(allowed: int, physical: int, expected: list[int]) -> None:
    assert candidates(allowed, physical) == expected


@given(st.integers(1, 1024), st.integers(1, 512))
def test_candidates_are_few_and_within_what_is_allowed(allowed: int, physical: int) -> None:
    numbers = candidates(allowed, physical)
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
    assert numbers[-1] <= allowed
    assert len(numbers) <= 8


def speeds(table: dict[int, tuple[float, float]]) -> tuple[Threads, tuple[ThreadSpeed, ...]]:
    return sweep(lambda threads: ThreadSpeed(threads, *table[threads]), list(table))


def test_the_fastest_wins_and_the_reason_has_its_rival() -> None:
    threads, measured = speeds({1: (92, 300), 2: (141, 580)})
    assert threads == Threads(2, 2, "2 threads: 141 tok/s decoding, against 92 with 1", 141)
    assert measured == (ThreadSpeed(1, 92, 300), ThreadSpeed(2, 141, 580))


def test_fewer_threads_win_unless_more_are_worth_it() -> None:
    assert speeds({1: (100, 100), 2: (102.9, 102.9)})[0].decode == 1
    assert speeds({1: (100, 100), 2: (103, 103)})[0].decode == 2
    assert speeds({1: (100, 100), 2: (102, 100), 3: (104, 100)})[0].decode == 3


def test_decoding_and_reading_are_chosen_apart() -> None:
    threads, _ = speeds({1: (60, 100), 2: (90, 200), 4: (80, 390)})
    assert (threads.decode, threads.batch) == (2, 4)
    assert threads.reason == (
        "2 threads: 90 tok/s decoding, against 80 with 4; 4 to read prompts: 390 tok/s, against 200 with 2"
    )


def test_one_thread_has_no_rival() -> None:
    assert speeds({1: (3.14, 9)})[0] == Threads(1, 1, "1 thread: 3.1 tok/s decoding", 3.14)


def test_climbing_ends_when_both_speeds_have_fallen_twice() -> None:
    tried = speeds({1: (9, 9), 2: (8, 8), 3: (7, 7), 4: (99, 99)})[1]
    assert [speed.threads for speed in tried] == [1, 2, 3]
    once_more = speeds({1: (9, 9), 2: (8, 8), 3: (10, 10), 4: (9, 9)})[1]
    assert len(once_more) == 4
    reading_still_grows = speeds({1: (9, 9), 2: (8, 10), 3: (7, 11), 4: (6, 12)})
    assert (len(reading_still_grows[1]), reading_still_grows[0].batch) == (4, 4)


class FakeContext:
    """A context in which a row costs seconds, by the number of threads and the size of its batch."""

    def __init__(self, row_s: Callable[[int, int], float], batch: int = 128, size: int = 512) -> None:
        self.batch_size = batch
        self.size = size
        self.row_s = row_s
        self.now = 0.0
        self.threads = (0, 0)
        self.batches: list[int] = []
        self.held = 0
        self.fails_after = 10**9

    def set_threads(self, decode: int, batch: int) -> None:
        self.threads = (decode, batch)

    def decode(self, rows: Sequence[Row]) -> int:
        assert 0 < len(rows) <= self.batch_size
        assert [row.position for row in rows] == list(range(self.held, self.held + len(rows)))
        assert self.held + len(rows) <= self.size
        self.held += len(rows)
        self.batches.append(len(rows))
        self.now += len(rows) * self.row_s(self.threads[0], len(rows))
        return 0 if len(self.batches) <= self.fails_after else 2

    def cut(self, sequence: int, position: int) -> bool:
        assert (sequence, position) == (0, 0)
        self.held = 0
        return True


def test_a_batch_and_steps_are_timed_and_the_sequence_is_left_empty() -> None:
    context = FakeContext(lambda threads, rows: 0.01 / threads / (1 if rows == 1 else 4))
    speed = measure_on(context, 2, lambda: context.now)
    assert (speed.threads, round(speed.decode), round(speed.prefill)) == (2, 200, 800)
    assert context.batches == [1, 128, *[1] * STEPS]
    assert context.held == 0


def test_a_large_model_is_timed_on_less() -> None:
    context = FakeContext(lambda _threads, rows: 1.0 if rows == 1 else 0.2)
    speed = measure_on(context, 1, lambda: context.now)
    assert (round(speed.decode, 3), round(speed.prefill, 3)) == (1.0, 5.0)
    assert context.batches == [1, 8, 1]
    assert context.now < 5


def test_a_small_context_holds_all_that_is_timed() -> None:
    context = FakeContext(lambda _threads, _rows: 0.001, batch=512, size=256)
    measure_on(context, 1, lambda: context.now)
    assert context.batches[1] == 256 - STEPS - 1


def test_a_clock_that_stands_still_is_no_division_by_zero() -> None:
    context = FakeContext(lambda _threads, _rows: 0.0)
    assert measure_on(context, 1, lambda: 0.0).decode > 0


def test_a_batch_that_is_not_decoded_ends_the_measurement() -> None:
    context = FakeContext(lambda _threads, _rows: 0.001)
    context.fails_after = 3
    with pytest.raises(CalibrationError, match="status 2"):
        measure_on(context, 1, lambda: context.now)
    assert context.held == 0


def test_calibrating_sets_the_threads_that_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slmtui.engine.calibrate.allowed_cores", lambda: 4)
    monkeypatch.setattr("slmtui.engine.calibrate.physical_cores", lambda: 4)
    # Single tokens gain nothing from a third thread, batches do.
    context = FakeContext(lambda threads, rows: 0.01 / (min(threads, 2) if rows == 1 else threads))
    threads, measured = calibrate(context, lambda: context.now)
    assert (threads.decode, threads.batch) == context.threads == (2, 4)
    assert [speed.threads for speed in measured] == [1, 2, 3, 4]


def test_llama_cpp_is_timed_and_left_empty(tiny_model: Path) -> None:
    model = native.NativeModel(tiny_model, 0, lambda _fraction: None)
    context = native.NativeContext(model, native.ContextOptions(512, 32, 2, 1, 1))
    ticks = iter(range(10**6))
    speed = measure_on(context, 1, lambda: next(ticks) * 0.001)
    assert speed.decode > 0
    assert speed.prefill > speed.decode  # a batch takes one tick, as one token does
    empty = context.state_bytes(1)
    assert context.state_bytes(0) == empty
    context.close()


def fed(watch: SpeedWatch, seconds: float, steps: int = WINDOW, depth: int = 0) -> bool:
    for _ in range(steps):
        watch.add(seconds, depth)
    return watch.slow


def test_half_the_speed_is_slow_and_a_little_more_is_not() -> None:
    watch = SpeedWatch(100.0)
    assert not fed(watch, 0.0199)
    assert fed(watch, 0.02)


def test_some_slow_steps_and_too_few_are_not_slow() -> None:
    watch = SpeedWatch(100.0)
    assert not fed(watch, 0.5, WINDOW - 1)
    watch = SpeedWatch(100.0)
    for step in range(10 * WINDOW):
        watch.add(0.5 if step % 3 == 0 else 0.01)
        assert not watch.slow


def test_after_a_measurement_it_rests() -> None:
    watch = SpeedWatch(100.0, cool_down=50)
    assert fed(watch, 0.1)
    watch.measured(30.0)
    assert not watch.slow
    assert not fed(watch, 0.03, 49)
    assert fed(watch, 0.03, 1)  # still slow beside the best that was ever measured
    watch.measured(30.0)
    assert not fed(watch, 0.03, 99)  # the last one did not help, so twice as long
    assert fed(watch, 0.03, 1)


def test_a_machine_that_recovers_resets_its_patience() -> None:
    watch = SpeedWatch(100.0, cool_down=50)
    fed(watch, 0.1)
    watch.measured(30.0)
    assert not fed(watch, 0.01, 200)
    assert fed(watch, 0.1)
    watch.measured(30.0)
    fed(watch, 0.1, 49)
    assert fed(watch, 0.1, 1)


def test_patience_has_an_end() -> None:
    watch = SpeedWatch(100.0, cool_down=WINDOW)
    fed(watch, 0.1)
    for _ in range(20):
        watch.measured(10.0)
    assert fed(watch, 0.1, 32 * WINDOW)


def test_a_deep_context_is_not_taken_for_a_slow_machine() -> None:
    deep = 0.01 * (1 + 8000 * 0.00025)
    assert fed(SpeedWatch(100.0), deep, depth=8000)
    assert not fed(SpeedWatch(100.0, depth_cost=0.00025), deep, depth=8000)
    assert fed(SpeedWatch(100.0, depth_cost=0.00025), 2 * deep, depth=8000)


def test_without_a_calibrated_speed_it_learns_from_the_first_window() -> None:
    watch = SpeedWatch()
    assert not fed(watch, 0.05)
    assert not fed(watch, 0.05, COOL_DOWN)
    assert fed(watch, 0.1)
