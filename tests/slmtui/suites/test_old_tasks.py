import datetime
import re
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from agents.examples import ExampleStore
from agents.retrieval import terms
from tests.benchmarks.agent_arithmetic import CONVERSIONS
from tests.benchmarks.agent_data import DataMissingError, gsm8k, svamp
from tests.benchmarks.agent_items import NO_TOOL, Item, number
from tests.benchmarks.agent_results import Conditions
from tests.benchmarks.agent_runs import settings_for
from tests.benchmarks.agent_scoring import dates_in, numbers_in, score
from tests.benchmarks.agent_tasks import COUNT, SPLITS, WEIGHTS, WORDINGS, requests, wordings_of
from tests.benchmarks.agent_toolbox import tools_in
from tests.benchmarks.agent_world import NOTES, SETTINGS, TABLES
from tests.shared_data import shared
from tools.registry import Toolbox

EVERY_ITEM = [item for split in SPLITS for item in requests(split, WEIGHTS)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def toolbox(home: Path) -> Generator[Toolbox, None, None]:
    settings = settings_for(home, Conditions("embedded", 0, 256, 1), None, 1)
    tools = tools_in(home, settings)
    yield tools.box()
    tools.close()


def test_every_tool_is_asked_for_that_reads(toolbox: Toolbox) -> None:
    assert {*WEIGHTS} - {NO_TOOL} == {*toolbox.names} - {"add_note", "run_python", "query_table"}


def of(tool: str) -> list[Item]:
    return [item for item in EVERY_ITEM if item.tool == tool]


@pytest.mark.parametrize("split", SPLITS)
def test_as_many_requests_as_asked_for_all_different_and_the_same_every_time(split: str) -> None:
    items = requests(split, WEIGHTS)
    assert len(items) == len({item.request for item in items}) == len({item.id for item in items}) == COUNT
    assert Counter(item.tool for item in items) == WEIGHTS
    assert items == requests(split, WEIGHTS)
    assert items != requests(split, WEIGHTS, seed=2)


def test_only_tools_that_are_there_are_asked_for() -> None:
    assert {item.tool for item in requests("test", ["weekday", "tool of tomorrow"])} == {"weekday", NO_TOOL}


def test_the_splits_share_no_wording() -> None:
    for tool in WEIGHTS:
        test, dev = (set(wordings_of(split, tool)) for split in SPLITS)
        assert test
        assert test.isdisjoint(dev)
        assert test | dev == {wording for wording in WORDINGS if wording.tool == tool}


def test_no_blank_is_left_unfilled() -> None:
    assert not [item.request for item in EVERY_ITEM if re.search(r"[{}]", item.request)]


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of the terms of two texts that both have."""
    return sum((one & other).values()) / max(1, sum((one | other).values()))


def nearly_examples(items: list[Item], tools: Toolbox) -> list[tuple[str, str]]:
    """Return the items that have most terms in common with an example of the store, each with it."""
    examples = ExampleStore(tools).nearest("", 100_000, similar=False)
    assert {example.tool for example in examples} == {*tools.names, NO_TOOL}
    stored = [(Counter(terms(example.request)), example.request) for example in examples]
    asked = [(Counter(terms(item.request)), item.request) for item in items]
    return [
        (request, example)
        for wanted, request in asked
        for counted, example in stored
        if alike(wanted, counted) > 0.8
    ]


def test_no_request_is_an_example_of_the_store_or_nearly_one(toolbox: Toolbox) -> None:
    assert nearly_examples(EVERY_ITEM, toolbox) == []


@pytest.mark.parametrize("load", [svamp, gsm8k])
def test_no_word_problem_that_is_measured_is_an_example_of_the_store_or_nearly_one(
    load: Callable[[Path, str], list[Item]], toolbox: Toolbox
) -> None:
    assert nearly_examples(load(shared("data"), "test"), toolbox) == []


@pytest.mark.parametrize("tool", ["days_between", "weekday", "add_days"])
async def test_answers_about_dates_are_the_tools_own(tool: str, toolbox: Toolbox) -> None:
    for item in of(tool):
        days = [str(day) for day in dates_in(item.request)]
        if tool == "add_days":
            (count,) = numbers_in(item.request)
            count *= 7 if "weeks" in item.request else 1
            back = re.search(r"before|earlier|minus", item.request)
            arguments = {"date": days[0], "days": -count if back else count}
        else:
            arguments = dict(zip(["start", "end"] if tool == "days_between" else ["date"], days, strict=True))
        result = await toolbox.run(tool, arguments)
        assert score(result.text, item.expected).strict, (item, result)


async def test_notes_that_are_searched_for_with_the_whole_request_hold_the_answer(toolbox: Toolbox) -> None:
    for item in of("search_notes"):
        result = await toolbox.run("search_notes", {"query": item.request})
        assert score(result.text, item.expected).strict, (item, result)


async def test_answers_to_plain_arithmetic_are_the_calculators(toolbox: Toolbox) -> None:
    plain = [item for item in of("calculator") if re.fullmatch(r"[\d\s+*x().,]+", item.request)]
    assert plain
    for item in plain:
        result = await toolbox.run("calculator", {"expression": item.request})
        assert score(result.text, item.expected).strict, (item, result)


@pytest.mark.parametrize(("one", "other", "factor"), CONVERSIONS)
async def test_the_factors_of_conversions_are_the_tools_own(
    one: str, other: str, factor: str, toolbox: Toolbox
) -> None:
    result = await toolbox.run("convert_units", {"value": 100, "from_unit": one, "to_unit": other})
    assert score(result.text, number(100 * float(factor), 1e-5)).strict, result


async def test_answers_about_temperatures_are_the_tools_own(toolbox: Toolbox) -> None:
    asked = [item for item in of("convert_units") if "degrees" in item.request]
    assert len(asked) > 2
    for item in asked:
        (value,) = numbers_in(item.request)
        units = re.findall("Celsius|Fahrenheit", item.request)
        arguments = {"value": value, "from_unit": units[0], "to_unit": units[1]}
        result = await toolbox.run("convert_units", arguments)
        assert score(result.text, item.expected).strict, (item, result)


async def test_files_that_are_asked_about_hold_the_answer(toolbox: Toolbox) -> None:
    for item in of("read_file"):
        (path,) = re.findall(r"[\w/]+\.(?:conf|txt|cfg|ini)\b", item.request)
        result = await toolbox.run("read_file", {"path": path})
        assert score(result.text, item.expected).strict, (item, result)


def test_the_folder_holds_what_the_requests_ask_for(home: Path, toolbox: Toolbox) -> None:
    for fact in (*NOTES, *SETTINGS):
        line = (home / "folder" / fact.path).read_text().splitlines()[fact.line - 1]
        assert fact.value in line
        assert fact.what in line.lower()
    for table in TABLES:
        lines = (home / "folder" / table.path).read_text().splitlines()
        assert lines == [",".join(map(str, row)) for row in (table.columns, *table.rows)]


def test_whoever_is_asked_for_by_an_extreme_of_a_table_is_alone_with_it() -> None:
    for column in ("age", "salary"):
        values = TABLES[0].column(column)
        assert values.count(max(values)) == values.count(min(values)) == 1


@pytest.mark.parametrize(("load", "count"), [(svamp, 200), (gsm8k, 100)])
def test_word_problems_are_drawn_alike_every_time_and_apart_in_the_splits(
    load: Callable[[Path, str], list[Item]], count: int
) -> None:
    folder = shared("data")
    test, dev = (load(folder, split) for split in SPLITS)
    assert len(test) == len(dev) == count
    assert test == load(folder, "test")
    assert {item.request for item in test}.isdisjoint(item.request for item in dev)
    assert all(score(f"It is {item.expected.value}.", item.expected).strict for item in test)


def test_word_problems_that_are_not_there_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"--data names"):
        svamp(tmp_path, "test")


def test_a_day_of_the_week_is_that_of_the_calendar() -> None:
    for item in of("weekday"):
        (day,) = dates_in(item.request)
        assert item.expected.value == f"{day:%A}" == f"{datetime.date.fromisoformat(str(day)):%A}"
