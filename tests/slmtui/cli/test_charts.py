from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sessions.comparison import Comparison, Interval, Rate
from sessions.report.data import Report, read_report
from sessions.report.spent import Parts
from sessions.store import Store
from slmtui.cli.charts import accuracy_chart, charts, latency_chart, stacked_chart
from tests.sessions.comparisons import comparison, keep_run

BOX = set("│─┌┐└┘├┤┬┴┼")


@pytest.fixture
def report(tmp_path: Path) -> Report:
    path = tmp_path / "s.db"
    with Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        return read_report(store, keep_run(store, 6).id)


def rates(*found: Rate) -> Comparison:
    whole = comparison()
    arms = tuple(replace(arm, strict=rate) for arm, rate in zip(whole.arms, found, strict=True))
    return replace(whole, arms=arms)


def test_accuracy_stands_where_it_belongs_between_0_and_100(report: Report) -> None:
    low, half, all_of = (Rate(n, 100, n / 100, Interval(n / 100, n / 100)) for n in (0, 50, 100))
    text = accuracy_chart(replace(report, comparison=rates(low, half, all_of)), 80)
    base, single, multi = (
        next(line for line in text.splitlines() if line.lstrip().startswith(f"{arm}┤"))
        for arm in ("base", "single", "multi")
    )
    left, right = base.index("┤") + 1, len(base) - 2
    assert abs(base.index("O") - left) <= 1
    assert abs(single.index("O") - (left + right) / 2) <= 1
    assert abs(multi.index("O") - right) <= 1


def test_an_interval_is_drawn_from_end_to_end(report: Report) -> None:
    wide, narrow = Rate(1, 2, 0.5, Interval(0.1, 0.9)), Rate(50, 100, 0.5, Interval(0.45, 0.55))
    text = accuracy_chart(replace(report, comparison=rates(wide, narrow, narrow)), 80)
    lengths = [line.count("-") for line in text.splitlines() if "O" in line and "┤" in line]
    assert len(lengths) == 3
    assert lengths[0] > 5 * lengths[1]


def test_an_unscored_run_has_no_accuracy(report: Report) -> None:
    nothing = Rate(0, 0, None, None)
    assert accuracy_chart(replace(report, comparison=rates(nothing, nothing, nothing)), 80) == ""


def test_the_parts_of_a_bar_are_as_long_as_their_amounts() -> None:
    whole = Parts(
        "Tokens", "tokens", "", ("a", "b", "c"), {"base": [10.0, 0.0, 20.0], "multi": [10.0, 0.0, 0.0]}
    )
    text = stacked_chart(whole, 80)
    base, multi = (
        next(line for line in text.splitlines() if line.lstrip().startswith(f"{arm}┤"))
        for arm in ("base", "multi")
    )
    assert abs(base.count("=") - 2 * base.count("#")) <= 3
    assert abs(base.count("#") - multi.count("#")) <= 1  # the first cell of the next part hides the last
    assert base.count("#") > 10
    assert text.splitlines()[-1] == "# a  = c"
    assert text.startswith("Tokens, mean an attempt\n")


def test_latency_climbs_to_all_of_the_attempts(report: Report) -> None:
    lines = latency_chart(report, 80).splitlines()
    assert lines[-1] == "# base  = single  : multi"
    top = next(line for line in lines if line.startswith("100┤"))
    assert set("#=:") <= set(top)


def test_a_run_without_turns_has_no_latency(report: Report) -> None:
    assert latency_chart(replace(report, turns={}), 80) == ""


@pytest.mark.parametrize("width", [0, 40, 77, 120, 500])
def test_charts_are_as_wide_as_the_terminal_within_reason(report: Report, width: int) -> None:
    found = list(charts(report, width, "utf-8"))
    assert len(found) == 7
    for text in found:
        assert max(len(line) for line in text.splitlines()[1:-1]) <= min(max(width, 40), 120)
        assert "\x1b" not in text


def test_letters_stand_for_lines_where_there_are_none(report: Report) -> None:
    for text in charts(report, 80, "ascii"):
        text.encode("ascii")
    assert any(BOX & set(text) for text in charts(report, 80, "utf-8"))
