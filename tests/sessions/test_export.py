import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import Event, NamedChance
from sessions.columns import COLUMNS
from sessions.compare import compare_turns
from sessions.comparison_rows import comparison_rows
from sessions.errors import UnknownColumnError
from sessions.export import to_csv, to_json
from sessions.export_rows import CLASSES, Row, RowsBy, rows_of
from sessions.records import TurnRecord, TurnRecords
from sessions.store import Store
from sessions.tally import records_of
from tests.sessions.conftest import Now
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import turn_id, whole_turn
from tests.strategies import HOSTILE_TEXTS, TUNED

RECORDS = [
    records_of(whole_turn(turn_id(number), "S", paradigm=paradigm, joules=4.5, source="measured"))
    for number, paradigm in enumerate(("base", "single"))
]
TURN = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def turn_rows(turns: Iterable[TurnRecords], by: RowsBy) -> Iterator[Row]:
    return (row for records in turns for row in rows_of(records, by))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cell(text: str) -> str:
    (row,) = read(to_csv(turn_rows([TurnRecords(replace(TURN, answer=text))], "turn"), "turn"))
    return row["answer"]


def test_a_row_a_turn_with_the_columns_in_order() -> None:
    text = to_csv(turn_rows(RECORDS, "turn"), "turn")
    assert text.splitlines()[0] == ",".join(column.name for column in COLUMNS["turn"])
    assert "\r" not in text
    rows = read(text)
    assert [row["turn"] for row in rows] == [turn_id(0), turn_id(1)]
    assert (rows[0]["output_tokens"], rows[0]["joules"], rows[0]["warm"]) == ("2", "4.5", "false")
    assert rows[0]["context_size"] == "2048"
    assert rows[0]["tool_s"] == "0.0"


def test_a_row_a_call_tells_whose_it_is() -> None:
    rows = read(to_csv(turn_rows(RECORDS, "call"), "call"))
    assert [(row["turn"], row["paradigm"], row["model"], row["call"]) for row in rows] == [
        (turn_id(0), "base", "tiny", "c1"),
        (turn_id(1), "single", "tiny", "c1"),
    ]
    assert rows[0]["tpot_s"] == "0.25"


def test_a_row_a_call_tells_its_choice_and_a_row_a_turn_its_engine() -> None:
    events = whole_turn("T", "S")
    chances = (NamedChance("units", 0.75), NamedChance("dates", 0.25))
    events[0] = replace(events[0], engine=TUNED, cold=True)
    events[-2] = replace(events[-2], choices=chances)
    events[2] = replace(events[2], logprobs=(-0.5,))
    (call,) = read(to_csv(turn_rows([records_of(events)], "call"), "call"))
    assert (call["choice"], call["choice_probability"], call["logprob_sum"]) == ("units", "0.75", "-0.5")
    assert float(call["choice_entropy"]) == pytest.approx(0.8113, abs=1e-4)
    (turn,) = read(to_csv(turn_rows([records_of(events)], "turn"), "turn"))
    told = [turn[name] for name in ("n_threads_batch", "kv_type", "flash_attention", "cold")]
    assert told == ["4", "q8_0", "true", "true"]
    assert turn["lora"] == TUNED.lora


def test_what_was_not_measured_is_empty_and_not_zero() -> None:
    (row,) = read(to_csv(turn_rows([TurnRecords(TURN)], "turn"), "turn"))
    assert (row["joules"], row["ttft_s"], row["status"], row["output_tokens"]) == ("", "", "", "0")


def test_numbers_keep_every_digit() -> None:
    number = 0.1 + 0.2
    (row,) = read(to_csv([{"wall_s": number, "temperature": -1.5e-07}], "turn"))
    assert float(row["wall_s"]) == number
    assert row["temperature"] == "-1.5e-07"  # a negative number is no formula


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\tx", "'\tx"),
        ("\r=1", "'\n=1"),
        ("\0=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("\u200b=1", "'=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("1=1", "1=1"),
        ("\x1b[31mred", "[31mred"),
        ("a\u202eb\ud800", "ab\ufffd"),
        ('two\r\nlines, and "quotes"', 'two\nlines, and "quotes"'),
    ],
)
def test_text_cells(text: str, shown: str) -> None:
    assert cell(text) == shown


