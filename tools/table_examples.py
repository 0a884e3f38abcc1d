"""Examples made from the tables themselves: requests about their own columns, answered by their own rows."""

# ruff: noqa: S608 - every name in the SQL is quoted by `written`

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from tools.registry import Example, ToolError
from tools.table_catalogue import Catalogue, Column, Rows, Table
from tools.table_figure import Figure, as_arguments, cell_text, figures
from tools.table_query import MAX_SQL, answers, rows_text, written, written_table

MAX_EXAMPLES = 12
_STEPS = 10_000
_CANDIDATES = 20

T = TypeVar("T")
Asked = tuple[str, Figure, str]
"""A request, its figure, and the answer, with `{}` for the result."""
AskedInSql = tuple[str, str, str]


def figure_examples(catalogue: Catalogue) -> tuple[Example, ...]:
    """Return at most `MAX_EXAMPLES` examples of `table_figure`, the same for the same tables."""
    asked = _chosen(map(_figures, catalogue.tables))
    results = figures(catalogue, [figure for _, figure, _ in asked], _STEPS)
    return tuple(
        Example(request, as_arguments(figure), result, answer.replace("{}", result))
        for (request, figure, answer), result in zip(asked, results, strict=True)
        if not isinstance(result, ToolError)
    )[:MAX_EXAMPLES]


def query_examples(catalogue: Catalogue) -> tuple[Example, ...]:
    """Return at most `MAX_EXAMPLES` examples of `query_table`, the same for the same tables."""
    asked = [each for each in _chosen(map(_statements, catalogue.tables)) if len(each[1]) <= MAX_SQL]
    found = answers(catalogue, [sql for _, sql, _ in asked], _STEPS)
    return tuple(
        Example(request, {"sql": sql}, rows_text(rows), answer.replace("{}", _told(rows)))
        for (request, sql, answer), rows in zip(asked, found, strict=True)
        if not isinstance(rows, ToolError) and rows.rows
    )[:MAX_EXAMPLES]


def _told(rows: Rows) -> str:
    """Return rows as part of a sentence: `fruit 1.2; dairy 3`."""
    return "; ".join(" ".join(map(cell_text, row)) for row in rows.rows)


def _chosen(candidates: Iterable[Iterator[tuple[str, T, str]]]) -> list[tuple[str, T, str]]:
    """Take candidates of every table in turn, each request once."""
    rounds = itertools.zip_longest(*candidates)
    found = {each[0]: each for each in itertools.chain.from_iterable(rounds) if each is not None}
    return list(itertools.islice(found.values(), _CANDIDATES))


def _first(columns: Sequence[Column], fits: Callable[[Column], bool]) -> Column | None:
    return next(filter(fits, columns), None)


def _group(table: Table) -> Column | None:
    """Return a column of texts that several rows share, if there is one, or of texts at least."""
    texts = [each for each in table.columns if not each.numeric and each.samples]
    return _first(texts, lambda each: not each.distinct) or next(iter(texts), None)


def _sample(column: Column | None) -> str:
    """Return a value to ask for; one that was cut would not be found."""
    values = column.samples if column else ()
    return next((value for value in values if not value.endswith("…") and '"' not in value), "")


def _figures(table: Table) -> Iterator[Asked]:
    t = table.called
    numbers = [each.name for each in table.columns if each.numeric]
    group = _group(table)
    yield (f"How many rows does {t} have?", Figure(t, "count"), f"{t} has {{}} rows.")
    if numbers:
        yield from _figures_of_numbers(t, numbers)
    if group and (value := _sample(group)):
        yield from _figures_where(t, group.name, value, numbers)
    for column in (each.name for each in table.columns[:4] if not each.numeric):
        yield (f"Which {column} values are in {t}?", Figure(t, "list", column), f"{t} has {{}}.")
        yield (f"list the {column} column of {t}", Figure(t, "list", column), "They are: {}.")
    yield (f"count the entries in {t}", Figure(t, "count"), "There are {} entries.")
    yield (f"{t}: number of rows?", Figure(t, "count"), "The number of rows is {}.")
    for column in (each.name for each in table.columns[:4]):
        first, last = Figure(t, "min", column), Figure(t, "max", column)
        yield (f"What is the first {column} in {t}, in order?", first, f"The first {column} is {{}}.")
        yield (f"and the last {column} of {t}?", last, f"The last {column} is {{}}.")
        yield (f"How many rows of {t} have a {column}?", Figure(t, "count", column), "{} rows have one.")


