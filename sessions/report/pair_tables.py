"""The tables about two arms at a time, on the items that both answered."""

from collections.abc import Iterator

from sessions.comparison import Pair, PairedResource
from sessions.report.data import Report
from sessions.report.figures import NONE, Figures, chance, percent, points, times
from sessions.report.table import Table, table

HEADLINES = (
    "wall_s",
    "ttft_s",
    "cpu_s",
    "joules",
    "peak_rss_bytes",
    "calls",
    "prompt_tokens",
    "prefilled_tokens",
    "output_tokens",
)
"""The resources that the report compares pair by pair; its JSON has all."""

TESTED = (
    *("First", "Second", "Verdict", "Difference", "p", "p (Holm)", "Resolvable"),
    *("Pairs", "Both right", "First only", "Second only", "Neither"),
)

LISTED = 20
"""So many items of a list are named, and the rest counted."""


def pairs(report: Report, figures: Figures) -> Table:
    """Return the test of every two arms."""
    return table(
        "Accuracy, paired by item: second − first in points with 95 % interval, p of the exact McNemar test,"
        " and the smallest difference in points that so many items, in one test, could have shown",
        TESTED,
        [
            (
                pair.first,
                pair.second,
                pair.verdict or NONE,
                points(pair.difference, pair.interval),
                chance(pair.p),
                chance(pair.p_holm),
                _resolvable(pair),
                *map(figures.numbers.count, (pair.n, *_counts(pair))),
            )
            for pair in report.comparison.pairs
        ],
        right=range(3, 12),
    )


def preferences(report: Report, figures: Figures) -> Table:
    """Return how often a person liked the answer of one arm better than that of another."""
    counted = figures.numbers.count
    return table(
        "Answers that were liked better, by hand, and p of the exact sign test",
        ("First", "Second", "First better", "Second better", "Alike", "p"),
        [
            (
                *(each.first, each.second, counted(each.first_better), counted(each.second_better)),
                *(counted(each.ties), chance(each.p)),
            )
            for each in report.comparison.preferences
        ],
        right=range(2, 6),
    )


def resources(report: Report, figures: Figures) -> Table:
    """Return the paired differences and ratios of the headline resources."""
    return table(
        "Resources, paired by item: means of first and second, second − first and second ÷ first with"
        " 95 % intervals",
        ("First", "Second", "Resource", "Pairs", "First", "Second", "Difference", "Ratio"),
        [
            (pair.first, pair.second, *_resource(each, figures))
            for pair in report.comparison.pairs
            for each in pair.resources
            if each.metric in HEADLINES
        ],
        right=range(3, 8),
    )


def by_data_set(report: Report, figures: Figures) -> Table:
    """Return the difference on each data set, and on the others without it, where there are several."""
    return table(
        "The difference by data set, and without it: flagged where one data set alone makes the difference",
        ("First", "Second", "Data set", "Pairs", "Difference", "Without it", "Flag"),
        [
            (
                *(pair.first, pair.second, each.data_set, figures.numbers.count(each.n)),
                *(points(each.difference), points(each.without), "flagged" if each.flagged else ""),
            )
            for pair in report.comparison.pairs
            if len(pair.by_data_set) > 1
            for each in pair.by_data_set
        ],
        right=range(3, 6),
    )


def pareto(report: Report, figures: Figures) -> Table:
    """Return the points of the Pareto fronts."""
    return table(
        "Pareto fronts of accuracy and one resource: whether no arm is at least as good in both and better in"
        " one, and in what share of resamples",
        ("Resource", "Arm", "Accuracy", "Mean an attempt", "On the front", "Of resamples"),
        [
            (
                f"{front.metric} ({front.source})" if front.source else front.metric,
                point.arm,
                percent(point.accuracy),
                figures.value(point.cost, front.unit, front.source)
                + figures.within(point.cost_interval, front.unit, front.source),
                "yes" if point.on_front else "no",
                f"{100 * point.share:.0f} %",
            )
            for front in report.comparison.pareto
            for point in front.points
        ],
        right=(2, 3, 5),
    )


def regressions(report: Report, figures: Figures) -> Table:
    """Return the items that the first arm of a pair gets right and the second does not."""
    return table(
        "Regressions: items that the first gets right and the second does not",
        ("First", "Second", "Items", "Which"),
        [
            (
                *(pair.first, pair.second, figures.numbers.count(len(pair.regressions))),
                ", ".join(regressed(pair)),
            )
            for pair in report.comparison.pairs
            if pair.regressions
        ],
        right=(2,),
    )


def regressed(pair: Pair) -> Iterator[str]:
    """Yield the first items of a pair's regressions with what the second made of them."""
    for each in pair.regressions[:LISTED]:
        again = f", repeat {each.repeat}" if each.repeat > 1 else ""
        yield f"{each.item} ({each.state}{again})"
    if len(pair.regressions) > LISTED:
        yield f"{len(pair.regressions) - LISTED} more"


def _counts(pair: Pair) -> tuple[int | None, ...]:
    return pair.both, pair.first_only, pair.second_only, pair.neither


def _resolvable(pair: Pair) -> str:
    """Return the smallest difference that could have been shown; infinite where none could."""
    if pair.resolvable is None or pair.resolvable > 1:
        return NONE if pair.resolvable is None else "none"
    return f"{100 * pair.resolvable:.1f}"


def _resource(each: PairedResource, figures: Figures) -> tuple[str, ...]:
    named = f"{each.metric} ({each.source})" if each.source else each.metric
    difference = figures.difference(each.difference, each.unit, each.source)
    return (
        named,
        figures.numbers.count(each.n),
        figures.value(each.first, each.unit, each.source),
        figures.value(each.second, each.unit, each.source),
        difference + figures.within(each.interval, each.unit, each.source, signed=True),
        times(each.ratio, each.ratio_interval) if each.ratio is not None else each.note or NONE,
    )
