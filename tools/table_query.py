"""SQL over the user's tables, for models that can write it: one SELECT, run in a process of its own."""

import difflib
import re
from collections.abc import Iterable, Sequence

from tools.plain_text import one_line, plain, quoted
from tools.registry import Example, Tool, ToolError
from tools.table_catalogue import MAX_STEPS, Catalogue, Query, QueryError, Rows, Table
from tools.table_csv import quote
from tools.table_figure import cell_text

MAX_SQL = 400
MAX_ROWS = 20
MAX_DESCRIPTION = 1500

_BARE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_RESERVED = frozenset({
    "add", "all", "alter", "and", "as", "between", "case", "check", "collate", "commit", "constraint",
    "create", "default", "delete", "distinct", "drop", "else", "escape", "exists", "foreign", "from", "group",
    "having", "in", "index", "insert", "into", "is", "join", "limit", "not", "nothing", "null", "on", "or",
    "order", "primary", "references", "returning", "select", "set", "table", "then", "to", "transaction",
    "union", "unique", "update", "using", "values", "when", "where",
})  # fmt: skip
_QUOTED = re.compile(r"""'(?:[^']|'')*'|(?P<alias>\bas\s+)?"(?P<name>(?:[^"]|"")*)\"""", re.IGNORECASE)
_EXPLAINED = (
    (r"interrupted", "The query took too long: add a condition, or ask for less."),
    (r"one statement", "Write one SELECT statement only."),
    (r"out of memory|too big", "The query takes too much memory: ask for less."),
    (r"function: (\w+)", "The function {0} cannot be used here: use count, sum, avg, min, max and the like."),
    (
        r"not authorized|prohibited|authorization denied|constructor failed",
        "Only a SELECT over the user's tables can be run, and no recursion.",
    ),
    (r"number of bindings", "Write the values into the SQL: there is nothing to put in place of a ?."),
    (r"incomplete input", "The SQL ends too early: write the whole statement."),
    (r'near "(.*)": syntax error', "The SQL cannot be read at {0}: write one SELECT of SQLite."),
)


def query_tool(catalogue: Catalogue, examples: tuple[Example, ...]) -> Tool:
    """Return the tool `query_table` over some tables; what they hold stands in its description."""

    def query_table(sql: str) -> str:
        (answer,) = answers(catalogue, [sql])
        if isinstance(answer, ToolError):
            raise answer
        return rows_text(answer)

    return Tool(
        name="query_table",
        description=_description(catalogue.tables),
        parameters={
            "type": "object",
            "properties": {
                "sql": {
                    "type": "string",
                    "description": f"One SELECT of SQLite, such as {_first_query(catalogue)}",
                    "maxLength": MAX_SQL,
                }
            },
            "required": ["sql"],
            "additionalProperties": False,
        },
        examples=examples,
        run=query_table,
    )


def answers(
    catalogue: Catalogue, statements: Sequence[str], steps: int = MAX_STEPS
) -> list[Rows | ToolError]:
    """Return the rows of each statement, or what is wrong with it, all from one process."""
    cleaned = [plain(sql).strip().rstrip(";") for sql in statements]
    queries: list[Query] = [(sql, ()) for sql in cleaned]
    try:
        found = catalogue.query(queries, _sources(catalogue, cleaned), rows=MAX_ROWS, steps=steps)
    except QueryError as error:
        return [ToolError(f"The query {error}: ask for less.") for _ in cleaned]
    return [
        _misquoted(catalogue, sql)
        or (ToolError(_explained(catalogue, str(answer))) if isinstance(answer, QueryError) else answer)
        for sql, answer in zip(cleaned, found, strict=True)
    ]


def rows_text(answer: Rows) -> str:
    """Return rows as lines with ` | ` between the cells, the names first; one cell alone stands alone."""
    if not answer.rows:
        return "No row fits."
    if len(answer.rows) == len(answer.columns) == 1:
        return cell_text(answer.rows[0][0])
    lines = [answer.columns, *([cell_text(cell) for cell in row] for row in answer.rows)]
    more = [f"There are more than these {MAX_ROWS} rows: add a condition."] if answer.more else []
    return "\n".join([*map(" | ".join, lines), *more])


def written(name: str) -> str:
    """Return a name as SQL needs it: with quotes only where it is not a plain word."""
    return name if _BARE.fullmatch(name) and name.lower() not in _RESERVED else quote(name)


def written_table(table: Table) -> str:
    """Return a table's name as SQL needs it, with its file's where another table has the same."""
    name = written(table.name)
    return name if table.called == table.name else f"{written(table.schema)}.{name}"


def _first_query(catalogue: Catalogue) -> str:
    return f"SELECT count(*) FROM {written_table(catalogue.tables[0])}"  # noqa: S608 - quoted


def _description(tables: Sequence[Table]) -> str:
    held = "; ".join(f"{written_table(table)}({', '.join(_columns(table))})" for table in tables)
    left_out = "".join(f". In {each.name} {each.left_out}" for each in tables if each.left_out)
    return one_line(f"Answers an SQL query over the user's tables: {held}{left_out}", MAX_DESCRIPTION)


def _columns(table: Table) -> Iterable[str]:
    return (f"{written(each.name)} {'number' if each.numeric else 'text'}" for each in table.columns)


def _sources(catalogue: Catalogue, statements: Sequence[str]) -> set[int]:
    """Return the files with a table that is named in some statement; a large CSV file is not read in vain."""
    text = "\n".join(statements).lower().replace('""', '"')
    return {table.source for table in catalogue.tables if table.name.lower() in text}


def _misquoted(catalogue: Catalogue, sql: str) -> ToolError | None:
    """Refuse names in double quotes that are nowhere: SQLite would take them for texts, and find nothing."""
    found = list(_QUOTED.finditer(sql))
    known = {match["name"].lower() for match in found if match["alias"]}
    for table in catalogue.tables:
        known |= {table.schema.lower(), table.name.lower(), *(each.name.lower() for each in table.columns)}
    for match in found:
        name = match["name"]
        if name is not None and name.replace('""', '"').lower() not in known:
            hint = _near(name, _column_names(catalogue), "a text stands in single quotes.")
            return ToolError(f"No column is named {quoted(name)}: {hint}")
    return None


def _explained(catalogue: Catalogue, message: str) -> str:
    if match := re.search(r"no such column: (.+)", message):
        name = match[1].rpartition(".")[2].strip('"')
        columns = _column_names(catalogue)
        return f"There is no column {quoted(name)}: {_near(name, columns, _all('columns', columns))}"
    if match := re.search(r"no such table: (.+)", message):
        tables = [table.name for table in catalogue.tables]
        return f"There is no table {quoted(match[1])}: {_near(match[1], tables, _all('tables', tables))}"
    for pattern, sentence in _EXPLAINED:
        if match := re.search(pattern, message):
            return sentence.format(*map(quoted, match.groups()))
    return f"The query failed: {one_line(message, 120)}."


def _column_names(catalogue: Catalogue) -> list[str]:
    return list(dict.fromkeys(column.name for table in catalogue.tables for column in table.columns))


def _near(name: str, names: Sequence[str], otherwise: str) -> str:
    """Return a question after the nearest name, or another hint where none is near."""
    lower = {each.lower(): each for each in reversed(names)}
    near = difflib.get_close_matches(name.lower(), lower, 1, 0.6)
    return f"did you mean {written(lower[near[0]])}?" if near else otherwise


def _all(what: str, names: Sequence[str]) -> str:
    return f"the {what} are {', '.join(map(written, names[:MAX_ROWS]))}."