@given(HOSTILE_TEXTS)
def test_no_text_is_a_formula_or_holds_control_characters(text: str) -> None:
    shown = cell(text)
    assert not re.match(r"\s*[=+\-@]|[\t\r\n]", shown)
    assert not CONTROL.search(shown)
    shown.encode()


@given(
    st.lists(ladder_turns(texts=HOSTILE_TEXTS), max_size=3), st.sampled_from(["turn", "call", "tool_call"])
)
def test_csv_and_json_say_the_same(drawn: list[list[Event]], by: RowsBy) -> None:
    records = [records_of(events) for events in drawn]
    rows = list(turn_rows(records, by))
    from_csv, from_json = read(to_csv(rows, by)), json.loads(to_json(rows, by))
    assert len(from_csv) == len(from_json) == len(rows)
    for row, shown, loaded in zip(rows, from_csv, from_json, strict=True):
        assert list(shown) == list(loaded) == [column.name for column in COLUMNS[by]]
        for name, value in row.items():
            if isinstance(value, str):
                assert loaded[name] == re.sub("[\ud800-\udfff]", "\ufffd", value)
            elif value is None:
                assert (loaded[name], shown[name]) == (None, "")
            else:
                assert loaded[name] == value
                assert float({"true": "1", "false": "0"}.get(shown[name], shown[name])) == value


def test_json_shows_a_terminal_nothing_to_obey() -> None:
    text = to_json([{"answer": "\x1b[2J\x9b31m\u202e\ud800\x7f"}], "turn", ["answer"])
    assert not CONTROL.search(text)
    assert json.loads(text) == [{"answer": "\x1b[2J\x9b31m\u202e\ufffd\x7f"}]


def test_a_number_that_is_none_is_left_empty() -> None:
    row = {"wall_s": math.nan, "ttft_s": math.inf}
    assert to_csv([row], "turn", ["wall_s", "ttft_s"]) == "wall_s,ttft_s\n,\n"
    assert json.loads(to_json([row], "turn", ["wall_s"])) == [{"wall_s": None}]


def test_columns_are_chosen_in_the_order_asked_for() -> None:
    text = to_csv(turn_rows(RECORDS, "turn"), "turn", ["paradigm", "output_tokens", "paradigm"])
    assert text == "paradigm,output_tokens\nbase,2\nsingle,2\n"


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(UnknownColumnError, match="'ttft_s'"):
        to_csv([], "turn", ["ttft"])
    with pytest.raises(UnknownColumnError, match=r"columns\.md") as caught:
        to_json([], "call", ["\x1b[31m"])
    assert str(caught.value).isprintable()


def test_rows_hold_no_column_that_is_not_documented() -> None:
    comparison = compare_turns([records.turn for records in RECORDS])
    for by in CLASSES:
        names = {column.name for column in COLUMNS[by]}
        assert all(set(row) == names for row in turn_rows(RECORDS, by))
    names = {column.name for column in COLUMNS["comparison"]}
    assert all(set(row) <= names for row in comparison_rows(comparison))


@given(st.lists(ladder_turns(texts=HOSTILE_TEXTS), max_size=3), st.sampled_from(list(CLASSES)), st.booleans())
def test_rows_of_the_tables_are_those_of_the_records(
    drawn: list[list[Event]], by: RowsBy, last_runs: bool
) -> None:
    with Store.open(Path(":memory:"), owner="me", alive=lambda owner: True, now=Now()) as store:
        session = store.create_session()
        for number, events in enumerate(drawn):
            whole = events[:-1] if last_runs and number == len(drawn) - 1 else events
            store.append(session, turn_id(number), whole)
        expected = list(turn_rows(store.records(session), by))
        assert list(store.export_rows([session, session], by)) == expected
