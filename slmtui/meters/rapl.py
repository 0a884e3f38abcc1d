"""The counters of the processor packages, by Linux's powercap interface (RAPL).

https://www.kernel.org/doc/html/latest/power/powercap/powercap.html. The counters are of the whole
package, all processes in it; since 2020 most kernels let root alone read them.
"""

import re
from functools import partial
from pathlib import Path

from slmtui.meters.counter import Counter, Counters, distinct, several

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


def rapl_counters(powercap: Path) -> Counters:
    """Return the counters of all packages; none where one of them cannot be read, as half is no figure."""
    domains = rapl_domains(powercap)
    if not domains:
        return Counters(advice="this machine shows no energy counter (virtual machines seldom do)")
    try:
        counters = distinct([_open(folder) for folder in domains])
    except OSError:
        where = f"{powercap}/*/energy_uj"
        return Counters(advice=f"the energy counter is there but may not be read; let your user read {where}")
    return Counters(counters, several(len(counters), "processor package"))


def _open(folder: Path) -> Counter:
    """Look at a counter once. Raises `OSError` when it cannot be read."""
    read = partial(_count, folder / "energy_uj")
    read()
    return Counter(read, MICROJOULES, _count(folder / "max_energy_range_uj"))


def _count(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"))
    except ValueError as error:
        raise OSError(f"{file} does not hold a count") from error


def _name(folder: Path) -> str:
    try:
        return (folder / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
