from collections.abc import Callable
from pathlib import Path

import pytest

from slmtui.meters.battery import BatteryMeter
from slmtui.meters.counter import Counter, CounterMeter, Counters
from slmtui.meters.energy import EnergyMeter
from slmtui.meters.idle import Idle
from slmtui.meters.meter import Meter
from slmtui.meters.modelled import ModelledMeter
from slmtui.meters.process import ProcessMeter
from tests.slmtui.meters.machine import supply


class Bench:
    """A machine that draws `watts` by a clock of its own, with meters for turns."""

    def __init__(self, wrap: int | None = None) -> None:
        self.now = 0.0
        self.millijoules = 0
        counter = Counter(lambda: self.millijoules, 1e-3, wrap)
        self.energy = CounterMeter(Counters((counter,), "a package"))
        self.idle = Idle(self.energy, lambda: self.now)

    def turn(self) -> Meter:
        meter = meter_of(self.energy, self.idle)
        meter.start([])
        return meter

    def passes(self, seconds: float, watts: float) -> None:
        self.now += seconds
        self.millijoules += round(seconds * watts * 1000)


def meter_of(energy: EnergyMeter, idle: Idle) -> Meter:
    return Meter(energy, idle, ProcessMeter)


def idle_watts(meter: Meter) -> float | None:
    return meter.read(1).idle_watts


def test_what_is_drawn_between_turns_is_told_with_the_next_and_taken_off_nothing() -> None:
    bench = Bench()
    bench.passes(60, 30)  # before the first turn anything may have run: the model was loaded
    first = bench.turn()
    bench.passes(5, 40)
    assert first.read(5).idle_watts is None
    first.stop()
    bench.passes(4, 8)
    second = bench.turn()
    bench.passes(5, 40)
    read = second.read(5)
    assert (read.joules, read.idle_watts) == (pytest.approx(200), pytest.approx(8))
    second.stop()
    bench.passes(1.9, 35)  # too short to be idle
    assert idle_watts(bench.turn()) == pytest.approx(8)


def test_a_machine_is_idle_when_the_last_of_the_turns_at_once_has_ended() -> None:
    bench = Bench()
    early, late = bench.turn(), bench.turn()
    early.stop()
    bench.passes(10, 40)
    assert idle_watts(bench.turn()) is None  # `late` ran all the time; this one ends at once
    late.stop()
    bench.passes(10, 6)
    assert idle_watts(bench.turn()) == pytest.approx(6)


def test_a_turn_that_never_says_that_it_ended_spoils_one_pause_alone() -> None:
    bench = Bench()
    left = bench.turn()
    del left
    bench.passes(10, 40)
    after = bench.turn()
    assert idle_watts(after) is None
    after.stop()
    after.stop()  # twice is once
    bench.passes(10, 7)
    assert idle_watts(bench.turn()) == pytest.approx(7)


@pytest.mark.parametrize("spoil", [lambda b: setattr(b, "millijoules", 0), lambda b: b.passes(9e3, 1)])
def test_a_pause_in_which_the_counter_was_reset_or_went_round_unseen_is_not_told(
    spoil: Callable[[Bench], None],
) -> None:
    bench = Bench(wrap=10**9)
    bench.passes(10, 1000)
    bench.turn().stop()
    spoil(bench)
    bench.passes(3, 10)
    assert idle_watts(bench.turn()) is None


def test_the_users_own_figure_is_not_measured() -> None:
    now = [0.0]
    energy = ModelledMeter(12, 40, 2)
    idle = Idle(energy, lambda: now[0])
    for _ in range(2):
        meter = meter_of(energy, idle)
        meter.start([])
        assert idle_watts(meter) == 12
        meter.stop()
        now[0] += 10


def test_a_power_that_was_seen_twice_says_nothing_of_the_time_between(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Discharging", power_now=9_000_000)
    now = [0.0]
    energy = BatteryMeter(tmp_path, ModelledMeter(1, 2, 3))
    idle = Idle(energy, lambda: now[0])
    for _ in range(2):
        meter = meter_of(energy, idle)
        meter.start([])
        read = meter.read(1)
        assert (read.joules, read.idle_watts) == (pytest.approx(9), None)
        meter.stop()
        now[0] += 10
