import configparser
import random
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from slmtui.settings import Settings
from slmtui.suites.bundled.splits import WORDINGS
from slmtui.suites.bundled.units import CONVERSIONS
from slmtui.suites.bundled.wordings import Blanks, Wording
from slmtui.suites.bundled.world import WORLD
from slmtui.suites.bundled.world_notes import ALIKE, NOTES
from slmtui.suites.item import NO_TOOL, Expected, Item, Outcome, Score
from slmtui.suites.scorers import score
from slmtui.suites.scorers.numbers import numbers_in
from slmtui.suites.world_tools import tools_of
from tests.slmtui.suites.bundled_calls import (
    COMPARISONS,
    COUNTED,
    EXPRESSIONS,
    MEASURES,
    ORDERS,
    QUERIES,
    WANTED,
)
from tools.registry import Toolbox

DRAWS = 3
PLACES = sorted({fact.place for fact in (*NOTES, *(pair.fact for pair in ALIKE))}, key=len, reverse=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def toolbox(home: Path) -> Generator[Toolbox, None, None]:
    tools = tools_of(WORLD, home, Settings())
    yield tools.box()
    tools.close()


def of(*tools: str) -> list[Any]:
    return [pytest.param(each, id=f"{each.skill}: {each.text}") for each in WORDINGS if each.tool in tools]


def drawn(wording: Wording) -> Iterator[tuple[Blanks, str, Expected]]:
    for seed in range(DRAWS):
        rng = random.Random(f"{wording.text} {seed}")
        blanks, expected = wording.draw(rng)
        yield blanks, wording.text.format(**{"name": "Ada"} | blanks), expected


def scored(text: str, expected: Expected) -> Score:
    return score(Item("x", "bundled", "", expected), Outcome(text, "ok"))


async def said(toolbox: Toolbox, tool: str, **arguments: Any) -> str:
    result = await toolbox.run(tool, arguments)
    assert result.status == "ok", (arguments, result.text)
    return result.text


@pytest.mark.parametrize("wording", of("calculator"))
async def test_arithmetic_is_the_calculators(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        expression = EXPRESSIONS[wording.text].format(**blanks)
        assert scored(await said(toolbox, "calculator", expression=expression), expected).strict, blanks


@pytest.mark.parametrize(("one", "other", "factor"), CONVERSIONS)
async def test_factors_are_the_tools_own(one: str, other: str, factor: str, toolbox: Toolbox) -> None:
    text = await said(toolbox, "convert_units", value=100, from_unit=one, to_unit=other)
    assert numbers_in(text)[-1] == pytest.approx(100 * float(factor), rel=1e-5)


@pytest.mark.parametrize("wording", of("convert_units"))
async def test_converted_measures_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        parts = [(blanks["v"] * blanks.get("n", 1), blanks["u"])]
        parts += [(blanks["x"], blanks["y"])] if "x" in blanks else []
        texts = [
            await said(toolbox, "convert_units", value=value, from_unit=unit, to_unit=blanks["w"])
            for value, unit in parts
        ]
        total = sum(numbers_in(text)[-1] for text in texts)
        assert scored(f"It is {total:.8g}.", expected).strict, (blanks, texts)


@pytest.mark.parametrize("wording", of("days_between"))
async def test_days_between_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        (days,) = numbers_in(await said(toolbox, "days_between", start=blanks["d"], end=blanks["e"]))
        days += "counted in" in wording.text
        assert scored(f"{days:.0f} days", expected).strict, blanks


@pytest.mark.parametrize("wording", of("add_days"))
async def test_dates_days_away_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    back = re.search(r"before|earlier|minus|Go back", wording.text)
    for blanks, _, expected in drawn(wording):
        days = blanks["n"] * (7 if "weeks" in wording.text else 1)
        text = await said(toolbox, "add_days", date=blanks["d"], days=-days if back else days)
        if expected.kind == "word":
            text = await said(toolbox, "weekday", date=text)
        assert scored(text, expected).strict, (blanks, text)


@pytest.mark.parametrize("wording", of("weekday"))
async def test_weekdays_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        assert scored(await said(toolbox, "weekday", date=blanks["d"]), expected).strict, blanks


@pytest.mark.parametrize("wording", of("search_notes"))
async def test_notes_hold_the_answers(wording: Wording, toolbox: Toolbox) -> None:
    wanted = WANTED.get(wording.text)
    for blanks, request, expected in drawn(wording):
        text = await said(toolbox, "search_notes", query=blanks["x"] if wanted else request)
        if wanted:
            place = next(each for each in PLACES if each in text.partition("\n")[0].lower())
            assert not scored(text, expected).flexible
            text = await said(toolbox, "search_notes", query=f"{wanted} {place}")
        assert scored(text, expected).flexible, (request, text)


@pytest.mark.parametrize("wording", of("read_file"))
async def test_files_hold_the_answers(wording: Wording, home: Path, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        text = await said(toolbox, "read_file", path=blanks["f"], first_line=blanks.get("n", 1))
        if "s" in blanks:
            sections = configparser.ConfigParser()
            sections.read(home / WORLD.folder / blanks["f"])
            text = sections[blanks["s"]][blanks["w"]]
        elif "g" in blanks:
            other = await said(toolbox, "read_file", path=blanks["g"])
            values = [int(re.findall(rf"{blanks['w']} = (\d+)", each)[0]) for each in (text, other)]
            text = blanks["f"] if values[0] > values[1] else blanks["g"]
        elif "n" in blanks:
            text = text.partition("\n")[0]
        assert scored(text, expected).strict, (blanks, text)


def test_what_is_far_down_in_a_file_is_not_shown_at_first(home: Path) -> None:
    lines = (home / WORLD.folder / "harbour/logbook.txt").read_text().splitlines()
    logged = [each for each in WORDINGS if each.tool == "read_file" and "ship" in each.text]
    asked = [blanks for each in logged for blanks, _, _ in drawn(each)]
    assert asked
    assert all(60 < blanks["n"] <= len(lines) for blanks in asked)


@pytest.mark.parametrize("wording", of("table_figure"))
async def test_figures_are_the_tables(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        column = "salary" if "earns" in wording.text else "age"
        where = {"where": blanks.get("g", "team"), "equals": blanks["v"]} if "v" in blanks else {}
        measure = MEASURES[wording.text]
        counted = {} if measure == "count" else {"column": blanks.get("k", column)}
        table = blanks["t"].removesuffix(".csv")
        text = await said(toolbox, "table_figure", table=table, measure=measure, **counted, **where)
        if expected.kind == "number":
            text = text.partition(" (")[0]
        assert scored(text, expected).strict, (blanks, text)


@pytest.mark.parametrize("wording", of("query_table"))
async def test_figures_of_two_conditions_are_the_tables(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        text = await said(toolbox, "query_table", sql=QUERIES[wording.text].format(**blanks))
        assert scored(text, expected).strict, (blanks, text)


@pytest.mark.parametrize("wording", of("count_text"))
async def test_counts_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    text, what, letter = COUNTED[wording.text]
    for blanks, _, expected in drawn(wording):
        of_what = {"of": letter.format(**blanks)} if letter else {}
        counted = await said(toolbox, "count_text", text=text.format(**blanks), what=what, **of_what)
        assert scored(counted, expected).strict, (blanks, counted)


@pytest.mark.parametrize("wording", of("sort_list"))
async def test_lists_are_sorted_as_the_tool_does(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, request, expected in drawn(wording):
        text = await said(toolbox, "sort_list", items=blanks["l"], order=ORDERS[wording.text])
        assert scored(text, expected).strict, (blanks, text)
        assert not scored(request, expected).strict


@pytest.mark.parametrize("wording", of("compare_texts"))
async def test_comparisons_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    for blanks, _, expected in drawn(wording):
        what = COMPARISONS[wording.text]
        text = await said(toolbox, "compare_texts", first=blanks["a"], second=blanks["b"], what=what)
        assert scored(text.partition(":")[0], expected).strict, (blanks, text)


@pytest.mark.parametrize("wording", of("spell_text"))
async def test_spellings_are_the_tools_own(wording: Wording, toolbox: Toolbox) -> None:
    direction = "forwards" if "spell" in wording.text and "backwards" not in wording.text else "backwards"
    for blanks, _, expected in drawn(wording):
        text = await said(toolbox, "spell_text", text=blanks["w"], direction=direction)
        assert scored(text, expected).strict, (blanks, text)


@pytest.mark.parametrize("wording", of(NO_TOOL))
def test_chat_is_right_with_its_word_and_wrong_without(wording: Wording) -> None:
    for _, _, expected in drawn(wording):
        assert scored(f"Well: {expected.value}.", expected).strict
        assert not scored("I do not know.", expected).flexible


def test_every_wording_is_looked_at_here() -> None:
    known = {
        "calculator", "convert_units", "days_between", "add_days", "weekday", "search_notes", "read_file",
        "table_figure", "query_table", "count_text", "sort_list", "compare_texts", "spell_text", NO_TOOL,
    }  # fmt: skip
    assert {wording.tool for wording in WORDINGS} == known
