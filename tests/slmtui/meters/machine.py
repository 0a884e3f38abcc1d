"""A machine's counters as files and libraries that a test writes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from slmtui.meters.choose import Machine
from slmtui.meters.emi import EmiDevice

RANGE = 262_143_328_850
"""The range of a real package counter, in microjoules."""


def domain(root: Path, folder: str, name: str, count: int | str) -> Path:
    path = root / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / "name").write_text(f"{name}\n")
    (path / "max_energy_range_uj").write_text(f"{RANGE}\n")
    (path / "energy_uj").write_text(f"{count}\n")
    return path / "energy_uj"


def supply(root: Path, name: str, **files: object) -> Path:
    """Write a power supply as Linux shows it; None removes a file."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, value in files.items():
        if value is None:
            (folder / file).unlink(missing_ok=True)
        else:
            (folder / file).write_text(f"{value}\n")
    return folder


class GoneError(Exception):
    """NVML's error."""


class FakeNvml:
    """NVML with as many GPUs as there are counts; None is a GPU that cannot count."""

    NVMLError = GoneError

    def __init__(self, *counts: int | None, fails: bool = False) -> None:
        self.counts: list[int | None] = list(counts)
        self.gone: set[int] = set()
        self.fails = fails

    def nvmlInit(self) -> None:  # noqa: N802
        if self.fails:
            raise GoneError("Driver Not Loaded")

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return len(self.counts)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        if index in self.gone:
            raise GoneError("GPU is lost")
        return index

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: int) -> int:  # noqa: N802
        count = self.counts[handle]
        if count is None:
            raise GoneError("Not Supported")
        return count


class FakeApple:
    """The library of Apple's chips; parts are in mJ, None where the chip does not tell one."""

    def __init__(self, **parts: int | None) -> None:
        self.parts = parts
        self.broken = False

    def AppleEnergyMonitor(self) -> "FakeApple":  # noqa: N802
        return self

    def get_cumulative_energy(self) -> Any:
        if self.broken:
            raise RuntimeError("no samples")
        return SimpleNamespace(**self.parts)


def libraries(**modules: Any) -> Callable[[str], Any]:
    def load(name: str) -> Any:
        if name not in modules:
            raise ModuleNotFoundError(name)
        return modules[name]

    return load


def bare(
    root: Path,
    *,
    platform: str = "linux",
    devices: Sequence[EmiDevice] = (),
    **modules: Any,
) -> Machine:
    """Return a machine that shows what was written under `root` and nothing else."""
    return Machine(
        platform=platform,
        powercap=root / "powercap",
        power_supply=root / "power_supply",
        nvidia_driver=root / "nvidia",
        load=libraries(**modules),
        emi_devices=lambda: devices,
    )
