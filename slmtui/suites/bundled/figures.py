"""Requests for one figure of a table: a count, a sum, an average, an extreme, and whose it is."""

import random
from fractions import Fraction
from typing import Any

from tests.benchmarks.agent_items import Expected, number, text
from tests.benchmarks.agent_wordings import Draw, Wording
from tests.benchmarks.agent_world import SALES, STAFF, Table

_ROUNDED = 2e-3
# For each table: what its rows are called, and the columns with numbers and with a few words.
_KNOWN = (
    (STAFF, "people", ("age", "salary"), ("team",)),
    (SALES, "sales", ("boxes", "price"), ("town", "fruit")),
)


def _value(measure: str, values: list[Any]) -> Expected:
    if measure == "average":
        return number(float(Fraction(sum(values), len(values))), _ROUNDED)
    return number({"sum": sum, "min": min, "max": max}[measure](values))


def _of_column(measure: str, only: Table | None = None) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        table, _, numeric, _ = rng.choice([known for known in _KNOWN if only in (None, known[0])])
        column = rng.choice(numeric)
        return {"t": table.path, "k": column}, _value(measure, table.column(column))

    return draw


def _where(measure: str, only: Table | None = None) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        table, _, numeric, grouping = rng.choice([known for known in _KNOWN if only in (None, known[0])])
        column, group = rng.choice(numeric), rng.choice(grouping)
        value = rng.choice(sorted(set(table.column(group))))
        chosen = [n for n, g in zip(table.column(column), table.column(group), strict=True) if g == value]
        return {"t": table.path, "k": column, "g": group, "v": value}, _value(measure, chosen)

    return draw


def _counted(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    table, rows, _, grouping = rng.choice(_KNOWN)
    group = rng.choice(grouping)
    value = rng.choice(sorted(set(table.column(group))))
    return {"t": table.path, "r": rows, "g": group, "v": value}, number(table.column(group).count(value))


def _person(measure: str) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        column = rng.choice(("age", "salary"))
        values = STAFF.column(column)
        at = values.index(max(values) if measure == "max" else min(values))
        return {"t": STAFF.path, "k": column}, text(str(STAFF.column("name")[at]))

    return draw


def _oldest(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    team = rng.choice(sorted(map(str, set(STAFF.column("team")))))
    ages = [a for a, t in zip(STAFF.column("age"), STAFF.column("team"), strict=True) if t == team]
    return {"t": STAFF.path, "v": team}, _value("max", ages)


_FIGURES: tuple[tuple[str, Draw], ...] = (
    ("Work out the average of the column {k} in {t}.", _of_column("average")),
    ("Add up the column {k} of {t}.", _of_column("sum")),
    ("Give me the total {k} in the table {t}", _of_column("sum")),
    ("What's the highest {k} in {t}?", _of_column("max")),
    ("lowest {k} in {t}", _of_column("min")),
    ("Look at {t}: what is the mean of {k}?", _of_column("average")),
    ("In {t}, what is the largest value of {k}?", _of_column("max")),
    ("Tell me the number of {r} in {t} whose {g} is {v}.", _counted),
    ("Count the rows of {t} where {g} is {v}.", _counted),
    ("What is the average {k} of those with {g} {v} in {t}?", _where("average")),
    ("Sum the {k} in {t} for {g} {v}.", _where("sum")),
    ("Which total of {k} does {t} have where {g} equals {v}?", _where("sum")),
    ("What is the smallest {k} for {g} {v} in {t}?", _where("min")),
    ("Who has the highest {k} in {t}?", _person("max")),
    ("According to {t}, whose {k} is the lowest?", _person("min")),
    ("How old is the oldest of the {v} team in {t}?", _oldest),
)


WORDINGS = tuple(Wording("table_figure", text, draw) for text, draw in _FIGURES)
