"""The tables of a comparison, as texts in cells; an arm a row where it can be, for screens are narrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sessions.comparing.money import Money
from sessions.comparison import ArmFigures, Comparison, Interval, Pair, PairedResource, PerRight, Spread
from sessions.report.figures import Figures, chance, percent, points, times
from sessions.report.money import cells
from sessions.run_records import STATES
from slmtui.tui import format as numbers
from slmtui.tui.format import NONE, count

FIGURES = Figures(numbers)

MAIN = (
    "wall_s",
    "ttft_s",
    "cpu_s",
    "joules",
    "calls",
    "tool_calls",
    "prefilled_tokens",
    "output_tokens",
    "kv_bytes",
)
"""The resources that are shown unless all are asked for."""

FRONTS = {
    "wall_s": "SECONDS",
    "joules": "ENERGY",
    "peak_rss_bytes": "MEMORY",
    "kv_bytes": "KV CACHE",
    "prefilled_tokens": "READ",
    "output_tokens": "WRITTEN",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title. The first `left` columns begin together, the others end together."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1


def ended(comparison: Comparison) -> Table:
    """Return how the attempts of each arm ended."""
    rows = [
        (arm.arm, count(arm.attempts), *(count(arm.states.get(state, 0)) for state in STATES))
        for arm in comparison.arms
    ]
    return Table("How attempts ended:", ("ARM", "ATTEMPTS", *(state.upper() for state in STATES)), rows)


def accuracy(comparison: Comparison) -> Table:
    """Return the rates of each arm, that of right answers with its interval."""
    tools = any(arm.tool for arm in comparison.arms)
    head = ("ARM", "RIGHT (95 %)", "FLEXIBLE", "COMPLETED", "OF COMPLETED", *(("TOOL",) if tools else ()))
    return Table(
        "Right by the strict reading; by the flexible one; whole answers; of these, right"
        + ("; the right tool first:" if tools else ":"),
        head,
        [tuple(_rates(arm))[: len(head)] for arm in comparison.arms],
    )


def over_repeats(comparison: Comparison) -> Table:
    """Return pass@k and pass^k of each arm; no rows without repeats."""
    rows = [
        (arm.arm, str(each.k), f"{each.pass_at:.3f}", f"{each.pass_hat:.3f}")
        for arm in comparison.arms
        for each in arm.at_k
    ]
    return Table("One of k repeats right, and all of them:", ("ARM", "K", "PASS@K", "PASS^K"), rows)


def per_right(comparison: Comparison) -> Table:
    """Return what a right answer costs in each arm, failures included."""
    rows = [(arm.arm, *_cost(each)) for arm in comparison.arms for each in arm.per_right]
    return Table(
        "What a right answer costs, those that are not right included:",
        ("ARM", "RESOURCE", "A RIGHT ANSWER", "95 % INTERVAL"),
        rows,
        left=2,
    )


def paid(comparison: Comparison, money: Money) -> Table:
    """Return what each arm costs by each price that is set."""
    right = ", and as many right answers, failures included," if comparison.scored else ""
    head = ("ARM", "PRICE", "COUNTED", "ATTEMPTS", *(("RIGHT (95 %)",) if comparison.scored else ()))
    return Table(
        f"What a million attempts{right} cost in {money.prices.currency}; ~ is an estimate:",
        head,
        [cells(each, FIGURES)[: len(head)] for each in money.costs],
        left=3,
    )


def paired(comparison: Comparison, first: str) -> Table:
    """Return an arm against those after it: who is right where, the difference, and its p."""
    rows = [
        (
            pair.second,
            *map(count, (pair.both, pair.first_only, pair.second_only, pair.neither)),
            points(pair.difference, pair.interval),
            chance(pair.p),
            chance(pair.p_holm),
        )
        for pair in comparison.pairs
        if pair.first == first
    ]
    return Table(
        f"Right on the same items: both, {first} alone, this alone, neither; p of the exact test:",
        ("ARM", "BOTH", "ALONE", "THIS", "NEITHER", "POINTS (95 %)", "P", "HOLM"),
        rows,
    )


def resources(pair: Pair, *, every: bool) -> Table:
    """Return what two arms cost on the same items; the resources that neither uses are left out."""
    shown = [
        each for each in pair.resources if (every or each.metric in MAIN) and (each.first or each.second)
    ]
    return Table(
        f"{pair.first} and {pair.second}, mean of an attempt on the same items, second / first:",
        ("RESOURCE", pair.first.upper(), pair.second.upper(), "RATIO (95 %)"),
        [_resource(each) for each in shown],
    )


def fronts(comparison: Comparison) -> Table:
    """Return in which share of the resamples each arm is on the Pareto front; `*`: in the data itself."""
    shares = {
        (point.arm, front.metric, front.source): f"{percent(point.share)}{' *' if point.on_front else '  '}"
        for front in comparison.pareto
        for point in front.points
    }
    keys = [(front.metric, front.source) for front in comparison.pareto]
    rows = [(arm.arm, *(shares.get((arm.arm, *key), NONE) for key in keys)) for arm in comparison.arms]
    return Table(
        "On the Pareto front of accuracy and a resource, in so many of the resamples (* in the data):",
        ("ARM", *(FRONTS.get(metric, metric).upper() for metric, _ in keys)),
        rows if keys else (),
    )


def data_sets(pairs: Sequence[Pair]) -> Table:
    """Return the difference on each data set, and that of all the others; nothing for one data set."""
    names = dict.fromkeys(each.data_set for pair in pairs for each in pair.by_data_set)
    found = {(pair.second, each.data_set): each for pair in pairs for each in pair.by_data_set}
    rows = []
    for pair in pairs:
        for name in names if len(names) > 1 else ():
            each = found.get((pair.second, name))
            if each and each.without is not None:
                flag = "moves it" if each.flagged else ""
                cells = (points(each.difference), points(each.without), flag)
                rows.append((f"{pair.second} − {pair.first}", name, count(each.n), *cells))
    return Table(
        "The difference in points by data set, and on all the others without it:",
        ("ARMS", "DATA SET", "N", "POINTS", "WITHOUT", "FLAG"),
        rows,
        left=2,
    )


def preferred(comparison: Comparison) -> Table:
    """Return how often a person liked one arm's answer better than another's; no rows without marks."""
    rows = [
        (
            *(f"{each.first} or {each.second}", count(each.first_better), count(each.second_better)),
            *(count(each.ties), chance(each.p)),
        )
        for each in comparison.preferences
    ]
    return Table(
        "Answers that were liked better, by hand, and p of the exact sign test:",
        ("ARMS", "THE FIRST", "THE OTHER", "ALIKE", "P"),
        rows,
    )


def spreads(comparison: Comparison) -> Table:
    """Return the median and the quartiles of every resource that is not zero throughout."""
    arms = comparison.arms
    keys = dict.fromkeys((each.metric, each.source) for arm in arms for each in arm.spreads if each.maximum)
    rows = [(_named(*key), *(_spread(arm.spread(*key)) for arm in arms)) for key in keys]
    counts = ("attempts", *(count(arm.attempts) for arm in arms))
    return Table(
        "Median (and quartiles) of an attempt:",
        ("METRIC", *(arm.arm.upper() for arm in arms)),
        [counts, *rows],
    )


def _rates(arm: ArmFigures) -> Iterator[str]:
    yield arm.arm
    yield FIGURES.rate(arm.strict).partition(",")[0]
    yield from (percent(rate.share) for rate in (arm.flexible, arm.completed, arm.among_completed))
    yield percent(arm.tool.share) if arm.tool else NONE


def _cost(cost: PerRight) -> tuple[str, str, str]:
    name = _named(cost.metric, cost.source)
    if cost.value is None:
        return name, NONE, cost.note
    return name, FIGURES.value(cost.value, cost.unit, cost.source), _ends(cost)


def _ends(cost: PerRight) -> str:
    return FIGURES.within(cost.interval, cost.unit, cost.source).strip(" ()") or NONE


def _resource(resource: PairedResource) -> tuple[str, ...]:
    unit, source = resource.unit, resource.source
    return (
        _named(resource.metric, source),
        FIGURES.value(resource.first, unit, source),
        FIGURES.value(resource.second, unit, source),
        resource.note or times(resource.ratio, resource.ratio_interval),
    )


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return NONE
    unit, source = spread.unit, spread.source
    median = FIGURES.value(spread.median, unit, source)
    if spread.q1 == spread.median == spread.q3:
        return median
    return median + FIGURES.within(Interval(spread.q1, spread.q3), unit, source)


def _named(metric: str, source: str) -> str:
    return f"{metric} ({source})" if source else metric
