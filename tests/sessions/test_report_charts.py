import re
import statistics
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slmtui.tui.format
from sessions.attributing.cells import FailureCell, FailureKind
from sessions.comparison import Interval, Pareto, ParetoPoint
from sessions.report.axis import Scale, fitting, linear
from sessions.report.charts.latency import latency_chart, quantiles
from sessions.report.charts.pareto import pareto_chart
from sessions.report.charts.rates import rates_chart
from sessions.report.charts.stacks import stacked_chart
from sessions.report.data import read_report
from sessions.report.figures import Figures
from sessions.report.palette import marks
from sessions.report.slices import slices
from sessions.report.spent import Parts, failures, parts, tables
from sessions.report.svg import WIDTH, node, shortened
from sessions.store import Store
from tests.sessions.comparisons import ARMS, keep_run

FIGURES = Figures(slmtui.tui.format)
MARKS = marks(ARMS)
AMOUNTS = st.floats(1e-6, 1e9)


def drawn(svg: str, tag: str, class_: str) -> list[Element]:
    found = fromstring(svg).iter(tag)
    return [each for each in found if class_ in (each.get("class") or "").split()]


def place(each: Element) -> tuple[float, float]:
    match = re.fullmatch(r"translate\((.+),(.+)\)", each.get("transform") or "")
    assert match
    return float(match[1]), float(match[2])


@given(AMOUNTS)
def test_a_linear_scale_begins_at_0_and_ends_at_a_round_value(high: float) -> None:
    scale = linear(high, 10.0, 110.0)
    ticks = scale.ticks()
    assert scale.low == ticks[0] == 0
    assert ticks[-1] == pytest.approx(scale.high)
    assert 0.5 * scale.high <= high <= scale.high * (1 + 1e-9)
    assert 2 <= len(ticks) <= 6
    assert scale(0.0) == 10
    assert scale(high * 2) == 110  # what is outside stays at the end


@given(AMOUNTS, AMOUNTS)
def test_what_is_larger_is_further_along(one: float, two: float) -> None:
    low, high = sorted((one, two))
    scale = fitting(low, high, 0.0, 100.0)
    assert scale.logarithmic == (high / low > 30)
    assert 0 <= scale(low) <= scale(high) <= 100
    ticks = scale.ticks()
    assert all(before < after for before, after in pairwise(ticks))
    assert ticks
    assert all(scale.low * (1 - 1e-9) <= tick <= scale.high * (1 + 1e-9) for tick in ticks)


def test_an_empty_scale_puts_everything_in_its_middle() -> None:
    assert Scale(1.0, 1.0, 0.0, 10.0)(1.0) == 5


def test_every_arm_has_a_mark_of_its_own() -> None:
    found = marks([f"arm {number}" for number in range(64)])
    assert len({(mark.colour, mark.shape) for mark in found.values()}) == 64
    assert {mark.colour for mark in list(found.values())[:8]} == {f"c{number}" for number in range(8)}


def front(*points: tuple[float, float, bool]) -> Pareto:
    return Pareto(
        "wall_s",
        "s",
        "",
        tuple(
            ParetoPoint(arm, accuracy, Interval(accuracy - 0.1, accuracy + 0.1), cost, None, on_front, 0.75)
            for arm, (accuracy, cost, on_front) in zip(ARMS, points, strict=False)
        ),
    )


def test_points_stand_where_their_figures_say() -> None:
    chart = pareto_chart(front((0.4, 1.0, True), (0.3, 2.0, False), (0.8, 3.0, True)), MARKS, FIGURES)
    base, single, multi = drawn(chart.svg, "path", "mark")
    (x1, y1), (x2, y2), (x3, y3) = map(place, (base, single, multi))
    assert x1 < x2 < x3
    assert y3 < y1 < y2  # up is better, and an SVG counts downwards
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert (y2 - y1) * 4 == pytest.approx(y1 - y3, abs=0.5)
    assert ["hollow" in (each.get("class") or "") for each in (base, single, multi)] == [False, True, False]
    bars = drawn(chart.svg, "line", "error")
    assert len(bars) == 3  # of accuracy alone: costs have no interval here
    assert [key.text for key in chart.legend][
        1
    ] == "single: 30.0 % at 2.00 s, on the front in 75 % of resamples"


