"""Requests for a figure of a table: a count, a sum, an average, an extreme, and whose or where it is."""

import random
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

from slmtui.suites.bundled.answers import ROUNDED, number, text, word
from slmtui.suites.bundled.wordings import Blanks, Draw, Written, wordings
from slmtui.suites.bundled.world_tables import SALES, STAFF, Table
from slmtui.suites.item import Expected

Row: TypeAlias = Mapping[str, str | int]

# For each table: what its rows are called, and the columns with numbers and with a few words.
_KNOWN = (
    (STAFF, "people", ("age", "salary"), ("team",)),
    (SALES, "sales", ("boxes", "price"), ("town", "fruit")),
)
_STAFF_ROWS, _SALES_ROWS = (
    [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in (STAFF, SALES)
)


def _value(measure: str, values: list[int]) -> Expected:
    if measure == "average":
        return number(float(Fraction(sum(values), len(values))), ROUNDED)
    measures: dict[str, Callable[[Iterable[int]], int]] = {"sum": sum, "min": min, "max": max}
    return number(measures[measure](values))


def _of_column(measure: str) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        table, _, numeric, _ = rng.choice(_KNOWN)
        column = rng.choice(numeric)
        return {"t": table.path, "k": column}, _value(measure, table.numbers(column))

    return draw


def _where(measure: str) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        table, _, numeric, grouping = rng.choice(_KNOWN)
        column, group = rng.choice(numeric), rng.choice(grouping)
        value = rng.choice(_words(table, group))
        chosen = [n for n, g in zip(table.numbers(column), table.column(group), strict=True) if g == value]
        return {"t": table.path, "k": column, "g": group, "v": value}, _value(measure, chosen)

    return draw


def _words(table: Table, column: str) -> list[str]:
    return sorted({str(value) for value in table.column(column)})


def _counted(rng: random.Random) -> tuple[Blanks, Expected]:
    table, rows, _, grouping = rng.choice(_KNOWN)
    group = rng.choice(grouping)
    value = rng.choice(_words(table, group))
    return {"t": table.path, "r": rows, "g": group, "v": value}, number(table.column(group).count(value))


def _person(measure: str) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        column = rng.choice(("age", "salary"))
        values = STAFF.numbers(column)
        at = values.index(max(values) if measure == "max" else min(values))
        return {"t": STAFF.path, "k": column}, text(str(STAFF.column("name")[at]))

    return draw


def _oldest(rng: random.Random) -> tuple[Blanks, Expected]:
    team = rng.choice(_words(STAFF, "team"))
    ages = [a for a, t in zip(STAFF.numbers("age"), STAFF.column("team"), strict=True) if t == team]
    return {"t": STAFF.path, "v": team}, _value("max", ages)


def _of_both(measure: str) -> Draw:
    """Draw sales of one fruit in one town, of which there are some."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        some = rng.choice(_SALES_ROWS)
        column = rng.choice(("boxes", "price"))
        rows = [row for row in _SALES_ROWS if (row["town"], row["fruit"]) == (some["town"], some["fruit"])]
        blanks = {"t": SALES.path, "k": column, "v": some["town"], "x": some["fruit"]}
        return blanks, _value(measure, [int(row[column]) for row in rows])

    return draw


def _taken(rng: random.Random) -> tuple[Blanks, Expected]:
    some = rng.choice(_SALES_ROWS)
    rows = [row for row in _SALES_ROWS if (row["town"], row["fruit"]) == (some["town"], some["fruit"])]
    taken = sum(int(row["boxes"]) * int(row["price"]) for row in rows)
    return {"t": SALES.path, "v": some["town"], "x": some["fruit"]}, number(taken)


def _best_town(rng: random.Random) -> tuple[Blanks, Expected]:
    fruit = rng.choice(_words(SALES, "fruit"))
    towns = _words(SALES, "town")
    boxes = {
        town: sum(int(row["boxes"]) for row in _SALES_ROWS if (row["town"], row["fruit"]) == (town, fruit))
        for town in towns
    }
    return {"t": SALES.path, "x": fruit}, word(max(towns, key=boxes.__getitem__), tuple(towns))


def _above(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw sales above a price and of so many boxes, of which there are some."""
    some = rng.choice(_SALES_ROWS)
    n, m = max(1, int(some["price"]) - rng.randint(1, 3)), max(1, int(some["boxes"]) - rng.randint(0, 9))
    count = sum(int(row["price"]) > n and int(row["boxes"]) >= m for row in _SALES_ROWS)
    return {"t": SALES.path, "n": n, "m": m}, number(count)


def _team_above(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw people of a team who earn more than a limit, of whom there are some."""
    some = rng.choice(_STAFF_ROWS)
    n = int(some["salary"]) - rng.choice((50, 100, 150))
    count = sum(row["team"] == some["team"] and int(row["salary"]) > n for row in _STAFF_ROWS)
    return {"t": STAFF.path, "v": some["team"], "n": n}, number(count)


def _of_team(column: str, extreme: Callable[[Iterable[int]], int]) -> Draw:
    """Draw a team, and whoever of it has the most or least of something."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        team = rng.choice(_words(STAFF, "team"))
        values = {int(row[column]): str(row["name"]) for row in _STAFF_ROWS if row["team"] == team}
        return {"t": STAFF.path, "v": team}, text(values[extreme(values)])

    return draw


def _oldest_above(rng: random.Random) -> tuple[Blanks, Expected]:
    n = rng.randrange(1900, 5000, 50)
    oldest = max((row for row in _STAFF_ROWS if int(row["salary"]) > n), key=lambda row: int(row["age"]))
    return {"t": STAFF.path, "n": n}, text(str(oldest["name"]))


def _salaries_from(rng: random.Random) -> tuple[Blanks, Expected]:
    n = rng.randint(24, 58)
    return {"t": STAFF.path, "n": n}, number(
        sum(int(row["salary"]) for row in _STAFF_ROWS if int(row["age"]) >= n)
    )


_FIRST: tuple[Written, ...] = (
    ("easy", "Work out the average of the column {k} in {t}.", _of_column("average")),
    ("easy", "Add up the column {k} of {t}.", _of_column("sum")),
    ("easy", "Give me the total {k} in the table {t}", _of_column("sum")),
    ("easy", "What's the highest {k} in {t}?", _of_column("max")),
    ("easy", "lowest {k} in {t}", _of_column("min")),
    ("easy", "Look at {t}: what is the mean of {k}?", _of_column("average")),
    ("easy", "In {t}, what is the largest value of {k}?", _of_column("max")),
    ("medium", "Tell me the number of {r} in {t} whose {g} is {v}.", _counted),
    ("medium", "Count the rows of {t} where {g} is {v}.", _counted),
    ("medium", "What is the average {k} of those with {g} {v} in {t}?", _where("average")),
    ("medium", "Sum the {k} in {t} for {g} {v}.", _where("sum")),
    ("medium", "Which total of {k} does {t} have where {g} equals {v}?", _where("sum")),
    ("medium", "What is the smallest {k} for {g} {v} in {t}?", _where("min")),
    ("medium", "Who has the highest {k} in {t}?", _person("max")),
    ("medium", "According to {t}, whose {k} is the lowest?", _person("min")),
    ("medium", "How old is the oldest of the {v} team in {t}?", _oldest),
)

_ADDED: tuple[Written, ...] = (
    ("easy", "{t}: which sum does the {k} column come to?", _of_column("sum")),
    ("easy", "Of all the {k} figures in {t}, name the smallest.", _of_column("min")),
    ("hard", "Name whoever earns most in the {v} team, from {t}.", _of_team("salary", max)),
    ("hard", "Who is the youngest in the {v} team of {t}?", _of_team("age", min)),
)

_TWO_CONDITIONS: tuple[Written, ...] = (
    ("hard", "Take only {x} from {v} in {t}: what is the sum of {k}?", _of_both("sum")),
    ("hard", "By {t}, what is the average {k} of {x} in {v}?", _of_both("average")),
    ("hard", "In {t}, what is the largest {k} for both town {v} and fruit {x}?", _of_both("max")),
    ("hard", "What did {v} take in with {x}? In {t}, add up boxes times price.", _taken),
    ("hard", "Which town sold the most boxes of {x}, all rows of {t} together?", _best_town),
    ("hard", "In how many rows of {t} is the price above {n} with {m} boxes or more?", _above),
    ("hard", "How many of the {v} team earn more than {n}, going by {t}?", _team_above),
    ("hard", "Among those in {t} with a salary above {n}, who is the oldest?", _oldest_above),
    ("hard", "What do all in {t} who are {n} or older earn together?", _salaries_from),
)

WORDINGS = (
    *wordings("tables", "table_figure", _FIRST, _ADDED),
    *wordings("tables", "query_table", (), _TWO_CONDITIONS),
)
