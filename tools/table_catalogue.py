"""The tables of some CSV and SQLite files: their names and columns, and the way to query them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.plain_text import visible
from tools.table_csv import quote
from tools.table_process import TableProcessError, ask

MAX_FILES = 8
MAX_STEPS = 60_000  # of a thousand instructions of SQLite's machine each: seconds, on any machine

Query = tuple[str, Sequence[object]]


class TablesError(Exception):
    """The files of tables cannot be used; the text says which, why and what to do."""


class QueryError(Exception):
    """A query gave no rows; the text is SQLite's or the process's."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: whether its values are numbers, all different, and the first few of them as text."""

    name: str
    numeric: bool
    distinct: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file, its name there, the name it is called by, its columns, and what was left out."""

    source: int
    schema: str
    name: str
    called: str
    columns: tuple[Column, ...]
    left_out: str

    @property
    def sql(self) -> str:
        """The table's name in SQL."""
        return f"{quote(self.schema)}.{quote(self.name)}"

    def column(self, name: str) -> Column | None:
        """Return the column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query gave: names, rows of text, numbers and None, and whether there were more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Some files and the tables in them. Make one with `open_tables`."""

    sources: tuple[dict[str, str], ...]
    tables: tuple[Table, ...]

    def table(self, called: str) -> Table:
        """Return the table that is called so. Raises `KeyError`."""
        return {table.called: table for table in self.tables}[called]

    def query(
        self, queries: Sequence[Query], sources: set[int], *, rows: int, steps: int = MAX_STEPS
    ) -> list[Rows | QueryError]:
        """Run queries over the files with those indices, in one process; `rows` bounds each answer.

        Raises `QueryError` where no query could be run at all.
        """
        request = {
            "sources": [self.sources[number] for number in sorted(sources)],
            "queries": queries,
            "rows": rows,
            "steps": steps,
        }
        try:
            reply = ask(request)
        except TableProcessError as error:
            raise QueryError(str(error)) from error
        if "error" in reply:
            raise QueryError(f"the file {reply['error']}")
        return [_rows(each) for each in reply["queries"]]


def open_tables(paths: Sequence[Path]) -> Catalogue:
    """Look into CSV and SQLite files, and return what is in them. Raises `TablesError`."""
    if not 1 <= len(paths) <= MAX_FILES:
        raise TablesError(f"Name from 1 to {MAX_FILES} files of tables, not {len(paths)}.")
    for path in paths:
        if not path.expanduser().is_file():
            raise TablesError(f"There is no file {_shown(path)}: name a CSV or SQLite file.")
    sources = _sources(paths)
    try:
        reply = ask({"sources": sources, "queries": [], "rows": 0, "steps": MAX_STEPS})
    except TableProcessError as error:
        raise TablesError(f"Looking into the tables {error}: name smaller files.") from error
    if "error" in reply:
        raise TablesError(f"{_shown(paths[reply['source']])} {reply['error']}.")
    for number, path in enumerate(paths):
        if all(found["source"] != number for found in reply["tables"]):
            raise TablesError(f"{_shown(path)} has no tables: name another file.")
    return Catalogue(sources, _tables(reply["tables"]))


def _shown(path: Path) -> str:
    return visible(str(path))


def _sources(paths: Sequence[Path]) -> tuple[dict[str, str], ...]:
    """Name each file for its stem, in letters that SQL needs no quotes for."""
    taken = {"main", "temp"}
    sources = []
    for path in paths:
        stem = re.sub(r"\W+", "_", visible(path.stem), flags=re.ASCII).strip("_")[:40] or "table"
        stem = stem if stem[0].isalpha() else f"table_{stem}"
        name, again = stem, 1
        while name.lower() in taken:
            again += 1
            name = f"{stem}_{again}"
        taken.add(name.lower())
        sources.append({"path": str(path.expanduser().absolute()), "name": name})
    return tuple(sources)


def _tables(found: Sequence[dict[str, Any]]) -> tuple[Table, ...]:
    """Call a table by its name alone, but by its file's too where an earlier one has that name."""
    tables: dict[str, Table] = {}
    for each in found:
        name, schema = each["name"], each["schema"]
        called = f"{schema}.{name}" if name.lower() in tables else name
        columns = tuple(map(_column, each["columns"]))
        table = Table(each["source"], schema, name, called, columns, each["left_out"])
        tables.setdefault(called.lower(), table)
    return tuple(tables.values())


def _column(found: dict[str, Any]) -> Column:
    return Column(found["name"], found["numeric"], found["distinct"], tuple(found["samples"]))


def _rows(reply: dict[str, Any]) -> Rows | QueryError:
    if "error" in reply:
        return QueryError(reply["error"])
    return Rows(tuple(reply["columns"]), tuple(map(tuple, reply["rows"])), reply["more"])
