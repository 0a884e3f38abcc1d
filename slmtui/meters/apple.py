"""The energy counters of Apple's chips, by the library zeus-apple-silicon: no rights are needed.

macOS itself offers `powermetrics`, which needs root, and IOReport, which is private; the library reads
the latter. The battery's own figures are a minute old on macOS, too old for a turn.
"""

import importlib
from collections.abc import Callable
from typing import Any

from slmtui.meters.counter import Counter, Counters

MILLIJOULES = 1e-3
PARTS = {"cpu_total_mj": "CPU", "gpu_mj": "GPU", "gpu_sram_mj": "", "dram_mj": "DRAM", "ane_mj": "ANE"}
"""Parts of the chip that share nothing, by the library's name; the GPU's memory goes with the GPU."""
LIBRARY = "zeus_apple_silicon"


def apple_counters(load: Callable[[str], Any] = importlib.import_module) -> Counters:
    """Return the counter of the chip: of those parts that it tells."""
    try:
        monitor = load(LIBRARY).AppleEnergyMonitor()
        told = _told(monitor)
    except ImportError:
        return Counters(advice="`pip install zeus-apple-silicon` counts the energy of Apple's chips")
    except (RuntimeError, OSError):  # the library's own, from C++
        return Counters(advice="this chip does not tell its energy")
    names = ", ".join(PARTS[part] for part in told if PARTS[part])
    if not names:
        return Counters(advice="this chip does not tell its energy")
    return Counters((Counter(lambda: _count(monitor), MILLIJOULES),), f"Apple's chip ({names})")


def _told(monitor: Any) -> dict[str, int]:
    energy = monitor.get_cumulative_energy()
    values = {part: getattr(energy, part, None) for part in PARTS}
    return {part: int(value) for part, value in values.items() if value is not None}


def _count(monitor: Any) -> int:
    try:
        return sum(_told(monitor).values())
    except RuntimeError as error:
        raise OSError(str(error)) from error
