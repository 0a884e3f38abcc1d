from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.suites.loaders.data_file import DataFile, checksum, read_file, rows_of
from slmtui.suites.loaders.row import Row
from slmtui.suites.suite import SuiteError


def rows(name: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(row.place, dict(row.fields)) for row in rows_of(DataFile(name, text.encode()))]


def test_rows_know_their_lines() -> None:
    assert rows("a.jsonl", '{"a": 1}\n\n{"a": "\u2028"}\r\n') == [
        ("a.jsonl, line 1", {"a": 1}),
        ("a.jsonl, line 3", {"a": "\u2028"}),
    ]
    assert rows("a.json", ' [{"a": 1},\n{"a": 2}]')[1] == ("a.json, entry 2", {"a": 2})
    assert rows("a.csv", 'a,b\n"1\n2",3\n\n4,5') == [
        ("a.csv, line 2", {"a": "1\n2", "b": "3"}),
        ("a.csv, line 5", {"a": "4", "b": "5"}),
    ]
    assert rows("a.TSV", "a\tb\n1\t2") == [("a.TSV, line 2", {"a": "1", "b": "2"})]
    assert rows("a.jsonl", '\ufeff{"a": 1}') == [("a.jsonl, line 1", {"a": 1})]
    assert rows("a.jsonl", "") == []
    assert rows("a.csv", "a,,\n1,,") == [("a.csv, line 2", {"a": "1", "": ""})]  # as spreadsheets end lines


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.jsonl", b'{"a": 1}\n{"a": ', "a.jsonl, line 2: this is no JSON"),
        ("a.jsonl", b"3", "line 1: this is no JSON object, but a int"),
        ("a.json", b"[1]", "entry 1: this is no JSON object"),
        ("a.csv", b"a,b\n1", "line 2: 1 fields, but the first line names 2"),
        ("a.csv", b'a\n"1', "a.csv, line 2: unexpected end of data; mend it"),
        ("a.csv", b"a,b,a\n1,2,3", "a.csv, line 1 names 2 columns 'a': rename all but one"),
        ("a.jsonl", b"\xff", "no text in UTF-8"),
        ("a.jsonl", b"[" * 5000, "no JSON"),
    ],
)
def test_what_cannot_be_read_is_told_of_with_its_line(name: str, data: bytes, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        list(rows_of(DataFile(name, data)))


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_file(tmp_path / "none.jsonl")


def test_the_checksum_is_that_of_the_bytes() -> None:
    assert checksum([DataFile("a", b"ab"), DataFile("b", b"c")]) == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


ROW = Row(
    "a.jsonl, line 3", {"a": {"b": [{"c": " x "}]}, "a.b": 7, "n": "1,200.5", "t": ["x", 2], "none": None}
)


def test_dots_lead_into_objects_and_lists() -> None:
    assert ROW.text("a.b.0.c") == "x"
    assert ROW.value("a.b") == 7
    assert ROW.number("n") == 1200.5
    assert ROW.texts("t") == ("x", "2")
    assert ROW.has("a.b.0")
    assert not ROW.has("a.b.1")
    assert not ROW.has("none")


@pytest.mark.parametrize(
    ("read", "name", "why"),
    [
        ("value", "x", r"a\.jsonl, line 3, field x: there is none; the row has a, a\.b, n, t, none"),
        ("text", "t", "field t: this should be a text, and is a list"),
        ("text", "none", "is null"),
        ("number", "a", "should be a number"),
        ("list", "n", "should be a list, and is a text"),
        ("texts", "a.b.0", "should be a list, and is an object"),
        ("rows", "t", "a list of objects"),
        ("row", "a.b", "should be an object, and is a number"),
    ],
)
def test_a_field_that_does_not_fit_is_named(read: str, name: str, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        getattr(ROW, read)(name)


@pytest.mark.parametrize("value", [True, "nan", "inf", "", "a", "12,5", "1,20", None, [], 10**400])
def test_what_is_no_number_is_told_of(value: object) -> None:
    with pytest.raises(SuiteError, match="should be a number"):
        Row("a", {"n": value, "m": 1}).number("n")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_however_it_is_given(value: float) -> None:
    row = Row("a", {"number": value, "text": repr(value), "parted": f"{value:,.3f}"})
    assert row.number("number") == row.number("text") == value
    assert row.number("parted") == float(f"{value:.3f}")
