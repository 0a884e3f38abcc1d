"""One figure of a table, asked for in words from lists: what a small model can write instead of SQL."""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.number_text import number_text
from tools.plain_text import one_line, quoted
from tools.registry import Example, Tool, ToolError
from tools.table_catalogue import MAX_STEPS, Catalogue, Column, Query, QueryError, Rows, Table
from tools.table_csv import quote

MEASURES = ("count", "sum", "average", "min", "max", "list")
MAX_EQUALS = 100
MAX_NAMES = 60
_LISTED = 30
_VALUES = 200
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """What is asked of a table: a measure of a column, perhaps only where a column equals a text."""

    table: str
    measure: str
    column: str = ""
    where: str = ""
    equals: str = ""


def figure_tool(catalogue: Catalogue, examples: tuple[Example, ...]) -> Tool:
    """Return the tool `table_figure` over some tables."""

    def table_figure(**arguments: str) -> str:
        (figure,) = figures(catalogue, [Figure(**arguments)])
        if isinstance(figure, ToolError):
            raise figure
        return figure

    return Tool(
        name="table_figure",
        description="Looks up one figure in the user's tables: a count, sum, average, extreme or list.",
        parameters={
            "type": "object",
            "properties": _properties(catalogue),
            "required": ["table", "measure"],
            "additionalProperties": False,
        },
        examples=examples,
        run=table_figure,
    )


def _properties(catalogue: Catalogue) -> dict[str, Any]:
    names = list(dict.fromkeys(column.name for table in catalogue.tables for column in table.columns))
    tables = {"type": "string", "enum": [table.called for table in catalogue.tables]}
    columns = {"type": "string", "enum": names[:MAX_NAMES]}
    return {
        "table": {**tables, "description": "The table to look in"},
        "measure": {
            "type": "string",
            "description": "What to find out; count needs no column",
            "enum": [*MEASURES],
        },
        "column": {**columns, "description": "The column to measure"},
        "where": {**columns, "description": "Only rows in which this column equals the text below"},
        "equals": {
            "type": "string",
            "description": "The text or number that the rows must have there",
            "maxLength": MAX_EQUALS,
        },
    }


def figures(catalogue: Catalogue, wanted: Sequence[Figure], steps: int = MAX_STEPS) -> list[str | ToolError]:
    """Return each figure as text, or what is wrong with it, all from one process."""
    prepared = [_prepared(catalogue, figure) for figure in wanted]
    queries = [query for each in prepared if not isinstance(each, ToolError) for query in each]
    sources = {catalogue.table(f.table).source for f in wanted}
    try:
        answers = iter(catalogue.query(queries, sources, rows=_VALUES, steps=steps) if queries else ())
    except QueryError as error:
        return [ToolError(f"The table could not be read: it {error}.") for _ in wanted]
    return [
        each if isinstance(each, ToolError) else _figure(figure, [next(answers) for _ in each])
        for figure, each in zip(wanted, prepared, strict=True)
    ]


def _prepared(catalogue: Catalogue, figure: Figure) -> list[Query] | ToolError:
    try:
        return _queries(catalogue.table(figure.table), figure)
    except ToolError as error:
        return error


def _queries(table: Table, figure: Figure) -> list[Query]:
    """Return the query of the figure, how many rows fit, and, with a condition, what it could have been."""
    column = _column(table, figure.column) if figure.column else None
    if column is None and figure.measure != "count":
        raise ToolError(f"Say which column to measure: {_names(table)}.")
    if column and not column.numeric and figure.measure in {"sum", "average"}:
        numeric = ", ".join(each.name for each in table.columns if each.numeric) or "none"
        raise ToolError(f"{quoted(column.name)} has no numbers; the columns with numbers are: {numeric}.")
    if bool(figure.where) != bool(figure.equals):
        raise ToolError("where and equals belong together: give both or none.")
    if not figure.where:
        return [(_select(table, figure.measure, column, "TRUE"), ())]
    where = _column(table, figure.where)
    condition, value = _condition(where, figure.equals)
    name = _named(where)
    return [
        (_select(table, figure.measure, column, condition), (value,)),
        (f"SELECT count(*) FROM {table.sql} AS t WHERE {condition}", (value,)),  # noqa: S608 - quoted
        (f"SELECT DISTINCT {name} FROM {table.sql} AS t WHERE {name} IS NOT NULL", ()),  # noqa: S608 - quoted
    ]


