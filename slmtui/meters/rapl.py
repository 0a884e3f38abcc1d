"""Measured energy: the counters of the processor packages, by Linux's powercap interface (RAPL).

https://www.kernel.org/doc/html/latest/power/powercap/powercap.html. The counters are of the whole
package, all processes in it; since 2020 most kernels let root alone read them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from agents.events import EnergySource

POWERCAP = Path("/sys/class/powercap")
MICROJOULES = 1e-6

_DOMAIN = re.compile(r"^intel-rapl:\d+$")


def rapl_domains(powercap: Path) -> list[Path]:
    """Return the folders of the package domains, readable or not.

    Domains within a package, and `psys` that has the packages within it, would count twice.
    """
    try:
        folders = sorted(powercap.iterdir())
    except OSError:
        return []
    return [
        folder for folder in folders if _DOMAIN.match(folder.name) and _name(folder).startswith("package")
    ]


@dataclass(slots=True)
class _Domain:
    """One package: its counter, where that wraps, its last count, and the sum, in microjoules."""

    file: Path
    range: int
    last: int = 0
    total: int = 0

    def start(self) -> None:
        self.last, self.total = _count(self.file), 0

    def advance(self) -> int:
        """Add what was counted since the last look; a counter that went back has wrapped around once."""
        now = _count(self.file)
        passed = now - self.last if now >= self.last else now - self.last + self.range
        self.total += max(0, passed)
        self.last = now
        return self.total


class RaplMeter:
    """Adds up the counters of all packages."""

    source: EnergySource = "measured"

    def __init__(self, powercap: Path = POWERCAP) -> None:
        """Look at the counters once. Raises `OSError` when there is none, or one cannot be read."""
        self._domains = [_open(folder) for folder in rapl_domains(powercap)]
        if not self._domains:
            raise FileNotFoundError(f"there is no energy counter under {powercap}")
        count = len(self._domains)
        self.scope = f"{count} processor package{'s' * (count > 1)}, all processes"
        self._started = False

    def start(self) -> None:
        """Begin to count anew. When a counter cannot be read now, this turn has no figure."""
        try:
            for domain in self._domains:
                domain.start()
        except (OSError, ValueError):
            self._started = False
        else:
            self._started = True

    def read(self, cpu_s: float, wall_s: float) -> float | None:
        """Return the joules of the packages since `start`; the share of one process is not known."""
        _ = cpu_s, wall_s
        if not self._started:
            return None
        try:
            return sum(domain.advance() for domain in self._domains) * MICROJOULES
        except (OSError, ValueError):
            return None


def _open(folder: Path) -> _Domain:
    try:
        domain = _Domain(folder / "energy_uj", _count(folder / "max_energy_range_uj"))
        domain.start()
    except ValueError as error:
        raise OSError(f"{folder} does not hold a count") from error
    return domain


def _count(file: Path) -> int:
    return int(file.read_text(encoding="ascii"))


def _name(folder: Path) -> str:
    try:
        return (folder / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
