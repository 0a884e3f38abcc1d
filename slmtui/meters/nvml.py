"""The energy counters of NVIDIA's GPUs, by NVML: since Volta, in mJ since the driver was loaded.

https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceQueries.html. They need the extra `nvidia`.
"""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from slmtui.meters.counter import Counter, Counters, several

MILLIJOULES = 1e-3
DRIVER = Path("/proc/driver/nvidia/version")


def nvml_counters(load: Callable[[str], Any] = importlib.import_module, driver: Path = DRIVER) -> Counters:
    """Return the counters of all GPUs that have one; none without NVIDIA's driver or its library."""
    try:
        nvml = load("pynvml")
    except ImportError:
        seen = driver.exists()
        return Counters(
            advice="an NVIDIA GPU is there: `pip install 'slmtui[nvidia]'` counts its energy" if seen else ""
        )
    try:
        nvml.nvmlInit()
        reads = [partial(_count, nvml, index) for index in range(nvml.nvmlDeviceGetCount())]
    except nvml.NVMLError:
        return Counters()
    counters = tuple(Counter(read, MILLIJOULES) for read in reads if _can(read))
    if not counters:
        return Counters(advice="no GPU here counts its energy (NVIDIA's do since Volta)" if reads else "")
    some = "" if len(counters) == len(reads) else f"{len(counters)} of "
    return Counters(counters, f"{some}{several(len(reads), 'GPU')}")


def _count(nvml: Any, index: int) -> int:
    """Return a GPU's counter. Raises `OSError`, also when the GPU has gone."""
    try:
        return int(nvml.nvmlDeviceGetTotalEnergyConsumption(nvml.nvmlDeviceGetHandleByIndex(index)))
    except nvml.NVMLError as error:
        raise OSError(f"GPU {index} does not tell its energy: {error}") from error


def _can(read: Callable[[], int]) -> bool:
    try:
        read()
    except OSError:
        return False
    return True