def _figures_of_numbers(t: str, numbers: Sequence[str]) -> Iterator[Asked]:
    one, other = numbers[0], numbers[-1]
    yield (
        f"What is the average {one} in {t}?",
        Figure(t, "average", one),
        f"The average {one} in {t} is {{}}.",
    )
    yield (f"total {other} of all {t}", Figure(t, "sum", other), f"The total {other} is {{}}.")
    yield (
        f"Which is the highest {one} in {t}?",
        Figure(t, "max", one),
        f"The highest {one} in {t} is {{}}.",
    )
    yield (f"find the lowest {other} in {t}", Figure(t, "min", other), f"The lowest {other} is {{}}.")


def _figures_where(t: str, group: str, value: str, numbers: Sequence[str]) -> Iterator[Asked]:
    yield (
        f"How many {t} have {value} as {group}?",
        Figure(t, "count", where=group, equals=value),
        f"{{}} {t} have {value} as {group}.",
    )
    for number in numbers[:1]:
        yield (
            f"Sum up the {number} in {t} where {group} is {value}",
            Figure(t, "sum", number, group, value),
            f"The {number} where {group} is {value} adds up to {{}}.",
        )
        yield (
            f"What is the average {number} for {group} {value} in {t}?",
            Figure(t, "average", number, group, value),
            f"The average {number} for {value} is {{}}.",
        )


def _statements(table: Table) -> Iterator[AskedInSql]:
    t, name = written_table(table), table.called
    number = _first(table.columns, lambda each: each.numeric)
    group = _group(table)
    yield (f"How many rows are there in {name}?", f"SELECT count(*) FROM {t}", f"{name} has {{}} rows.")
    if number:
        yield from _statements_of_numbers(t, name, number.name)
    if group and number:
        yield from _statements_by_group(t, name, group, number.name)
    for column in table.columns[:3]:
        yield from _statements_of_any(t, name, column.name)


def _statements_of_numbers(t: str, name: str, number: str) -> Iterator[AskedInSql]:
    n = written(number)
    yield (
        f"What is the difference between the highest and the lowest {number} in {name}?",
        f"SELECT max({n}) - min({n}) FROM {t}",
        "The difference is {}.",
    )
    yield (
        f"How many rows of {name} have a {number} above the average?",
        f"SELECT count(*) FROM {t} WHERE {n} > (SELECT avg({n}) FROM {t})",
        f"In {{}} rows the {number} is above the average.",
    )


def _statements_by_group(t: str, name: str, group: Column, number: str) -> Iterator[AskedInSql]:
    g, n = written(group.name), written(number)
    yield (
        f"Show the average {number} for each {group.name} in {name}",
        f"SELECT {g}, round(avg({n}), 2) FROM {t} GROUP BY {g} LIMIT 5",
        f"The average {number} by {group.name}: {{}}.",
    )
    yield (
        f"Which {group.name} of {name} has the largest total {number}?",
        f"SELECT {g}, sum({n}) FROM {t} GROUP BY {g} ORDER BY 2 DESC LIMIT 1",
        "It is {}.",
    )
    if value := _sample(group):
        literal = "'" + value.replace("'", "''") + "'"
        yield (
            f"What is the highest {number} in {name} with {group.name} {value}?",
            f"SELECT max({n}) FROM {t} WHERE {g} = {literal}",
            f"The highest {number} with {group.name} {value} is {{}}.",
        )


def _statements_of_any(t: str, name: str, column: str) -> Iterator[AskedInSql]:
    c = written(column)
    yield (
        f"How many different {column} values does {name} have?",
        f"SELECT count(DISTINCT {c}) FROM {t}",
        f"{name} has {{}} different {column} values.",
    )
    yield (
        f"Which {column} occurs most often in {name}?",
        f"SELECT {c} FROM {t} GROUP BY {c} ORDER BY count(*) DESC, {c} LIMIT 1",
        f"The {column} that occurs most often is {{}}.",
    )
    yield (
        f"the first three {column} values of {name} in order",
        f"SELECT {c} FROM {t} ORDER BY {c} LIMIT 3",
        "They are: {}.",
    )
    yield (
        f"In how many rows of {name} is {column} missing?",
        f"SELECT count(*) FROM {t} WHERE {c} IS NULL",
        "It is missing in {} rows.",
    )
