"""What a comparison says, as data: arms, pairs of arms, Pareto fronts, flags and words."""

from dataclasses import dataclass
from typing import Literal

from agents.events import EnergySource
from sessions.differences import Difference

Verdict = Literal["first is better", "second is better", "tie", "not enough items to tell"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, both ends included."""

    low: float
    high: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `n`, with Wilson's interval (Wilson 1927). `share` is None where n is 0.

    With repeats the interval is that of as many independent tries as they are worth
    (`sessions.stats.effective`), and with many data sets that of as many as these are worth.
    """

    count: int
    n: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of a resource over the `n` observations that have a value.

    Quartiles are interpolated (type 7 of Hyndman and Fan 1996). `source` is the energy's, else empty.
    """

    metric: str
    unit: str
    source: EnergySource | Literal[""]
    n: int
    mean: float
    median: float
    q1: float
    q3: float
    p95: float
    minimum: float
    maximum: float
    total: float


@dataclass(frozen=True, slots=True)
class PerRight:
    """A resource over the right answers: the total of all attempts, failures included / number right.

    `value` is None where none is right, and where some attempt has no figure; `note` then says why. The
    interval is at each end the wider of the bootstrap's over items (`sessions.stats.bootstrap`) and of
    the mean cost / the ends of Wilson's interval of the rate, for where few are right too many resamples
    have none; nothing is smoothed.
    """

    metric: str
    unit: str
    source: EnergySource | Literal[""]
    total: float | None
    right: int
    value: float | None
    interval: Interval | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AtK:
    """Over repeats: `pass_at` is the chance that one of k tries is right, `pass_hat` that all k are.

    Means over the items of 1 - C(n-c, k) / C(n, k) (Chen et al. 2021) and of C(c, k) / C(n, k)
    (Yao et al. 2024), with c of an item's n repeats right.
    """

    k: int
    pass_at: float
    pass_hat: float


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """One arm. The counts in `states` sum to the scored attempts; unscored ones are in none of them.

    `completed` are whole answers, right or wrong; `strict` and `flexible` are the right ones of all scored
    attempts by either reading; `among_completed` the right ones of the completed. `tool` is about
    attempts whose right tool is known, None where there are none. `spreads` are over all attempts,
    `at_k` is empty without repeats.
    """

    arm: str
    attempts: int
    states: dict[str, int]
    completed: Rate
    strict: Rate
    flexible: Rate
    among_completed: Rate
    tool: Rate | None
    spreads: tuple[Spread, ...]
    per_right: tuple[PerRight, ...]
    at_k: tuple[AtK, ...] = ()

    def spread(self, metric: str, source: str = "") -> Spread | None:
        """Return the spread of a metric, for energy with its source; None where there is none."""
        for each in self.spreads:
            if (each.metric, each.source) == (metric, source):
                return each
        return None


@dataclass(frozen=True, slots=True)
class PairedResource:
    """A resource of two arms on the items that both have: second - first, and second / first.

    `first` and `second` are the means of an attempt, `difference` that of the paired differences, `ratio`
    that of the totals; intervals are of a paired bootstrap over items (`sessions.stats.bootstrap`).
    `ratio` is None where `note` says why.
    """

    metric: str
    unit: str
    source: EnergySource | Literal[""]
    n: int
    first: float
    second: float
    difference: float
    interval: Interval | None
    ratio: float | None
    ratio_interval: Interval | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Regression:
    """An item that the first arm gets right and the second does not."""

    item: str
    repeat: int
    first_turn: str
    second_turn: str
    state: str


@dataclass(frozen=True, slots=True)
class DataSetShare:
    """The paired difference of accuracy on one data set, and on all the others `without` it.

    `flagged` says that without it the difference of all moves by more than half of itself.
    """

    data_set: str
    n: int
    difference: float
    without: float | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two arms on the same items. Of the `n` pairs (of `items`, with their repeats), both, one, or neither
    may be right.

    `difference` is the accuracy of the second - that of the first; `interval` is at each end the wider of
    the paired bootstrap's and Newcombe's. `p` is of McNemar's exact test (two-sided binomial on the
    discordant pairs; over repeats its generalisation, the exact sign-flip test over items), `p_holm` that
    over all pairs of the grid (Holm 1979). `resolvable` is the smallest difference that so many items
    could have shown with 80 % power in one test (None: no difference at all), and `verdict` what can be
    said; `text` says it in words. Unscored pairs have a None for each of these. `regressions` are items
    that the first gets right and the second does not. `ratio` is the accuracy of the second / that of the
    first, None where the first is below the floor, as `ratio_note` says.
    """

    first: str
    second: str
    n: int
    both: int | None
    first_only: int | None
    second_only: int | None
    neither: int | None
    difference: float | None
    interval: Interval | None
    p: float | None
    p_holm: float | None
    resolvable: float | None
    verdict: Verdict | None
    text: str
    resources: tuple[PairedResource, ...]
    regressions: tuple[Regression, ...]
    by_data_set: tuple[DataSetShare, ...]
    items: int = 0
    ratio: float | None = None
    ratio_interval: Interval | None = None
    ratio_note: str = ""


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """An arm on the plane of accuracy and one resource (its mean an attempt): less of it is better.

    `on_front` says that no arm is at least as good in both and better in one; `share` is the part of the
    resamples of items in which that holds.
    """

    arm: str
    accuracy: float
    accuracy_interval: Interval | None
    cost: float
    cost_interval: Interval | None
    on_front: bool
    share: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """The front over accuracy and one resource, for the arms that have figures of it."""

    metric: str
    unit: str
    source: EnergySource | Literal[""]
    points: tuple[ParetoPoint, ...]


@dataclass(frozen=True, slots=True)
class Preference:
    """How often a person liked the answer of one arm better than that of another to the same prompt.

    `ties` were liked alike. `p` is two-sided, of the exact sign test: the binomial test of those that are
    no ties at 1/2 (Dixon and Mood 1946). It is of this pair by itself.
    """

    first: str
    second: str
    first_better: int
    second_better: int
    ties: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Arms side by side, base first where there is one, and what a reader should know before believing.

    `scored` says whether anything was; without, there are resources alone. `audits` are what the figures
    themselves show to be wrong or empty, `notes` what differs among the turns, `differences` in what every
    two arms differ. `resamples` and `seed` are those of every bootstrap: equal data give equal figures.
    `preferences` are those of a person, for the pairs of which any were told.
    """

    arms: tuple[ArmFigures, ...]
    pairs: tuple[Pair, ...]
    pareto: tuple[Pareto, ...]
    differences: tuple[Difference, ...]
    audits: tuple[str, ...]
    notes: tuple[str, ...]
    scored: bool
    resamples: int
    seed: int
    preferences: tuple[Preference, ...] = ()

    def pair(self, first: str, second: str) -> Pair | None:
        """Return the pair of two arms, in that order; None where there is none."""
        return next((p for p in self.pairs if (p.first, p.second) == (first, second)), None)

    def difference(self, first: str, second: str) -> Difference | None:
        """Return what two arms differ in; None where there is no such pair."""
        return next((d for d in self.differences if (d.first, d.second) == (first, second)), None)
