import csv
import io
from dataclasses import replace

import pytest

from sessions.compare import compare, compare_turns
from sessions.comparison import Comparison
from sessions.comparison_rows import comparison_rows
from sessions.differences import Arm
from sessions.export import to_csv
from sessions.records import TurnRecord
from tests.sessions.observed import answers, drawn


def rows_of(comparison: Comparison) -> list[dict[str, str]]:
    text = to_csv(comparison_rows(comparison), "comparison")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(rows: list[dict[str, str]], **wanted: str) -> dict[str, str]:
    (found,) = [each for each in rows if all(each[name] == value for name, value in wanted.items())]
    return found


SCORED = compare(drawn({"base": 0.2, "single": 0.6}, 60), [], resamples=200)
ROWS = rows_of(SCORED)


def test_an_arm_has_a_row_for_each_metric() -> None:
    right = row(ROWS, row="arm", arm="single", metric="right")
    (single,) = [arm for arm in SCORED.arms if arm.arm == "single"]
    assert (int(right["n"]), int(right["count"])) == (60, single.strict.count)
    assert float(right["value"]) == single.strict.share
    assert float(right["low"]) < float(right["value"]) < float(right["high"])
    assert row(ROWS, arm="single", metric="state_right")["value"] == right["count"]
    seconds = row(ROWS, row="arm", arm="base", metric="wall_s")
    assert (seconds["unit"], seconds["on_front"], seconds["front_share"]) == ("s", "true", "1.0")
    assert float(seconds["min"]) <= float(seconds["q1"]) <= float(seconds["median"]) <= float(seconds["p95"])
    cost = row(ROWS, arm="base", metric="joules_per_right")
    assert (cost["unit"], cost["source"]) == ("J", "measured")
    assert float(cost["value"]) * int(cost["count"]) == pytest.approx(float(cost["total"]))


def test_a_pair_has_a_row_for_right_answers_and_for_each_resource() -> None:
    (pair,) = SCORED.pairs
    right = row(ROWS, row="pair", arm="base", second="single", metric="right")
    assert right["verdict"] == pair.verdict == "second is better"
    counts = [int(right[name]) for name in ("both", "first_only", "second_only", "neither")]
    assert counts == [pair.both, pair.first_only, pair.second_only, pair.neither]
    assert (float(right["p"]), float(right["p_holm"])) == (pair.p, pair.p_holm)
    gained = float(right["second_value"]) - float(right["first_value"])
    assert float(right["value"]) == pytest.approx(gained)
    seconds = row(ROWS, row="pair", metric="wall_s")
    assert float(seconds["ratio_low"]) <= float(seconds["ratio"]) <= float(seconds["ratio_high"])


def test_the_rows_of_a_pair_tell_what_the_arms_differ_in() -> None:
    observations = [*answers("base", [True]), *answers("single", [True])]
    tools = {"base": "none", "single": "=all"}
    arms = [Arm(name, factors={"tools": {value: 1}}) for name, value in tools.items()]
    rows = rows_of(compare(observations, arms))
    assert {each["factors"] for each in rows if each["row"] == "pair"} == {"tools (none / =all)"}
    assert {each["factors"] for each in rows if each["row"] == "arm"} == {""}
    old = rows_of(compare(observations, []))
    assert {each["factors"] for each in old if each["row"] == "pair"} == {"factors not recorded"}


def test_unscored_turns_have_rows_of_resources_alone() -> None:
    turn = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z", status="ok", wall_s=2.0)
    rows = rows_of(compare_turns([turn, replace(turn, paradigm="single", wall_s=3.0)]))
    assert not [each for each in rows if each["metric"] == "right"]
    assert row(rows, row="arm", arm="single", metric="wall_s")["median"] == "3.0"
    assert row(rows, row="pair", metric="wall_s")["ratio"] == "1.5"
    assert row(rows, row="pair", metric="tool_s")["note"] == "the first is 0"


def test_an_arm_without_attempts_has_a_row_too() -> None:
    rows = rows_of(compare(answers("base", [True]), [Arm("base"), Arm("multi")]))
    assert row(rows, arm="multi", metric="attempts")["value"] == "0"


def test_repeats_have_rows() -> None:
    rows = rows_of(compare(drawn({"base": 0.5}, 20, repeats=2), [], resamples=50))
    at, hat = (float(row(rows, metric=f"pass_{kind}_2")["value"]) for kind in ("at", "hat"))
    assert hat < float(row(rows, metric="pass_at_1")["value"]) < at
