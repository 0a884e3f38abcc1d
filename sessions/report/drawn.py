"""All charts of a report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sessions.report.charts.latency import latency_chart
from sessions.report.charts.pareto import pareto_chart
from sessions.report.charts.rates import rates_chart
from sessions.report.charts.stacks import stacked_chart
from sessions.report.data import Report
from sessions.report.figures import Figures
from sessions.report.palette import Mark
from sessions.report.slices import slices
from sessions.report.spent import parts
from sessions.report.svg import Chart


@dataclass(frozen=True, slots=True)
class Gallery:
    """Charts under one heading. `name` is its id."""

    name: str
    heading: str
    charts: tuple[Chart, ...]


def galleries(report: Report, marks: Mapping[str, Mark], figures: Figures) -> list[Gallery]:
    """Return the charts that there is something to draw for, by heading."""
    every = _galleries(report, marks, figures)
    return [each for each in every if each.charts]


def _galleries(report: Report, marks: Mapping[str, Mark], figures: Figures) -> Iterator[Gallery]:
    fronts = [front for front in report.comparison.pareto if front.points]
    charts = tuple(pareto_chart(front, marks, figures) for front in fronts)
    yield Gallery("fronts", "What accuracy costs", charts)
    if report.comparison.scored:
        found = slices(report).items()
        charts = tuple(rates_chart(f"Accuracy by {name}", rates, marks) for name, rates in found)
        yield Gallery("slices", "Where it is right", charts)
    yield Gallery(
        "parts",
        "Where tokens, time and energy go",
        tuple(stacked_chart(each, marks, figures) for each in parts(report)),
    )
    seconds = {arm: [turn.wall_s for turn in report.turns_of(arm)] for arm in report.arms}
    if any(seconds.values()):
        yield Gallery("latency", "How long it takes", (latency_chart(seconds, marks, figures),))
