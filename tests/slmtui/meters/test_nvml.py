from pathlib import Path

import pytest

from slmtui.meters.counter import CounterMeter, Counters
from slmtui.meters.nvml import nvml_counters
from tests.slmtui.meters.machine import FakeNvml, libraries


def counters(nvml: FakeNvml) -> Counters:
    return nvml_counters(libraries(pynvml=nvml), Path("none"))


def test_all_gpus_are_added_up_in_millijoules() -> None:
    nvml = FakeNvml(1_000_000, 50)
    found = counters(nvml)
    assert (found.what, found.advice) == ("2 GPUs", "")
    count = CounterMeter(found).begin()
    nvml.counts = [1_002_500, 300]
    assert count.read(0, 0, 1) == pytest.approx(2.75)


def test_a_gpu_that_cannot_count_is_said_to_be_left_out() -> None:
    assert counters(FakeNvml(5, None)).what == "1 of 2 GPUs"
    assert counters(FakeNvml(None)) == Counters(
        advice="no GPU here counts its energy (NVIDIA's do since Volta)"
    )
    assert counters(FakeNvml()) == Counters()


def test_a_gpu_that_vanishes_takes_the_figure_and_nothing_else() -> None:
    nvml = FakeNvml(1_000, 1_000)
    meter = CounterMeter(counters(nvml))
    count = meter.begin()
    nvml.gone = {1}
    assert count.read(0, 0, 1) is None
    assert meter.begin().read(0, 0, 1) is None
    nvml.gone, nvml.counts = set(), [2_000, 1_500]
    assert count.read(0, 0, 2) == pytest.approx(1.5)
    nvml.counts = [2_500, 3]  # the driver was loaded anew
    assert count.read(0, 0, 3) is None


def test_without_driver_or_library_there_is_nothing(tmp_path: Path) -> None:
    assert counters(FakeNvml(5, fails=True)) == Counters()
    assert nvml_counters(libraries(), tmp_path / "none") == Counters()
    (tmp_path / "version").write_text("NVRM version: NVIDIA UNIX\n")
    assert "slmtui[nvidia]" in nvml_counters(libraries(), tmp_path / "version").advice


def test_the_real_library_has_what_is_asked_of_it() -> None:
    pynvml = pytest.importorskip("pynvml")
    for name in dir(FakeNvml):
        assert name.startswith("_") or hasattr(pynvml, name)
