"""A comparison as it is read in a terminal: tables that fit, verdicts in words, and what to beware of."""

import shutil
import sys
from collections.abc import Iterable, Sequence

from sessions.comparison import Comparison, Pair
from slmtui.cli.comparison_tables import (
    Table,
    accuracy,
    data_sets,
    ended,
    fronts,
    over_repeats,
    paired,
    per_right,
    resources,
    spreads,
)
from slmtui.cli.output import fields, short, table
from slmtui.cli.printed import wrapped

SHOWN = 10
"""So many regressions of a pair; --json has them all."""


def comparison_text(title: str, comparison: Comparison, *, all_metrics: bool = False) -> str:
    """Return a comparison as text, its lines as wide as the terminal. Without scores, resources alone."""
    pairs = _shown_pairs(comparison, all_metrics=all_metrics)
    parts = [wrapped(title)]
    if comparison.scored:
        parts += _tables([ended(comparison), accuracy(comparison), over_repeats(comparison)])
        parts += _tables([per_right(comparison)])
        parts += _tables(paired(comparison, first.arm) for first in comparison.arms[:-1])
        parts += _section("Verdicts:", [pair.text for pair in comparison.pairs])
    if all_metrics or not comparison.scored:
        parts += _tables([spreads(comparison)])
    parts += _tables(resources(pair, every=all_metrics) for pair in pairs)
    if comparison.scored:
        parts += _tables([fronts(comparison), data_sets(pairs)])
        parts += [text for pair in pairs if (text := _regressions(pair))]
    parts += _section("What the arms differ in:", [each.text for each in comparison.differences])
    parts += _section("What the figures themselves show:", comparison.audits)
    parts += _section("Notes:", comparison.notes)
    return "\n\n".join(parts)


def _shown_pairs(comparison: Comparison, *, all_metrics: bool) -> list[Pair]:
    """Return the pairs of the first arm, which is base where there is one, or all of them."""
    first = comparison.arms[0].arm
    return [pair for pair in comparison.pairs if all_metrics or pair.first == first]


def _section(title: str, texts: Sequence[str]) -> list[str]:
    """Return sentences under a title, a line each; nothing without any."""
    return ["\n".join([title, *(wrapped(f"- {text}") for text in texts)])] if texts else []


def _tables(tables: Iterable[Table | None]) -> list[str]:
    return [_fitted(each) for each in tables if each is not None and each.rows]


def _fitted(made: Table) -> str:
    """Return a table under its title; where a terminal is too narrow for it, a list for each of its rows."""
    text = table(made.head, made.rows, right=range(made.left, len(made.head)))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if width is not None and max(map(len, text.splitlines())) > width:
        text = "\n".join(_as_list(made.head, row) for row in made.rows)
    return f"{wrapped(made.title)}\n{text}"


def _as_list(head: Sequence[str], row: Sequence[str]) -> str:
    name, *cells = row
    named = [(f"  {title.lower()}", cell) for title, cell in zip(head[1:], cells, strict=True) if cell]
    return f"{short(name, 60)}\n{fields(named)}"


def _regressions(pair: Pair) -> str:
    """Return the first items that the first arm has right and the second has not."""
    found = pair.regressions
    if not found:
        return ""
    more = f" The first {SHOWN}; --json has all." if len(found) > SHOWN else ""
    title = f"{pair.first} is right and {pair.second} is not: {len(found)} of {pair.n}.{more}"
    rows = [(short(each.item, 36), str(each.repeat), each.state, each.second_turn) for each in found[:SHOWN]]
    return f"{wrapped(title)}\n{table(('ITEM', 'REPEAT', 'STATE', 'TURN'), rows)}"
