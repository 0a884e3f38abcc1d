import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from slmtui.meters.energy import EnergyMeter, NoEnergyMeter
from slmtui.meters.idle import Idle
from slmtui.meters.meter import Meter
from slmtui.meters.modelled import ModelledMeter
from slmtui.meters.process import ProcessMeter, resident


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


NOWHERE = Path("no-such-folder")


def opened(process: FakeProcess, proc: Path = NOWHERE) -> Callable[[int], ProcessMeter]:
    return lambda pid: ProcessMeter(pid, lambda _pid: cast("psutil.Process", process), proc)


def meter_of(energy: EnergyMeter, process: FakeProcess, proc: Path = NOWHERE) -> Meter:
    return Meter(energy, Idle(energy, float), opened(process, proc))


def test_readings_count_from_the_start_of_the_turn() -> None:
    process = FakeProcess(1, rss=100, cpu=8)
    meter = meter_of(NoEnergyMeter(), process)
    meter.start([1])
    process.rss, process.cpu = 300, 9.5
    meter.read(0.5)
    process.rss = 200
    read = meter.read(1.0)
    assert (read.t, read.rss_bytes, read.peak_rss_bytes) == (1.0, 200, 300)
    assert read.cpu_s == pytest.approx(1.5)
    assert (read.joules, read.source) == (None, "none")


def test_the_engines_account_of_a_turn_goes_before_the_reading_of_its_process() -> None:
    process = FakeProcess(1, rss=100, cpu=5)
    meter = meter_of(ModelledMeter(10, 30, 2), process)
    meter.start([1])
    process.cpu = 13
    read = meter.read(4, cpu_s=2)  # a quarter of the engine's 8 s
    assert read.cpu_s == 2
    assert read.joules == pytest.approx((10 * 4 + 20 * 8 / 2) / 4)
    alone = meter.read(4)
    assert alone.cpu_s == pytest.approx(8)
    assert alone.joules == pytest.approx(10 * 4 + 20 * 8 / 2)


def test_turns_at_once_sum_to_the_process() -> None:
    process = FakeProcess(1, rss=100, cpu=5)
    energy = ModelledMeter(10, 30, 2)
    first, second = (meter_of(energy, process) for _ in range(2))
    for meter in (first, second):
        meter.start([1])
    process.cpu = 11
    reads = [first.read(4, cpu_s=4.5), second.read(4, cpu_s=1.5)]
    assert sum(read.cpu_s for read in reads) == 6
    joules = [read.joules for read in reads if read.joules is not None]
    assert sum(joules) == pytest.approx(10 * 4 + 20 * 6 / 2)
    assert joules[0] == pytest.approx(3 * joules[1])


@pytest.mark.parametrize("pids", [[1], []])
def test_an_account_ahead_of_the_process_is_believed(pids: list[int]) -> None:
    process = FakeProcess(1, rss=100, cpu=5)
    meter = meter_of(ModelledMeter(10, 30, 2), process)
    meter.start(pids)
    read = meter.read(1, cpu_s=0.5)
    assert (read.cpu_s, read.joules) == (0.5, pytest.approx(10 + 20 * 0.5 / 2))


def status(proc: Path, pid: int, **kib: int) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"Rss{kind}:\t {size:7} kB" for kind, size in kib.items()]
    (folder / "status").write_text("\n".join(["Name:\tpython", "VmHWM:\t  999999 kB", *lines, "Threads:\t3"]))


def test_memory_is_told_apart_where_the_system_does(tmp_path: Path) -> None:
    child = FakeProcess(2, rss=1, cpu=0)
    process = FakeProcess(1, rss=1, cpu=0, children=(child,))
    status(tmp_path, 1, Anon=300, File=96_000, Shmem=20)
    status(tmp_path, 2, Anon=1, File=2, Shmem=0)
    meter = meter_of(NoEnergyMeter(), process, tmp_path)
    meter.start([1])
    read = meter.read(1)
    assert (read.anon_bytes, read.file_bytes) == (321 * 1024, 96_002 * 1024)
    assert read.rss_bytes == read.peak_rss_bytes == 96_323 * 1024
    (tmp_path / "2" / "status").unlink()
    read = meter.read(2)
    assert (read.anon_bytes, read.file_bytes) == (None, None)
    assert read.rss_bytes == 96_320 * 1024 + 1
    assert read.peak_rss_bytes == 96_323 * 1024


@pytest.mark.parametrize("content", ["", "RssAnon: many kB\nRssFile: 1 kB\nRssShmem: 1 kB", "RssAnon:\n"])
def test_a_status_that_says_something_else_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "status").write_text(content)
    assert resident(tmp_path / "status") is None


def test_the_scope_and_the_idle_power_go_with_the_joules() -> None:
    meter = meter_of(ModelledMeter(10, 30, 2), FakeProcess(1, rss=100, cpu=1))
    assert (meter.read(1).scope, meter.read(1).idle_watts) == ("", None)
    meter.start([1])
    read = meter.read(1)
    assert read.scope == "machine, 10 W idle to 30 W busy"
    assert read.idle_watts == 10


def test_nothing_is_read_before_the_turn_starts() -> None:
    def process(pid: int) -> ProcessMeter:
        raise AssertionError("a process was opened")

    energy = ModelledMeter(10, 30, 2)
    meter = Meter(energy, Idle(energy, float), process)
    read = meter.read(1)
    assert (read.joules, read.source, read.rss_bytes) == (None, "none", 0)


def test_children_count_also_when_they_have_ended() -> None:
    child = FakeProcess(2, rss=50, cpu=1)
    process = FakeProcess(1, rss=100, cpu=1, children=(child,))
    meter = meter_of(NoEnergyMeter(), process)
    meter.start([1])
    child.cpu = 3
    assert meter.read(1).rss_bytes == 150
    child.gone = True
    read = meter.read(2)
    assert read.rss_bytes == 100
    assert read.cpu_s == pytest.approx(2)


def test_a_process_that_vanishes_ends_the_figures_and_nothing_else() -> None:
    process = FakeProcess(1, rss=100, cpu=1)
    meter = meter_of(ModelledMeter(10, 10, 1), process)
    meter.start([1])
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

    energy = NoEnergyMeter()
    meter = Meter(energy, Idle(energy, float), lambda pid: ProcessMeter(pid, gone, NOWHERE))
    for pids in ([], [1]):
        meter.start(pids)
        read = meter.read(1)
        assert (read.rss_bytes, read.peak_rss_bytes, read.cpu_s) == (0, 0, 0)
        assert (read.anon_bytes, read.file_bytes) == (None, None)


def test_a_real_process() -> None:
    energy = NoEnergyMeter()
    meter = Meter(energy, Idle(energy, float))
    meter.start([os.getpid()])
    sum(i * i for i in range(300_000))
    read = meter.read(1)
    assert read.rss_bytes > 5_000_000
    assert read.cpu_s > 0
    if sys.platform == "linux":
        assert read.anon_bytes is not None
        assert read.file_bytes is not None
        assert read.anon_bytes + read.file_bytes == read.rss_bytes


def test_a_real_process_that_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        energy = NoEnergyMeter()
        meter = Meter(energy, Idle(energy, float))
        meter.start([child.pid])
        assert meter.read(0).rss_bytes > 0
        child.communicate(b"\n")
    assert meter.read(1).rss_bytes == 0
