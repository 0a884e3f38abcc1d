import csv
import io
import json

import pytest

from sessions.columns import COLUMNS
from sessions.errors import UnknownColumnError
from sessions.export import to_csv, to_json
from sessions.item_columns import documented
from sessions.item_rows import item_names, item_rows
from sessions.report.data import Report, read_report
from sessions.store import Store
from tests.sessions.comparisons import keep_run

ARMS = ("base", "=multi@x.1")


def rows_of(report: Report) -> list[dict[str, object]]:
    found = item_rows(report.run.id, report.run.repeats, report.items, report.attempts, report.turns)
    return list(found)


def test_a_row_an_item_with_the_arms_side_by_side(store: Store) -> None:
    report = read_report(store, keep_run(store, 3, ARMS, repeats=2).id)
    text = to_csv(rows_of(report), "item", item_names(ARMS))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["item"], row["repeat"]) for row in rows] == [
        (f"{name}/{number}", repeat)
        for number, name in enumerate(("mine", "yours", "mine"))
        for repeat in ("1", "2")
    ]
    told = {(a.arm, a.item, a.repeat): a for a in report.attempts}
    for row in rows:
        for arm, column in zip(ARMS, ("base", "'=multi@x.1"), strict=True):  # no spreadsheet runs a header
            attempt = told[arm, row["item"], int(row["repeat"])]
            turn = report.turns[attempt.turn].turn
            assert row[f"{column}.state"] == attempt.state
            assert row[f"{column}.strict"] == str(attempt.strict).lower()
            assert float(row[f"{column}.wall_s"]) == turn.wall_s
            assert row[f"{column}.answer"] == "3.2 km"


def test_what_an_arm_has_not_made_is_empty(store: Store) -> None:
    report = read_report(store, keep_run(store, 2).id)
    left = [attempt for attempt in report.attempts if attempt.arm != "single"]
    rows = item_rows(report.run.id, 1, report.items, left, {})
    found = json.loads(to_json(rows, "item", item_names(report.arms)))
    assert {row["single.state"] for row in found} == {None}
    assert {row["base.wall_s"] for row in found} == {None}
    assert None not in {row["base.state"] for row in found}


def test_every_column_is_documented_once_for_all_arms(store: Store) -> None:
    report = read_report(store, keep_run(store, 1, ARMS).id)
    (row,) = rows_of(report)
    known = {column.name: column for column in COLUMNS["item"]}
    assert set(map(documented, item_names(ARMS))) == set(known)
    assert set(row) == set(item_names(ARMS))
    assert known["ARM.wall_s"].unit == "s"


def test_an_unknown_column_of_an_arm_is_refused() -> None:
    with pytest.raises(UnknownColumnError, match=r"base\.stat"):
        to_csv([], "item", ["base.stat"])
    assert to_csv([], "item", ["item", "base.state"]) == "item,base.state\n"
