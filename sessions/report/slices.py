"""Accuracy on parts of the items: by data set, skill and level."""

from collections.abc import Callable, Mapping, Sequence

from sessions.comparing.rating import rate
from sessions.comparison import Rate
from sessions.report.data import Report
from sessions.run_records import AttemptRecord, ItemRecord

Slices = Mapping[str, Mapping[str, Rate]]
"""For each part of the items the rate of each arm."""

LEVELS = ("easy", "medium", "hard")

BY: Mapping[str, Callable[[ItemRecord], str]] = {
    "data set": lambda item: item.data_set,
    "skill": lambda item: item.skill,
    "level": lambda item: item.level,
}


def slices(report: Report) -> dict[str, Slices]:
    """Return the strict accuracy of each arm by data set, skill and level, where items are told apart."""
    found = {name: _rates(report, part_of) for name, part_of in BY.items()}
    return {name: rates for name, rates in found.items() if rates and (len(rates) > 1 or name == "data set")}


def _rates(report: Report, part_of: Callable[[ItemRecord], str]) -> Slices:
    names = {item.item: part_of(item) for item in report.items}
    parts = sorted(dict.fromkeys(filter(None, names.values())), key=_place)
    return {
        part: {
            arm: _rate([each for each in attempts if names.get(each.item) == part])
            for arm, attempts in report.by_arm.items()
        }
        for part in parts
    }


def _place(part: str) -> tuple[int, str]:
    """Return where a part stands: levels by how hard they are, all else by name."""
    return (LEVELS.index(part), "") if part in LEVELS else (len(LEVELS), part)


def _rate(attempts: Sequence[AttemptRecord]) -> Rate:
    """Return the strictly right of scored attempts, with an interval that knows of repeats."""
    scored = [each for each in attempts if each.state is not None]
    return rate([bool(each.strict) for each in scored], [each.item for each in scored])
