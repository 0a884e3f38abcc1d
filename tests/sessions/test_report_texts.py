import json
import re
from dataclasses import replace

import pytest
from hypothesis import given

import slmtui.tui.format
from sessions.comparison import Interval, Rate
from sessions.report.as_json import KEYS, to_json
from sessions.report.data import read_report
from sessions.report.figures import Figures, chance, percent, points, times
from sessions.report.markdown import escaped, paragraph, to_markdown
from sessions.store import Store
from tests.sessions.comparisons import comparison, keep_run
from tests.strategies import HOSTILE_TEXTS

FIGURES = Figures(slmtui.tui.format)
UNESCAPED = re.compile(r"(?<!\\)\|")


def test_the_markdown_has_the_words_of_the_comparison_and_whole_tables(store: Store) -> None:
    report = replace(read_report(store, keep_run(store).id), comparison=comparison())
    lines = to_markdown(report, FIGURES).splitlines()
    assert lines[0] == "# base, single, multi on mine, yours"
    assert f"- {report.comparison.pairs[0].text}" in lines
    assert f"- {report.comparison.audits[0]}" in lines
    assert f"- {report.comparison.differences[0].text}" in lines
    tables = "\n".join(lines).split("\n\n")
    found = [each.split("\n") for each in tables if each.startswith("|")]
    assert len(found) > 10
    for each in found:
        assert len({len(UNESCAPED.findall(line)) for line in each}) == 1
    assert "| mine | Made for tests | 3 | 500 | seed 1 | MIT | " + "0" * 64 + " |" in lines
    assert "| base | single | 1 | mine/0 (wrong) |" in lines
    figures = "not enough items to tell | +10.0 (−20.0 to +40.0) | 0.625 | 0.900 | 30.0 | 10 | 4 | 1 | 2 | 3"
    assert f"| base | single | {figures} |" in lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b\nc", r"a \| b c"),
        ("<b>&amp;", r"\<b>\&amp;"),
        ("wall_s and _x_", r"wall_s and \_x\_"),
        ("`code` *x* [y](z)", r"\`code\` \*x\* \[y\](z)"),
        ("# no heading", "# no heading"),
    ],
)
def test_cells_show_texts_as_they_are(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# no heading", r"\# no heading"),
        ("> no quotation", r"\> no quotation"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("200 items resolve 9.5 points", "200 items resolve 9.5 points"),
    ],
)
def test_lines_begin_as_text(text: str, shown: str) -> None:
    assert paragraph(text) == shown


@given(HOSTILE_TEXTS)
def test_no_text_leaves_its_cell(text: str) -> None:
    shown = escaped(text)
    assert "\n" not in shown
    assert "\r" not in shown
    assert not UNESCAPED.search(shown.replace("\\\\", ""))
    assert not re.search(r"(?<!\\)<", shown.replace("\\\\", ""))


def test_the_json_has_the_members_that_it_says(store: Store) -> None:
    report = read_report(store, keep_run(store, 4).id)
    found = json.loads(to_json(report))
    assert list(found) == ["about", *KEYS]
    assert found["about"] == KEYS
    assert found["run"]["attempts"] == 12
    assert [arm["arm"] for arm in found["comparison"]["arms"]] == ["base", "single", "multi"]
    assert found["comparison"]["pairs"][0]["text"] == report.comparison.pairs[0].text
    assert found["comparison"]["differences"][0]["text"] == report.comparison.differences[0].text
    assert found["items"][0]["expected"]["value"] == "3.2187"
    multi = found["attempts"][2]
    assert (multi["arm"], multi["item"], multi["figures"]["calls"]) == ("multi", "mine/0", 3)
    assert [call["agent"] for call in multi["calls"]] == ["router", "units", "assistant"]
    assert multi["tool_calls"][0]["result"] == "3.2 km"
    written = sum(cell["tokens"] for cell in found["ledgers"]["multi"]["output"])
    assert written == sum(a["figures"]["output_tokens"] for a in found["attempts"] if a["arm"] == "multi")


def test_the_json_holds_no_number_that_is_none_and_nothing_that_a_terminal_obeys(store: Store) -> None:
    report = read_report(store, keep_run(store, 2).id)
    nan = replace(report.comparison.pairs[0], p=float("nan"), text="\x1b[31m\u202e\x9b\ud800")
    text = to_json(replace(report, comparison=replace(report.comparison, pairs=(nan,))))
    assert "NaN" not in text
    assert not re.search("[\x1b\u202e\x9b]", text)
    (pair,) = json.loads(text)["comparison"]["pairs"]
    assert (pair["p"], pair["text"]) == (None, "\x1b[31m\u202e\x9b\ufffd")


@pytest.mark.parametrize(
    ("number", "unit", "source", "shown"),
    [
        (1.5, "s", "", "1.50 s"),
        (-1.5, "s", "", "−1.50 s"),
        (3e9, "bytes", "", "3.0 GB"),
        (12.0, "J", "modelled", "~12.0 J"),
        (12.5, "tokens", "", "12.5"),
        (31.0, "tok/s", "", "31 tok/s"),
        (None, "s", "", "–"),
    ],
)
def test_amounts_have_their_units(number: float | None, unit: str, source: str, shown: str) -> None:
    assert FIGURES.value(number, unit, source) == shown


def test_figures_have_their_intervals_and_signs() -> None:
    assert FIGURES.difference(2.0, "s") == "+2.00 s"
    assert FIGURES.within(Interval(-1.0, 2.0), "s", signed=True) == " (−1.00 s to +2.00 s)"
    assert FIGURES.within(None, "s") == ""
    assert FIGURES.rate(Rate(5, 8, 0.625, Interval(0.3, 0.9))) == "62.5 % (30.0 to 90.0),\n5 of 8"
    assert FIGURES.rate(Rate(0, 0, None, None)) == FIGURES.rate(None) == "–"
    assert points(-0.125, Interval(-0.2, 0.0)) == "−12.5 (−20.0 to 0.0)"
    assert points(None) == percent(None) == times(None) == chance(None) == "–"
    assert times(2.0, Interval(1.5, 2.5)) == "×2.00 (1.50 to 2.50)"
    assert (chance(0.0001), chance(0.25)) == ("<0.001", "0.250")
