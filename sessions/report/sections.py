"""The parts of a report in order: HTML and Markdown print the same words and tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from sessions.report import arm_tables, made, money, pair_tables, spent
from sessions.report.data import Report
from sessions.report.figures import Figures
from sessions.report.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences and tables under it. `name` is its id; a `long` one may be folded away."""

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    long: bool = False


def sections(report: Report, figures: Figures) -> list[Section]:
    """Return the parts that have something to say, but for the charts and the items."""
    every = (*_findings(report, figures), *_conditions(report, figures))
    parts = [_without_empty(part) for part in every]
    return [part for part in parts if part.sentences or part.tables]


def _findings(report: Report, figures: Figures) -> Iterator[Section]:
    comparison = report.comparison
    yield Section("verdicts", "What can be said", tuple(pair.text for pair in comparison.pairs if pair.text))
    doubts = (*comparison.audits, *comparison.notes)
    yield Section("doubts", "Before believing it", doubts)
    yield Section("preferences", "Which was better", (), (pair_tables.preferences(report, figures),))
    if comparison.scored:
        yield from _scored(report, figures)
    else:
        yield Section("costs", "Costs", (), (arm_tables.costs(report, figures),))
    paid = money.money(report.money, figures, scored=comparison.scored)
    yield Section("money", "Money", money.sentences(report.money), (paid,))
    yield Section("spent", "Where it went", (), spent.tables(report, figures), long=True)
    details = (pair_tables.resources, pair_tables.by_data_set, pair_tables.pareto)
    tables = tuple(make(report, figures) for make in details)
    yield Section("details", "Pairs and fronts in detail", (), tables, long=True)
    yield Section("names", "What the names mean", (), (arm_tables.names(report),), long=True)
    yield Section("failures", "What went wrong", (), (arm_tables.causes(report, figures),))
    yield Section("regressions", "Regressions", (), (pair_tables.regressions(report, figures),))


def _scored(report: Report, figures: Figures) -> Iterator[Section]:
    rates = (arm_tables.accuracy(report, figures), arm_tables.outcomes(report, figures))
    yield Section("accuracy", "Accuracy", (), (*rates, arm_tables.repeats(report)))
    costs = (arm_tables.costs(report, figures), arm_tables.per_right(report, figures))
    yield Section("costs", "Costs", (), costs)
    yield Section("pairs", "Arms in pairs", (), (pair_tables.pairs(report, figures),))


def _conditions(report: Report, figures: Figures) -> Iterator[Section]:
    differences = tuple(each.text for each in report.comparison.differences)
    yield Section("differences", "What the arms differ in", differences)
    yield Section("data", "Data sets", (), (made.data_sets(report, figures),))
    tables = (made.run(report, figures), made.arms(report), *made.conditions(report))
    yield Section("made", "What made this", (), tables)


def _without_empty(part: Section) -> Section:
    tables = tuple(each for each in part.tables if each.rows)
    return Section(part.name, part.heading, part.sentences, tables, part.long)
