"""A CSV file as a table in SQLite: its separator, its names and its numbers found out, all of it bounded.

Runs in the process of `tools.table_worker`. The file is read twice, once to learn which columns are
numbers, so that it never stands in memory as Python's objects.
"""

import contextlib
import csv
import io
import itertools
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.file_text import NotTextError, decoded
from tools.plain_text import one_line, visible

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 100_000
MAX_NAME = 60

_SEPARATORS = ",;\t|"
_MISSING = frozenset({"", "-", "–", "na", "n/a", "nan", "null", "none"})
# 007 and 0049 30 12 are no numbers but codes, and so is what has more digits than a float keeps.
_WITH_POINT = re.compile(
    r"[-+−]?[$€£]?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3}){1,4})?(?:\.\d{1,15})?", re.ASCII
)
_WITH_COMMA = re.compile(
    r"[-+−]?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:\.\d{3}){1,4})?(?:,\d{1,15})?(?: ?€)?", re.ASCII
)
_ADDED = str.maketrans("", "", "$€£+ ")


class TableFileError(Exception):
    """A file of tables cannot be used; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    numeric: bool
    comma: bool


@dataclass(frozen=True, slots=True)
class Csv:
    """The text of a CSV file and the sign between its cells."""

    text: str
    separator: str

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows that are not empty. Raises `TableFileError` for a cell or a file too large."""
        try:
            for row in csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator):
                if any(row):
                    yield row
        except csv.Error as error:
            raise TableFileError(f"is no CSV file that can be read ({error}): check its quotes") from error


def load_csv(connection: sqlite3.Connection, path: Path, table: str) -> str:
    """Fill a new table from a file, and return what was left out, or nothing. Raises `TableFileError`."""
    csv.field_size_limit(MAX_CELL)
    file = _read(path)
    rows = file.rows()
    head = next(rows, [])
    if not head:
        raise TableFileError("is empty: it needs a first row with the names of its columns")
    if len(head) > MAX_COLUMNS:
        raise TableFileError(f"has {len(head)} columns, and at most {MAX_COLUMNS} can be read")
    names = column_names(head)
    columns, longer = _survey(names, rows, decimal_comma=file.separator == ";")
    declared = ", ".join(f"{quote(each.name)} {'NUMERIC' if each.numeric else 'TEXT'}" for each in columns)
    connection.execute(f"CREATE TABLE {quote(table)} ({declared})")
    rows = file.rows()
    next(rows)
    places = ", ".join("?" * len(columns))
    values = (_values(columns, row) for row in rows)
    connection.executemany(f"INSERT INTO {quote(table)} VALUES ({places})", values)  # noqa: S608 - quoted
    return f"the cells beyond the last named column are left out, of {longer} rows" if longer else ""


def quote(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_names(head: Sequence[str]) -> list[str]:
    """Return printable names, none empty and no two alike, for the cells of a first row."""
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(head, 1):
        name = stem = visible(one_line(cell, MAX_NAME)).replace('"', "'") or f"column {number}"
        again = 1
        while name.lower() in taken:
            again += 1
            name = f"{stem} {again}"
        taken.add(name.lower())
        names.append(name)
    return names


def _read(path: Path) -> Csv:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TableFileError(f"is larger than {MAX_BYTES // 10**6} MB: put it into a SQLite file")
    text = _text(data)
    return Csv(text, _separator(text))


def _text(data: bytes) -> str:
    """Return the text, in the encoding of Windows if it is not UTF-8: spreadsheets still write that."""
    try:
        return decoded(data)
    except NotTextError as error:
        if "\0" in data[:100_000].decode("latin-1") or "binary" in str(error):
            raise TableFileError("is not a text file, so it is no CSV file") from error
        return decoded(data.decode("cp1252", "replace").encode())


def _separator(text: str) -> str:
    """Return the sign that cuts the first row into most cells; a comma where it is not cut at all."""
    line = next(filter(str.strip, io.StringIO(text)), "")[:MAX_CELL]

    def cells(separator: str) -> int:
        with contextlib.suppress(csv.Error, StopIteration):
            return len(next(csv.reader([line], delimiter=separator)))
        return 0

    return max(_SEPARATORS, key=cells)


class _Seen:
    """What the cells of one column were so far."""

    def __init__(self, *, decimal_comma: bool) -> None:
        self.filled = self.with_comma = False
        self.point, self.comma = True, decimal_comma

    def see(self, written: str) -> None:
        if (self.point or self.comma) and written.lower() not in _MISSING:
            self.filled = True
            self.with_comma = self.with_comma or "," in written
            self.point = self.point and _is(_WITH_POINT, written)
            self.comma = self.comma and _is(_WITH_COMMA, written)

    def column(self, name: str) -> _Column:
        """Take 1,234 for a broken number where semicolons stand between cells, as those files write it."""
        comma = self.comma and (self.with_comma or not self.point)
        return _Column(name, self.filled and (self.point or self.comma), comma)


def _survey(
    names: Sequence[str], rows: Iterable[list[str]], *, decimal_comma: bool
) -> tuple[list[_Column], int]:
    """Return which columns hold numbers, and how many rows are longer than the first."""
    seen = [_Seen(decimal_comma=decimal_comma) for _ in names]
    longer = 0
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise TableFileError(f"has more than {MAX_ROWS} rows: put them into a SQLite file")
        longer += any(row[len(names) :])
        for column, cell in zip(seen, row, strict=False):
            column.see(cell.strip())
    return [column.column(name) for column, name in zip(seen, names, strict=True)], longer


def _is(form: re.Pattern[str], written: str) -> bool:
    return form.fullmatch(written) is not None and any(map(str.isdigit, written))


def _values(columns: Sequence[_Column], row: Sequence[str]) -> list[int | float | str | None]:
    """Return a row as it is kept: as long as the head, and nothing where a cell is empty."""
    cells = itertools.chain(row, itertools.repeat(""))
    return [_value(column, cell.strip()) for column, cell in zip(columns, cells, strict=False)]


def _value(column: _Column, cell: str) -> int | float | str | None:
    if not column.numeric:
        return cell or None
    return None if cell.lower() in _MISSING else _number(cell, comma=column.comma)


def _number(cell: str, *, comma: bool) -> int | float:
    cell = cell.translate(_ADDED).replace("−", "-")
    cell = cell.replace(".", "").replace(",", ".") if comma else cell.replace(",", "")
    return float(cell) if "." in cell else int(cell)
