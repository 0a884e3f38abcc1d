"""A comparison in chapters, as sentences and tables: the words and figures that `slmtui compare` prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sessions.comparing.money import Money
from sessions.comparison import Comparison, Pair
from sessions.report.money import sentences
from slmtui.cli.comparison_tables import (
    Table,
    accuracy,
    data_sets,
    ended,
    fronts,
    over_repeats,
    paid,
    paired,
    per_right,
    resources,
    spreads,
)

UNSCORED = "Nothing is scored, so nothing can be said of who is right: what there is to compare is the cost."


Group: TypeAlias = tuple[str, tuple[str, ...]]
"""A heading, and the sentences under it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands under one tab: sentences under headings, tables that have rows, sentences after them."""

    told: tuple[Group, ...] = ()
    tables: tuple[Table, ...] = ()
    after: tuple[Group, ...] = ()


def verdict(comparison: Comparison) -> Chapter:
    """Return what can be said: verdicts and preferences in words, and how much there is to beware of."""
    verdicts = (
        tuple(pair.text for pair in comparison.pairs if pair.text) if comparison.scored else (UNSCORED,)
    )
    doubts = len(comparison.audits) + len(comparison.notes)
    beware = f"{doubts} thing{'' if doubts == 1 else 's'} to know before believing it: under Doubts."
    return Chapter(
        _groups(
            ("Verdicts", verdicts),
            ("What was liked better", tuple(_preferences(comparison))),
            ("Before believing it", (beware,) if doubts else ()),
        )
    )


def arms(comparison: Comparison) -> Chapter:
    """Return how the attempts of each arm ended, and how many were right."""
    scored = (accuracy(comparison), over_repeats(comparison)) if comparison.scored else ()
    return Chapter((), _shown(ended(comparison), *scored, spreads(comparison)))


def pairs(comparison: Comparison) -> Chapter:
    """Return the arms two by two: who is right where, what they differ in, and where the one fell behind."""
    names = [arm.arm for arm in comparison.arms]
    tables = [paired(comparison, name) for name in names[:-1]] if comparison.scored else []
    told = _groups(
        ("Where an arm fell behind", tuple(_regressions(comparison))),
        ("What the arms differ in", tuple(each.text for each in comparison.differences)),
    )
    return Chapter(told, _shown(*tables, data_sets(_firsts(comparison)) if comparison.scored else None))


def costs(comparison: Comparison, money: Money) -> Chapter:
    """Return what it costs: a right answer, an attempt, and two arms on the same items."""
    of_pairs = [resources(pair, every=False) for pair in _firsts(comparison)]
    of_right = (per_right(comparison), paid(comparison, money)) if comparison.scored else ()
    paid_only = () if comparison.scored else (paid(comparison, money),)
    front = fronts(comparison) if comparison.scored else None
    tables = _shown(*of_right, *of_pairs, front, *paid_only)
    return Chapter((), tables, _groups(("Money", tuple(sentences(money)))))


def doubts(comparison: Comparison) -> Chapter:
    """Return what the figures show to be wrong or empty, and how they were made."""
    audits, notes = tuple(comparison.audits), tuple(comparison.notes)
    return Chapter(_groups(("What the figures themselves show", audits), ("Notes", notes)))


def _groups(*groups: Group) -> tuple[Group, ...]:
    return tuple(group for group in groups if group[1])


def _shown(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(table for table in tables if table is not None and table.rows)


def _firsts(comparison: Comparison) -> Sequence[Pair]:
    """Return the pairs of the first arm, which is base where there is one."""
    first = comparison.arms[0].arm if comparison.arms else ""
    return [pair for pair in comparison.pairs if pair.first == first]


def _regressions(comparison: Comparison) -> Iterator[str]:
    for pair in comparison.pairs:
        if found := len(pair.regressions):
            yield (
                f"{pair.first} is right and {pair.second} is not: {found} of {pair.n}. Under Items,"
                f" «{pair.first}:right -{pair.second}:right» finds them."
            )


def _preferences(comparison: Comparison) -> Iterator[str]:
    for each in comparison.preferences:
        yield (
            f"{each.first} was liked better {each.first_better} times, {each.second} {each.second_better}"
            f" times, neither {each.ties} times; p {each.p:.3f} of the exact sign test."
        )
