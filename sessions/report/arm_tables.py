"""The tables with a row or a column for each arm: how attempts ended, what they cost, why they failed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sessions.columns import COLUMNS
from sessions.comparison import ArmFigures, PerRight, Rate, Spread
from sessions.observation import METRICS
from sessions.report.data import Report
from sessions.report.figures import NONE, Figures
from sessions.report.table import Table, table
from sessions.run_records import STATES, AttemptRecord

Key = tuple[str, str]
"""A metric, and for energy its source."""

Cause = tuple[str, str]
"""The state that an attempt ended in, and why."""


def outcomes(report: Report, figures: Figures) -> Table:
    """Return how the attempts of each arm ended."""
    return table(
        "How attempts ended: each in one state, so that the states sum to the attempts",
        ("Arm", "Attempts", *STATES),
        [
            (arm.arm, *map(figures.numbers.count, (arm.attempts, *_states(arm))))
            for arm in report.comparison.arms
        ],
        right=range(1, 2 + len(STATES)),
    )


def accuracy(report: Report, figures: Figures) -> Table:
    """Return the rates of each arm, with Wilson's intervals."""
    return table(
        "Accuracy with 95 % intervals: by the strict and by the flexible reading of the answer, the whole"
        " answers (right or wrong) and the right ones among these, and the right tool called first",
        ("Arm", "Right (strict)", "Right (flexible)", "Completed", "Right of completed", "Right tool"),
        [(arm.arm, *map(figures.rate, _rates(arm))) for arm in report.comparison.arms],
        right=range(1, 6),
    )


def repeats(report: Report) -> Table:
    """Return pass@k and pass^k of each arm; no rows where no item was repeated."""
    return table(
        "Over repeats: the chance that one of k tries is right (pass@k), and that all k are (pass^k)",
        ("Arm", "k", "pass@k", "pass^k"),
        [
            (arm.arm, str(at.k), f"{at.pass_at:.3f}", f"{at.pass_hat:.3f}")
            for arm in report.comparison.arms
            for at in arm.at_k
        ],
        right=range(1, 4),
    )


def costs(report: Report, figures: Figures) -> Table:
    """Return the mean, the median and the 95th percentile of every resource that is not zero throughout."""
    arms = report.comparison.arms
    return table(
        "What an attempt costs: mean (median, 95th percentile)",
        ("Resource", *(arm.arm for arm in arms)),
        [
            (_named(key), *(_spread(arm.spread(*key), figures) for arm in arms))
            for key in _keys([each for arm in arms for each in arm.spreads if each.maximum])
        ],
        right=range(1, 1 + len(arms)),
    )


def per_right(report: Report, figures: Figures) -> Table:
    """Return what a right answer costs, failures included."""
    arms = report.comparison.arms
    found = [each for arm in arms for each in arm.per_right if each.total != 0]
    return table(
        "What a right answer costs, with 95 % intervals: all attempts, failures included, over the right",
        ("Resource", *(arm.arm for arm in arms)),
        [(_named(key), *(_per_right(arm, key, figures) for arm in arms)) for key in _keys(found)],
        right=range(1, 1 + len(arms)),
    )


def names(report: Report) -> Table:
    """Return what the names of the resources mean, for those that the tables have."""
    shown = _keys([each for arm in report.comparison.arms for each in arm.spreads if each.maximum])
    told = {column.name: column for column in COLUMNS["turn"]}
    return table(
        "What the names of the resources mean; times of calls that ran side by side add up, so that their sum"
        " may be more than wall_s",
        ("Name", "Unit", "Meaning"),
        [
            (metric, told[metric].unit, told[metric].description.replace("`", ""))
            for metric in dict.fromkeys(metric for metric, _ in shown)
        ],
    )


def causes(report: Report, figures: Figures) -> Table:
    """Return why attempts are not right, as far as their events tell, the commonest cause first."""
    counts = {arm: Counter(_causes(attempts)) for arm, attempts in report.by_arm.items()}
    total = sum(counts.values(), Counter[Cause]())
    found = sorted(total, key=lambda key: (-total[key], key))
    return table(
        "Why answers are not right",
        ("State", "Cause", *counts),
        [
            (each[0], each[1] or "not told", *(figures.numbers.count(of[each]) for of in counts.values()))
            for each in found
        ],
        right=range(2, 2 + len(counts)),
    )


def _states(arm: ArmFigures) -> Iterator[int]:
    yield from (arm.states.get(state, 0) for state in STATES)


def _rates(arm: ArmFigures) -> tuple[Rate | None, ...]:
    return arm.strict, arm.flexible, arm.completed, arm.among_completed, arm.tool


def _causes(attempts: Iterable[AttemptRecord]) -> Iterator[Cause]:
    for attempt in attempts:
        if attempt.state is not None and attempt.state != "right":
            yield attempt.state, attempt.cause


def _keys(found: Sequence[Spread | PerRight]) -> Iterator[Key]:
    """Yield every metric once, in the order of the columns of a turn."""
    keys = dict.fromkeys((each.metric, each.source) for each in found)
    yield from sorted(keys, key=lambda key: METRICS.index(key[0]))


def _named(key: Key) -> str:
    metric, source = key
    return f"{metric} ({source})" if source else metric


def _spread(spread: Spread | None, figures: Figures) -> str:
    if spread is None:
        return NONE
    shown = (spread.mean, spread.median, spread.p95)
    mean, median, p95 = (figures.value(number, spread.unit, spread.source) for number in shown)
    return mean if mean == median == p95 else f"{mean} ({median}, {p95})"


def _per_right(arm: ArmFigures, key: Key, figures: Figures) -> str:
    found = next((each for each in arm.per_right if (each.metric, each.source) == key), None)
    if found is None:
        return NONE
    if found.value is None:
        return found.note or NONE
    between = figures.within(found.interval, found.unit, found.source).strip()
    return "\n".join(filter(None, (figures.value(found.value, found.unit, found.source), between)))
