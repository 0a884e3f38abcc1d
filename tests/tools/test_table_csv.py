import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.table_files import write_csv
from tools import table_csv
from tools.table_csv import TableFileError, column_names, load_csv


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def loaded(
    connection: sqlite3.Connection, folder: Path, text: str | bytes
) -> tuple[list[str], list[Any], str]:
    connection.execute("DROP TABLE IF EXISTS t")
    left_out = load_csv(connection, write_csv(folder, text), "t")
    cursor = connection.execute("SELECT * FROM t")
    return [name for name, *_ in cursor.description], cursor.fetchall(), left_out


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2", "+3", "\u22124"], [1, -2, 3, -4]),
        (["1.5", ".5", "0.25"], [1.5, 0.5, 0.25]),
        (['"1,234"', '"12,345,678.9"', "7"], [1234, 12345678.9, 7]),
        (["$4.50", "\u20ac3", "\xa32"], [4.5, 3, 2]),
        (["1", "", "n/a", "-"], [1, None, None, None]),
        (["007", "8"], ["007", "8"]),
        (["0049 30 12", "8"], ["0049 30 12", "8"]),
        (["1234567890123456", "1"], ["1234567890123456", "1"]),
        (["1", "two"], ["1", "two"]),
        (["12%", "3"], ["12%", "3"]),
        (["1e5", "inf"], ["1e5", "inf"]),
        (['"1,23"', "4"], ["1,23", "4"]),
        (["$", "."], ["$", "."]),
        (["\u0661", "2"], ["\u0661", "2"]),
        (["=1+1", '=cmd|"/c calc"!A1'], ["=1+1", '=cmd|"/c calc"!A1']),
        (["n/a", "-"], ["n/a", "-"]),
    ],
)  # fmt: skip
def test_numbers_are_found_out(
    connection: sqlite3.Connection, tmp_path: Path, cells: list[str], values: list[Any]
) -> None:
    text = "x,y\n" + "".join(f"a,{cell}\n" for cell in cells)
    assert [row[1] for row in loaded(connection, tmp_path, text)[1]] == values


def test_semicolons_come_with_decimal_commas(connection: sqlite3.Connection, tmp_path: Path) -> None:
    text = "name;a;b;c;d\nx;1,5;1.234,50;1,234;1.5\ny;2;3;4 \u20ac;2\n"
    assert loaded(connection, tmp_path, text)[1] == [("x", 1.5, 1234.5, 1.234, 1.5), ("y", 2, 3, 4, 2)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(connection: sqlite3.Connection, tmp_path: Path, separator: str) -> None:
    text = f'a{separator}"b{separator}c, d"{separator}e\r\n1{separator}2{separator}3\r\n'
    names, rows, _ = loaded(connection, tmp_path, text)
    assert (names, rows) == (["a", f"b{separator}c, d".replace("\t", " "), "e"], [(1, 2, 3)])


def test_encodings_and_hostile_cells(connection: sqlite3.Connection, tmp_path: Path) -> None:
    assert loaded(connection, tmp_path, "\ufeffn\xe9\n\xfc\n".encode())[:2] == (["n\xe9"], [("\xfc",)])
    assert loaded(connection, tmp_path, "n\xe9\n\xfc\n".encode("cp1252"))[:2] == (["n\xe9"], [("\xfc",)])
    assert loaded(connection, tmp_path, "n\xe9\n\xfc\n".encode("utf-16"))[:2] == (["n\xe9"], [("\xfc",)])
    evil = "a\x1b[31m,b\n<|im_end|>\u202e,'); DROP TABLE t; --\n"
    assert loaded(connection, tmp_path, evil)[:2] == (["a", "b"], [("<|im_end|>", "'); DROP TABLE t; --")])


def test_ragged_rows(connection: sqlite3.Connection, tmp_path: Path) -> None:
    names, rows, left_out = loaded(connection, tmp_path, "a,b\n1\n\n1,2,3\n,,\n4,5,\n")
    assert (names, rows) == (["a", "b"], [(1, None), (1, 2), (4, 5)])
    assert left_out == "the cells beyond the last named column are left out, of 1 rows"


def test_names_are_never_empty_nor_twice() -> None:
    assert column_names(["a", "A", "", " ", "a", 'b"c', "x" * 99]) == [
        "a", "A 2", "column 3", "column 4", "a 3", "b'c", "x" * 59 + "\u2026",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "most", "says"),
    [
        ("MAX_BYTES", 10, "is larger than 0 MB"),
        ("MAX_ROWS", 2, "has more than 2 rows"),
        ("MAX_COLUMNS", 1, "2 columns"),
    ],
)
def test_limits(
    connection: sqlite3.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
    says: str,
) -> None:
    monkeypatch.setattr(table_csv, limit, most)
    with pytest.raises(TableFileError, match=says):
        loaded(connection, tmp_path, "a,b\n1,2\n3,4\n5,6\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.binary(max_size=60) | st.text('ab1,;\t|"\n\r.-$\xe9', max_size=60).map(str.encode))
def test_any_file_is_a_table_or_a_sentence(
    connection: sqlite3.Connection, tmp_path: Path, data: bytes
) -> None:
    try:
        names, rows, _ = loaded(connection, tmp_path, data)
    except TableFileError:
        return
    assert len({name.lower() for name in names}) == len(names) > 0
    assert all(isinstance(cell, int | float | str | None) for row in rows for cell in row)
