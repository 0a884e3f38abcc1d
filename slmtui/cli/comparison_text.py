"""A comparison as it is read in a terminal: tables that fit, verdicts in words, and what to beware of."""

from collections.abc import Iterable, Iterator, Sequence

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
    preferred,
    resources,
    spreads,
)
from slmtui.cli.fitted import fitted
from slmtui.cli.output import short, table
from slmtui.cli.printed import wrapped

SHOWN = 10
"""So many regressions of a pair; --json has them all."""


def comparison_text(title: str, comparison: Comparison, money: Money, *, all_metrics: bool = False) -> str:
    """Return a comparison as text, its lines as wide as the terminal. Without scores, resources alone."""
    pairs = _shown_pairs(comparison, all_metrics=all_metrics)
    parts = [wrapped(title)]
    audits = _section("What the figures themselves show:", comparison.audits)
    if comparison.scored:
        parts += _section("Verdicts:", [pair.text for pair in comparison.pairs]) + audits
    parts += _tables([preferred(comparison)])
    if comparison.scored:
        parts += _tables([ended(comparison), accuracy(comparison), over_repeats(comparison)])
        parts += _tables([per_right(comparison), paid(comparison, money)])
        parts += _tables(paired(comparison, first.arm) for first in comparison.arms[:-1])
    if all_metrics or not comparison.scored:
        parts += _tables([spreads(comparison)])
    if not comparison.scored:
        parts += _tables([paid(comparison, money)])
    parts += _tables(resources(pair, every=all_metrics) for pair in pairs)
    if comparison.scored:
        parts += _tables([fronts(comparison), data_sets(pairs)])
        parts += [text for pair in pairs if (text := _regressions(pair))]
    parts += _section("What the arms differ in:", list(_differences(comparison, pairs)))
    parts += [] if comparison.scored else audits
    parts += _section("Notes:", comparison.notes)
    parts += _section("Money:", sentences(money))
    return "\n\n".join(parts)


def _shown_pairs(comparison: Comparison, *, all_metrics: bool) -> list[Pair]:
    """Return the pairs of the first arm, which is base where there is one, or all of them."""
    first = comparison.arms[0].arm
    return [pair for pair in comparison.pairs if all_metrics or pair.first == first]


def _differences(comparison: Comparison, shown: Sequence[Pair]) -> Iterator[str]:
    """Yield what the arms of each shown pair differ in, and of the others those that tell something apart."""
    names = {(pair.first, pair.second) for pair in shown}
    others = 0
    for each in comparison.differences:
        if (each.first, each.second) in names or len(each.factors) <= 1:
            yield each.text
        else:
            others += 1
    if others:
        pairs = "another pair of arms differs" if others == 1 else f"{others} other pairs of arms differ"
        yield f"{pairs} in several factors: --all-metrics tells which."


def _section(title: str, texts: Sequence[str]) -> list[str]:
    """Return sentences under a title, each with a mark that the lines after its first stand clear of."""
    return ["\n".join([title, *(f"- {wrapped(text, indent='  ')}" for text in texts)])] if texts else []


def _tables(tables: Iterable[Table | None]) -> list[str]:
    return [_fitted(each) for each in tables if each is not None and each.rows]


def _fitted(made: Table) -> str:
    """Return a table under its title; where a terminal is too narrow for it, a list for each of its rows."""
    return f"{wrapped(made.title)}\n{fitted(made.head, made.rows, made.left)}"


def _regressions(pair: Pair) -> str:
    """Return the first items that the first arm has right and the second has not."""
    found = pair.regressions
    if not found:
        return ""
    more = f" The first {SHOWN}; --json has all." if len(found) > SHOWN else ""
    title = f"{pair.first} is right and {pair.second} is not: {len(found)} of {pair.n}.{more}"
    rows = [(short(each.item, 32), str(each.repeat), each.state, each.second_turn) for each in found[:SHOWN]]
    return f"{wrapped(title)}\n{table(('ITEM', 'REPEAT', 'STATE', 'TURN'), rows)}"