def test_the_front_is_a_step_from_each_of_its_points_to_the_next() -> None:
    chart = pareto_chart(front((0.4, 1.0, True), (0.3, 2.0, False), (0.8, 3.0, True)), MARKS, FIGURES)
    (path,) = drawn(chart.svg, "path", "front")
    base, _, multi = map(place, drawn(chart.svg, "path", "mark"))
    numbers = [float(each) for each in re.findall(r"[\d.]+", path.get("d") or "")]
    assert numbers[:2] == list(base)
    assert numbers[2:4] == list(multi)


@given(st.lists(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=3))
def test_the_parts_of_a_bar_lie_side_by_side_and_sum_to_it(amounts: list[list[float]]) -> None:
    whole = Parts("Title", "tokens", "", ("a", "b", "c"), dict(zip(ARMS, amounts, strict=False)))
    bars = drawn(stacked_chart(whole, MARKS, FIGURES).svg, "rect", "part")
    rows: dict[str, list[Element]] = {}
    for each in bars:
        rows.setdefault(each.get("y") or "", []).append(each)
    longest = max(map(sum, amounts))
    ends = []
    for found in rows.values():
        for before, after in pairwise(found):
            assert float(before.get("x") or 0) + float(before.get("width") or 0) == pytest.approx(
                float(after.get("x") or 0), abs=0.2
            )
        ends.append(float(found[-1].get("x") or 0) + float(found[-1].get("width") or 0))
        assert ends[-1] <= WIDTH - 26 + 0.2
    full = [sum(row) for row in amounts if any(row)]
    assert len(rows) == len(full)
    for one, two in pairwise(zip(full, ends, strict=True)):
        assert (one[0] - two[0]) * (one[1] - two[1]) >= -0.2 * longest


def test_a_part_that_no_arm_has_is_not_in_the_legend() -> None:
    whole = Parts("Title", "tokens", "", ("a", "b", "c"), {"base": [1.0, 0.0, 2.0], "multi": [0.0, 0.0, 1.0]})
    chart = stacked_chart(whole, MARKS, FIGURES)
    assert [key.text for key in chart.legend] == ["a", "c"]
    assert fromstring(chart.svg).findtext("desc") is None or "base: a 1, c 2; multi: c 1" in chart.svg


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50))
def test_the_marks_of_a_curve_are_the_tables_percentiles(seconds: list[float]) -> None:
    ordered = sorted(seconds)
    median, slow = quantiles(ordered)
    assert median == pytest.approx(statistics.median(ordered))
    assert median <= slow * (1 + 1e-9)
    assert slow <= ordered[-1] * (1 + 1e-9)


def test_a_curve_climbs_from_none_to_all() -> None:
    chart = latency_chart({"base": [1.0, 2.0, 4.0], "multi": [], "single": [3.0]}, MARKS, FIGURES)
    base, single = drawn(chart.svg, "path", "curve")
    assert (base.get("class"), single.get("class")) == ("curve c0", "curve c1")
    heights = [float(each) for each in re.findall(r"V([\d.]+)", base.get("d") or "")]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] == 10  # the top: all of them
    assert [key.text for key in chart.legend] == [
        "base: half within 2.00 s, 95 % within 3.80 s",
        "single: half within 3.00 s, 95 % within 3.00 s",
    ]


def test_long_curves_are_thinned() -> None:
    seconds = [float(number) for number in range(1, 5001)]
    chart = latency_chart({"base": seconds}, MARKS, FIGURES)
    assert len(chart.svg) < 10_000


def test_accuracy_is_counted_by_data_set_skill_and_level(store: Store) -> None:
    report = read_report(store, keep_run(store, 12, repeats=2).id)
    found = slices(report)
    assert list(found) == ["data set", "skill", "level"]
    assert list(found["level"]) == ["easy", "medium", "hard"]
    for rates in found.values():
        for arm in ARMS:
            right = sum(attempt.state == "right" for attempt in report.by_arm[arm])
            assert sum(of[arm].count for of in rates.values()) == right
            assert sum(of[arm].n for of in rates.values()) == 24
    one = found["skill"]["units"]["base"]
    assert one.n == 8
    assert one.interval is not None
    assert one.share is not None
    assert one.interval.low <= one.share <= one.interval.high
    assert one.interval.high - one.interval.low > 0.4  # as wide as that of four items


