import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from slmtui.meters.energy import NoEnergyMeter
from slmtui.meters.meter import Meter
from slmtui.meters.modelled import ModelledMeter


class FakeProcess:
    def __init__(self, pid: int, rss: int, cpu: float, children: "tuple[FakeProcess, ...]" = ()) -> None:
        self.pid = pid
        self.rss = rss
        self.cpu = cpu
        self.born = children
        self.gone = False

    def oneshot(self) -> Any:
        return nullcontext()

    def children(self, recursive: bool) -> "tuple[FakeProcess, ...]":
        assert recursive
        self._check()
        return self.born

    def cpu_times(self) -> Any:
        self._check()
        return SimpleNamespace(user=self.cpu * 0.75, system=self.cpu * 0.25)

    def memory_info(self) -> Any:
        self._check()
        return SimpleNamespace(rss=self.rss)

    def _check(self) -> None:
        if self.gone:
            raise psutil.NoSuchProcess(self.pid)


def process_of(process: FakeProcess) -> Callable[[int], psutil.Process]:
    return lambda _pid: cast("psutil.Process", process)


def test_readings_count_from_the_start_of_the_turn() -> None:
    process = FakeProcess(1, rss=100, cpu=8)
    meter = Meter(NoEnergyMeter(), process_of(process))
    meter.start(1)
    process.rss, process.cpu = 300, 9.5
    meter.read(0.5)
    process.rss = 200
    read = meter.read(1.0)
    assert (read.t, read.rss_bytes, read.peak_rss_bytes) == (1.0, 200, 300)
    assert read.cpu_s == pytest.approx(1.5)
    assert (read.joules, read.source) == (None, "none")
    meter.start(1)
    assert meter.read(0.1).peak_rss_bytes == 200


def test_children_count_also_when_they_have_ended() -> None:
    child = FakeProcess(2, rss=50, cpu=1)
    process = FakeProcess(1, rss=100, cpu=1, children=(child,))
    meter = Meter(NoEnergyMeter(), process_of(process))
    meter.start(1)
    child.cpu = 3
    assert meter.read(1).rss_bytes == 150
    child.gone = True
    read = meter.read(2)
    assert read.rss_bytes == 100
    assert read.cpu_s == pytest.approx(2)


def test_a_process_that_vanishes_ends_the_figures_and_nothing_else() -> None:
    process = FakeProcess(1, rss=100, cpu=1)
    meter = Meter(ModelledMeter(10, 10, 1), process_of(process))
    meter.start(1)
    process.cpu = 2
    meter.read(1)
    process.gone = True
    read = meter.read(2)
    assert (read.rss_bytes, read.peak_rss_bytes) == (0, 100)
    assert read.cpu_s == pytest.approx(1)
    assert (read.joules, read.source) == (20, "modelled")


def test_no_process_at_all() -> None:
    def gone(pid: int) -> psutil.Process:
        raise psutil.NoSuchProcess(pid)

    meter = Meter(NoEnergyMeter(), gone)
    for pid in (None, 1):
        meter.start(pid)
        read = meter.read(1)
        assert (read.rss_bytes, read.peak_rss_bytes, read.cpu_s) == (0, 0, 0)


def test_a_real_process() -> None:
    meter = Meter(NoEnergyMeter())
    meter.start(os.getpid())
    sum(i * i for i in range(300_000))
    read = meter.read(1)
    assert read.rss_bytes > 5_000_000
    assert read.cpu_s > 0


def test_a_real_process_that_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        meter = Meter(NoEnergyMeter())
        meter.start(child.pid)
        assert meter.read(0).rss_bytes > 0
        child.communicate(b"\n")
    assert meter.read(1).rss_bytes == 0
