"""The process that reads tables: one request as JSON on its input, one reply on its output, then it ends.

A request is `{"sources": [{"path", "name"}], "queries": [[sql, parameters]], "rows": most, "steps": most}`.
The reply has `tables`, what each source holds, and `queries`: for each its `columns`, `rows` and `more`,
or its `error`; or else the reply has one `error` for all, with the index of its `source`. The process
needs the standard library alone, opens SQLite files for reading only, and writes nothing.
"""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.plain_text import one_line
from tools.table_csv import TableFileError, load_csv, quote
from tools.table_guard import harden, limit_process, only_reading

MAX_TABLES = 20
MAX_COLUMNS = 200
MAX_CELL = 200
_SAMPLED = 200
_SAMPLES = 3
_HEADER = b"SQLite format 3\0"

Reply = dict[str, Any]


def main() -> None:
    """Answer the request on standard input."""
    limit_process()
    request = json.load(sys.stdin)
    try:
        reply = answer(request)
    except MemoryError:
        reply = {"error": "takes more memory than is allowed"}
    json.dump(reply, sys.stdout)


def answer(request: Mapping[str, Any]) -> Reply:
    """Return the reply to a request, in this process."""
    connection = sqlite3.connect(":memory:", uri=True, isolation_level=None, cached_statements=0)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    harden(connection)
    tables: list[Reply] = []
    for number, source in enumerate(request["sources"]):
        try:
            tables += _opened(connection, number, source)
        except (TableFileError, sqlite3.Error, OSError) as error:
            return {"error": _cause(error), "source": number}
    only_reading(connection, _readable(connection, tables), request["steps"])
    queries = [_queried(connection, sql, values, request["rows"]) for sql, values in request["queries"]]
    return {"tables": tables, "queries": queries}


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    if isinstance(error, TableFileError):
        return str(error)
    return f"is no SQLite file that can be read ({error})"


def _opened(connection: sqlite3.Connection, number: int, source: Mapping[str, Any]) -> list[Reply]:
    """Open one file, and return what is known of its tables."""
    path, name = Path(source["path"]), source["name"]
    with path.open("rb") as stream:
        head = stream.read(20)
    if not head.startswith(_HEADER):
        left_out = load_csv(connection, path, name)
        return [_described(connection, number, "main", name) | {"left_out": left_out}]
    connection.execute("ATTACH ? AS ?", (_address(path, head), name))
    rows = connection.execute(
        f"SELECT name FROM {quote(name)}.sqlite_master"  # noqa: S608 - quoted
        " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid LIMIT ?",
        (MAX_TABLES,),
    )
    tables: list[Reply] = []
    for (table,) in rows.fetchall():
        with contextlib.suppress(sqlite3.OperationalError):  # a view of a table that is gone
            tables.append(_described(connection, number, name, table))
    return tables


def _address(path: Path, head: bytes) -> str:
    """Return how to open a database: immutable only if it uses a log that is not there, so nobody writes.

    SQLite would otherwise make the log's files beside a database that it only reads.
    """
    with_log = head[18:20] == b"\2\2"
    alone = with_log and not path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")


def _described(connection: sqlite3.Connection, number: int, schema: str, name: str) -> Reply:
    """Return a table's columns, which of them hold numbers, and a few of their values."""
    columns = [row[1] for row in connection.execute(f"PRAGMA {quote(schema)}.table_info({quote(name)})")]
    wanted = ", ".join(map(quote, columns[:MAX_COLUMNS]))
    rows = connection.execute(
        f"SELECT {wanted} FROM {quote(schema)}.{quote(name)} LIMIT ?",  # noqa: S608 - quoted
        (_SAMPLED,),
    ).fetchall()
    described = [
        _column(column, values) for column, values in zip(columns, _by_column(rows, columns), strict=False)
    ]
    return {"source": number, "schema": schema, "name": name, "columns": described, "left_out": ""}


def _by_column(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(min(len(columns), MAX_COLUMNS))]


def _column(name: str, values: Sequence[Any]) -> Reply:
    present = [value for value in values if value is not None]
    texts = dict.fromkeys(one_line(str(value), 40) for value in present if not isinstance(value, bytes))
    numeric = bool(present) and all(isinstance(value, int | float) for value in present)
    distinct = len(set(present)) == len(present)
    return {"name": name, "numeric": numeric, "distinct": distinct, "samples": list(texts)[:_SAMPLES]}


def _readable(connection: sqlite3.Connection, tables: Sequence[Reply]) -> list[str]:
    """Return the names that a query may read: of the tables, and of those that stand behind views."""
    names = [table["name"] for table in tables]
    for schema in {table["schema"] for table in tables} - {"main"}:
        rows = connection.execute(
            f"SELECT name FROM {quote(schema)}.sqlite_master WHERE type IN ('table', 'view')"  # noqa: S608
        )
        names += [name for (name,) in rows if not name.lower().startswith("sqlite_")]
    return names


def _queried(connection: sqlite3.Connection, sql: str, values: Sequence[Any], most: int) -> Reply:
    try:
        cursor = connection.execute(sql, values)
        rows = cursor.fetchmany(most + 1)
        if cursor.description is None:
            return {"error": "not authorized"}
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError) as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "out of memory"}
    columns = [one_line(column, MAX_CELL) for column, *_ in cursor.description]
    shown = [[_cell(value) for value in row] for row in rows[:most]]
    return {"columns": columns, "rows": shown, "more": len(rows) > most}


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return one_line(value, MAX_CELL) if isinstance(value, str) else value
