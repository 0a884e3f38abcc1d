"""Measured energy: the counters of the processor packages, by Linux's powercap interface (RAPL).

https://www.kernel.org/doc/html/latest/power/powercap/powercap.html. The counters are of the whole
package, all processes in it; since 2020 most kernels let root alone read them.
"""

import re
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class _Domain:
    """One package: its counter, and where that wraps around, in microjoules."""

    file: Path
    range: int

    def count(self) -> int:
        """Return the counter. Raises `OSError` and `ValueError`."""
        return _count(self.file)

    def passed(self, before: int, now: int) -> int:
        """Return what was counted between two looks; a counter that went back has wrapped around once."""
        return max(0, now - before if now >= before else now - before + self.range)


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

    def begin(self) -> "RaplCount":
        """Begin the count of a turn. When a counter cannot be read now, that turn has no figure."""
        return RaplCount(self._domains)


class RaplCount:
    """What the packages have spent since a moment: of turns at once, each counts all of it."""

    def __init__(self, domains: Sequence[_Domain]) -> None:
        self._domains = domains
        self._last = _counts(domains)
        self._total = 0

    def read(self, cpu_s: float, engine_s: float, wall_s: float) -> float | None:
        """Return the joules of the packages; what share one turn or process has in them is not known."""
        _ = cpu_s, engine_s, wall_s
        now = _counts(self._domains) if self._last is not None else None
        if self._last is None or now is None:
            return None
        looks = zip(self._domains, self._last, now, strict=True)
        self._total += sum(domain.passed(before, after) for domain, before, after in looks)
        self._last = now
        return self._total * MICROJOULES


def _counts(domains: Sequence[_Domain]) -> list[int] | None:
    """Return every counter; None when one cannot be read."""
    try:
        return [domain.count() for domain in domains]
    except (OSError, ValueError):
        return None


def _open(folder: Path) -> _Domain:
    try:
        domain = _Domain(folder / "energy_uj", _count(folder / "max_energy_range_uj"))
        domain.count()
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
