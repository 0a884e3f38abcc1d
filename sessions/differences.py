"""In which factors two arms of a comparison differ, in words that claim no cause.

A factor is what a turn's paradigm and switches amount to (`TurnRecord.factors`), or a condition that
turns are run under: the model, the machine, the engine's settings. Two arms that differ in one factor
may be set side by side for the sake of it; of two that differ in several, nothing can be put down to
any one of them, and the text says so.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from sessions.records import TurnRecord

CONDITIONS = (
    "model",
    "quantisation",
    "machine",
    "n_ctx",
    "n_threads",
    "n_threads_batch",
    "gpu_layers",
    "kv_type",
    "flash_attention",
    "lora",
    "llama_cpp",
    "temperature",
    "cold",
)
"""What should be the same for a fair comparison."""

UNRECORDED = "not recorded"

Shares = Mapping[str, Fraction]
"""The values of a factor over the turns of an arm, each with its share of them."""


@dataclass(frozen=True, slots=True)
class FactorDifference:
    """A factor in which two arms differ: the values that it has in the first, and in the second."""

    factor: str
    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def text(self) -> str:
        """The factor with both values, such as `tools (all / none)`."""
        return f"{self.factor} ({' or '.join(self.first)} / {' or '.join(self.second)})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two arms, and all that they differ in. `unrecorded` names those whose factors nobody recorded.

    Where there is such an arm, `factors` holds the conditions alone.
    """

    first: str
    second: str
    factors: tuple[FactorDifference, ...]
    unrecorded: tuple[str, ...] = ()

    @property
    def listed(self) -> str:
        """The factors that differ, with both values; empty where none does."""
        listed = ", ".join(factor.text for factor in self.factors)
        return ", ".join(filter(None, (listed, f"factors {UNRECORDED}" if self.unrecorded else "")))

    @property
    def text(self) -> str:
        """A sentence for the reader of a comparison."""
        pair = f"{self.first} and {self.second}"
        count = len(self.factors)
        if self.unrecorded:
            of = " and ".join(self.unrecorded)
            conditions = f"; of the rest, these differ: {self._factors}" if count else ""
            return f"{pair} may differ in any factor: those of {of} were not recorded{conditions}."
        if not count:
            return f"{pair} do not differ in any recorded factor."
        if count == 1:
            return f"{pair} differ in one factor: {self._factors}."
        return (
            f"{pair} differ in {count} factors: {self._factors}: their difference cannot be put down to any"
            " one of them."
        )

    @property
    def _factors(self) -> str:
        return ", ".join(factor.text for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm's factors and conditions, over the turns that its figures are over."""

    name: str
    factors: Mapping[str, Shares] = field(default_factory=dict)
    conditions: Mapping[str, Shares] = field(default_factory=dict)

    @property
    def mixed(self) -> list[str]:
        """The names of the factors that have several values within the arm."""
        return [name for name, shares in self.factors.items() if len(shares) > 1]


Kind = tuple[str, tuple[object, ...]]
"""What turns of one kind have alike: factors as JSON, and conditions in the order of `CONDITIONS`."""


def arm(name: str, turns: Sequence[TurnRecord]) -> Arm:
    """Return the arm of a paradigm's turns: of those that ended ok, or of all when none did."""
    counted = [turn for turn in turns if turn.status == "ok"] or list(turns)
    return arm_of_kinds(name, Counter(map(_kind, counted)))


def arm_of_kinds(name: str, kinds: Mapping[Kind, int]) -> Arm:
    """Return the arm of so many turns of each kind, in the order given."""
    told = [(json.loads(factors), conditions, count) for (factors, conditions), count in kinds.items()]
    names = dict.fromkeys(name for factors, _, _ in told for name in factors)
    return Arm(
        name,
        {factor: _shares((all_.get(factor, UNRECORDED), n) for all_, _, n in told) for factor in names},
        {
            condition: _shares((as_words(values[place]), n) for _, values, n in told)
            for place, condition in enumerate(CONDITIONS)
        },
    )


def _kind(turn: TurnRecord) -> Kind:
    return turn.factors, tuple(getattr(turn, condition) for condition in CONDITIONS)


def differences(arms: Sequence[Arm]) -> tuple[Difference, ...]:
    """Return what every two arms differ in, in the order of the arms."""
    return tuple(_difference(first, second) for first, second in combinations(arms, 2))


def notes_on_factors(arms: Iterable[Arm]) -> Iterable[str]:
    """Yield a note for each factor that an arm does not hold the same over its turns."""
    for each in arms:
        for name in each.mixed:
            values = ", ".join(each.factors[name])
            yield f"The turns of {each.name} are of several kinds: {name} is {values}."


def as_words(value: object) -> str:
    """Return a value as a reader of notes sees it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"


def _difference(first: Arm, second: Arm) -> Difference:
    unrecorded = tuple(each.name for each in (first, second) if not each.factors)
    factors = () if unrecorded else _differing(first.factors, second.factors)
    conditions = _differing(first.conditions, second.conditions)
    return Difference(first.name, second.name, (*factors, *conditions), unrecorded)


def _differing(first: Mapping[str, Shares], second: Mapping[str, Shares]) -> tuple[FactorDifference, ...]:
    """Return the factors whose values differ, or come in other shares of the turns."""
    nothing: Shares = {UNRECORDED: Fraction(1)}
    pairs = ((name, first.get(name, nothing), second.get(name, nothing)) for name in {**first, **second})
    return tuple(FactorDifference(name, tuple(one), tuple(two)) for name, one, two in pairs if one != two)


def _shares(values: Iterable[tuple[str, int]]) -> Shares:
    counts: Counter[str] = Counter()
    for value, number in values:
        counts[value] += number
    return {value: Fraction(counts[value], counts.total()) for value in sorted(counts)}