def test_a_rate_is_drawn_between_0_and_100(store: Store) -> None:
    rates = slices(read_report(store, keep_run(store, 12).id))["level"]
    chart = rates_chart("Accuracy by level", rates, MARKS)
    drawn_marks = drawn(chart.svg, "path", "mark")
    assert len(drawn_marks) == 9
    shares = [rate.share for arms in rates.values() for rate in arms.values()]
    places = [place(each)[0] for each in drawn_marks]
    for (one, x1), (two, x2) in pairwise(zip(shares, places, strict=True)):
        assert one is not None
        assert two is not None
        assert (one - two) * (x1 - x2) >= 0


def test_what_was_spent_sums_to_the_turns(store: Store) -> None:
    report = read_report(store, keep_run(store, 6).id)
    found = {each.title: each for each in parts(report)}
    turns = report.turns_of("multi")
    written = found["Output tokens by purpose"]
    assert sum(written.arms["multi"]) == pytest.approx(statistics.mean(turn.output_tokens for turn in turns))
    for title in ("Prompt tokens by origin", "Prompt tokens by what the KV cache had"):
        read = sum(found[title].arms["multi"])
        assert read == pytest.approx(statistics.mean(turn.prompt_tokens for turn in turns))
    seconds = sum(found["Seconds by state"].arms["multi"])
    assert seconds == pytest.approx(statistics.mean(turn.wall_s for turn in turns), rel=1e-6)
    joules = found["Joules by state (modelled, the engine)"]
    assert (joules.unit, joules.source) == ("J", "modelled")
    assert sum(joules.arms["base"]) == pytest.approx(
        statistics.mean(turn.joules or 0 for turn in report.turns_of("base")), rel=1e-6
    )


def test_the_tables_of_what_was_spent_end_with_their_sum(store: Store) -> None:
    report = read_report(store, keep_run(store, 4).id)
    first, *_ = tables(report, FIGURES)
    assert first.caption == "Output tokens by purpose: mean an attempt"
    assert [row[0] for row in first.rows] == ["answer", "call", "route", "together"]
    assert failures(report, FIGURES).rows == ()


def test_elements_escape_what_they_are_given() -> None:
    each = node("text", "<b>&\x1b", class_='"x"', stroke_width=1.25)
    assert (each.text, each.get("class"), each.get("stroke-width")) == ("<b>&", '"x"', "1.2")
    assert shortened("a name that is long", 60) == "a name…"
    assert shortened("short", 60) == "short"


def test_nothing_needs_no_unit_on_an_axis_and_no_two_ticks_read_the_same() -> None:

    assert FIGURES.tick(0.0, "s") == "0"
    assert FIGURES.tick(5.0, "s") == FIGURES.value(5.0, "s")
    for high in (12.4e6, 7.1e6, 4.4e5, 3.2e9):
        ticks = linear(high, 0.0, 1.0).ticks()
        for unit, factor in (("bytes", 1.0), ("s", 1e-6)):
            told = [FIGURES.tick(tick * factor, unit) for tick in ticks]
            assert len(set(told)) == len(told)


def test_megabytes_on_an_axis_are_what_they_say() -> None:
    ticks = linear(12.5e6, 0.0, 1.0).ticks()
    told = [FIGURES.tick(tick, "bytes") for tick in ticks]
    assert told == ["0", *(f"{tick / 1e6:g} MB" for tick in ticks[1:])]


def test_all_failures_together_stand_after_each(store: Store) -> None:
    report = read_report(store, keep_run(store).id)
    kinds: tuple[FailureKind, ...] = ("any", "cut", "tool_error")
    cells = tuple(FailureCell(kind, "agent", "none", times=1) for kind in kinds)
    ledgers = {arm: replace(ledger, failures=cells) for arm, ledger in report.ledgers.items()}
    rows = failures(replace(report, ledgers=ledgers), FIGURES).rows
    assert [row[:2] for row in rows] == [
        (arm, kind) for arm in report.arms for kind in ("cut", "tool_error", "any")
    ]
