"""Every example is what its tool really answers, and none gives a tested question away."""

import datetime
import json
import re
from pathlib import Path

import pytest

from tests.tools.note_folder import write_notes
from tools.arguments import complaint
from tools.notes_index import NotesIndex
from tools.registry import Example, Tool, Toolbox
from tools.toolbox import standard_tools

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
TESTED = (
    "What is 347 * 29?",
    "Convert 5 kilograms to pounds",
    "How many days are there between 2023-05-06 and 2023-07-01?",
)


def now() -> datetime.datetime:
    return datetime.datetime(2026, 11, 23, 18, 30)


TOOLS = standard_tools(now=now, notes=NotesIndex())
CASES = [pytest.param(tool, example, id=example.request) for tool in TOOLS for example in tool.examples]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    index = NotesIndex()
    index.build(write_notes(tmp_path_factory.mktemp("notes")))
    return Toolbox(standard_tools(now=now, notes=index))


@pytest.mark.parametrize(("tool", "example"), CASES)
async def test_result_is_what_the_tool_returns(box: Toolbox, tool: Tool, example: Example) -> None:
    result = await box.run(tool.name, example.arguments)
    assert (result.status, result.text) == ("ok", example.result)


@pytest.mark.parametrize(("tool", "example"), CASES)
def test_answer_says_what_the_result_says(tool: Tool, example: Example) -> None:
    told = {
        "convert_units": lambda result: result.split(" = ")[1].split()[0],
        "weekday": lambda result: result.split()[-1],
    }.get(tool.name, lambda result: result)(example.result)
    if tool.name == "search_notes":
        assert len(words(example.result) & words(example.answer)) >= 2
    else:
        assert told.lower() in example.answer.lower()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_enough_different_examples(tool: Tool) -> None:
    assert 8 <= len(tool.examples) <= 14
    assert len({normalised(example.request) for example in tool.examples}) == len(tool.examples)
    assert all(complaint(example.arguments, tool.parameters) is None for example in tool.examples)


def test_examples_about_today_follow_the_clock() -> None:
    later = Toolbox(standard_tools(now=lambda: datetime.datetime(2031, 2, 3), notes=None))
    today = [e for tool in later for e in tool.examples if "today" in e.arguments.values()]
    assert {e.request: e.result for e in today} == {
        "How many days are left until 2031-12-31?": "331 days",
        "How many days ago was 2031-01-01?": "33 days",
        "What date will it be in 3 days?": "2031-02-06",
        "what date was a week ago": "2031-01-27",
        "What's today's date?": "2031-02-03 is a Monday",
    }


def test_no_example_is_a_tested_question_with_other_numbers() -> None:
    known = {normalised(example.request) for tool in TOOLS for example in tool.examples}
    assert known.isdisjoint(map(normalised, TESTED))


def test_no_example_comes_from_the_suites_that_measure() -> None:
    if not SHARED.is_dir():
        pytest.skip("the data sets are not here")
    items = json.loads(read("svamp/SVAMP.json"))
    asked = {normalised(f"{item['Body']} {item['Question']}") for item in items}
    for name in ("gsm8k/test.jsonl", "gsm8k/train.jsonl"):
        asked |= {normalised(json.loads(line)["question"]) for line in read(name).splitlines()}
    assert len(asked) > 9000
    assert asked.isdisjoint(normalised(example.request) for tool in TOOLS for example in tool.examples)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]{4,}", text.lower()))


def read(name: str) -> str:
    return (SHARED / name).read_text(encoding="utf-8")


def normalised(request: str) -> str:
    request = re.sub(r"\d{4}-\d\d-\d\d", "DATE", request)
    return re.sub(r"\d+(\.\d+)?", "N", " ".join(re.findall(r"[\w.*+/-]+", request.lower())))
