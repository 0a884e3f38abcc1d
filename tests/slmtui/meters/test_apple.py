import pytest

from slmtui.meters.apple import apple_counters
from slmtui.meters.counter import CounterMeter, Counters
from tests.slmtui.meters.machine import FakeApple, libraries


def counters(apple: FakeApple) -> Counters:
    return apple_counters(libraries(zeus_apple_silicon=apple))


def test_the_parts_that_a_chip_tells_are_added_up() -> None:
    apple = FakeApple(cpu_total_mj=934, gpu_mj=20_708, gpu_sram_mj=None, dram_mj=None, ane_mj=0)
    found = counters(apple)
    assert found.what == "Apple's chip (CPU, GPU, ANE)"
    count = CounterMeter(found).begin()
    apple.parts |= {"cpu_total_mj": 1_434, "gpu_mj": 22_708}
    assert count.read(0, 0, 1) == pytest.approx(2.5)
    apple.broken = True
    assert count.read(0, 0, 2) is None


def test_a_mac_without_the_library_or_without_figures() -> None:
    assert "zeus-apple-silicon" in apple_counters(libraries()).advice
    silent = FakeApple(cpu_total_mj=None)
    assert counters(silent) == Counters(advice="this chip does not tell its energy")
    silent.broken = True
    assert counters(silent).counters == ()