def _column(table: Table, name: str) -> Column:
    column = table.column(name)
    if column is None:
        raise ToolError(f"{table.called} has no column {quoted(name)}; its columns are: {_names(table)}.")
    return column


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns[:MAX_NAMES])


def _condition(where: Column, equals: str) -> tuple[str, str | float]:
    name = _named(where)
    if where.numeric:
        try:
            number = float(equals.replace(",", "").strip().lstrip("$€£"))
        except ValueError as error:
            raise ToolError(f"{quoted(where.name)} has numbers: equals must be one of them.") from error
        return f"{name} = ?1", number
    return f"trim({name}) = ?1 COLLATE NOCASE", equals.strip()


def _select(table: Table, measure: str, column: Column | None, condition: str) -> str:
    """Return a query, whose only parts from outside are quoted names."""
    rest = f"FROM {table.sql} AS t WHERE {condition}"
    name = _named(column) if column else "*"
    match measure:
        case "count" | "sum" | "average":
            return f"SELECT {'avg' if measure == 'average' else measure}({name}) {rest}"
        case "min" | "max":
            label = next((each for each in table.columns if _labels(each) and each != column), None)
            shown = f"{name}, {_named(label)}" if label else name
            order = "DESC" if measure == "max" else "ASC"
            return f"SELECT {shown} {rest} AND {name} IS NOT NULL ORDER BY 1 {order} LIMIT 5"
        case _:
            return f"SELECT DISTINCT {name} {rest} AND {name} IS NOT NULL LIMIT {_LISTED + 1}"


def _named(column: Column) -> str:
    """Return a column's name in SQL, with its table's: alone, SQLite takes a missing one for a text."""
    return f"t.{quote(column.name)}"


def _labels(column: Column) -> bool:
    """Whether a column names the rows: texts, all of them different."""
    return column.distinct and not column.numeric and bool(column.samples)


def _figure(figure: Figure, answers: Sequence[Rows | QueryError]) -> str | ToolError:
    for answer in answers:
        if isinstance(answer, QueryError):
            return ToolError(f"The table could not be read: {answer}.")
    rows = [answer.rows for answer in answers if isinstance(answer, Rows)]
    if figure.where and not rows[1][0][0]:
        return _nothing_fits(figure, [cell_text(value) for (value,) in rows[2]])
    if not rows[0] or (figure.measure != "count" and rows[0][0][0] is None):
        return ToolError(f"The column {quoted(figure.column)} is empty there, so it has no {figure.measure}.")
    return _shown(figure.measure, rows[0])


def _nothing_fits(figure: Figure, values: Sequence[str]) -> ToolError:
    lower = {value.lower(): value for value in values}
    near = difflib.get_close_matches(figure.equals.strip().lower(), lower, 1, 0.6)
    more = f" and {len(values) - _NAMED} more" if len(values) > _NAMED else ""
    known = f"its values are {', '.join(values[:_NAMED])}{more}." if values else "it is empty."
    hint = f"did you mean {quoted(lower[near[0]])}?" if near else known
    return ToolError(f"No row has {quoted(figure.equals)} in {figure.where}: {hint}")


def _shown(measure: str, rows: Sequence[Sequence[Any]]) -> str:
    if measure == "list":
        more = " and more" if len(rows) > _LISTED else ""
        return ", ".join(cell_text(value) for (value,) in rows[:_LISTED]) + more
    value, *_ = rows[0]
    if measure in {"min", "max"} and len(rows[0]) == 2:
        holders = [cell_text(label) for other, label in rows if other == value and label is not None]
        return f"{cell_text(value)} ({', '.join(holders)})" if 1 <= len(holders) <= 3 else cell_text(value)
    return cell_text(value)


def cell_text(value: Any) -> str:
    """Return a cell of an answer as text on one line; numbers as people write them, and None as `nothing`."""
    if isinstance(value, int):
        return number_text(Fraction(value))
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else "a number too large to show"
    return one_line(value, _VALUES) if isinstance(value, str) else "nothing"


def as_arguments(figure: Figure) -> Mapping[str, str]:
    """Return a figure as the arguments of a call, without what is not asked."""
    names = ("table", "measure", "column", "where", "equals")
    return {name: getattr(figure, name) for name in names if getattr(figure, name)}
