import dataclasses
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.argument_values import DRAFTS, constrain, expressions
from agents.examples import call_text
from agents.grammar import call_grammar
from agents.table_values import figured
from slmtui.engine.gbnf import check
from tests.gbnf_match import makes
from tools.notes import notes_tool
from tools.notes_index import NotesIndex
from tools.read_file import read_file_tool
from tools.registry import Tool
from tools.text_tools import TEXT_TOOLS
from tools.toolbox import standard_tools

TOOLS = {
    tool.name: tool
    for tool in (
        *standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None),
        notes_tool(NotesIndex()),
        *TEXT_TOOLS,
    )
}


def allowed(name: str, request: str) -> dict[str, Any]:
    properties = constrain(TOOLS[name], request)["properties"]
    return {key: below["enum"] for key, below in properties.items() if "enum" in below}


@pytest.mark.parametrize(
    ("request_text", "wanted"),
    [
        ("What is 347 * 29?", ["347 * 29"]),
        ("calculate (1,250 + 375) / 5, please", ["(1,250 + 375) / 5"]),
        ("12 x 7 = ?", ["12 x 7"]),
        ("What is 15% of 240", ["15% of 240"]),
        ("Ike had 80 pins and lost 33 of them. How many pins are left?", ["80 - 33"]),
        ("The square root of 841", ["sqrt(841)"]),
    ],
)
def test_expressions_that_are_written_out_or_told(request_text: str, wanted: list[str]) -> None:
    assert expressions(request_text)[:1] == wanted
    assert len(expressions(request_text)) <= DRAFTS


def test_a_date_is_no_subtraction() -> None:
    assert not any("2024" in each for each in expressions("From 2024-01-15, 3 times 4 eggs"))


@pytest.mark.parametrize(
    ("request_text", "value", "source", "target"),
    [
        ("How many kilometers are 26.2 miles?", [26.2], ["miles"], ["kilometers"]),
        ("convert -40 F to C", [-40], ["F"], ["C"]),
        ("What is 180 degrees Celsius in Fahrenheit?", [180], ["degrees Celsius"], ["Fahrenheit"]),
        ("The limit is 65 mph. What is it in km/h?", [65], ["mph"], ["km/h"]),
        ("a flat of 120 square meters in square feet", [120], ["square meters"], ["square feet"]),
        ("How many inches are in a foot?", [1], ["foot"], ["inches"]),
        ("five pounds in kg", [5], ["pounds"], ["kg"]),
        ("46 megabytes in kilobytes", [46], ["megabytes"], ["kilobytes"]),
    ],
)
def test_units(request_text: str, value: list[float], source: list[str], target: list[str]) -> None:
    assert allowed("convert_units", request_text) == {
        "value": value,
        "from_unit": source,
        "to_unit": target,
    }


def test_one_unit_is_not_enough_to_narrow() -> None:
    assert constrain(TOOLS["convert_units"], "What is 5 kg?") is TOOLS["convert_units"].parameters


@pytest.mark.parametrize(
    ("name", "request_text", "wanted"),
    [
        ("weekday", "What day was 4 July 1976?", {"date": ["4 July 1976"]}),
        ("weekday", "What day is tomorrow?", {"date": ["tomorrow"]}),
        ("days_between", "From 2024-01-15 to May 1, 2024", {"start": ["2024-01-15"], "end": ["May 1, 2024"]}),
        (
            "days_between",
            "How long until 2027-01-01?",
            {"start": ["today", "2027-01-01"], "end": ["today", "2027-01-01"]},
        ),
        ("add_days", "What is 45 days after 2024-01-20?", {"date": ["2024-01-20"], "days": [45]}),
        ("add_days", "10 days before March 3, 2022", {"date": ["March 3, 2022"], "days": [-10]}),
        ("add_days", "two weeks after 2026-02-20", {"date": ["2026-02-20"], "days": [14]}),
        ("add_days", "2026-02-20 and 9 days", {"date": ["2026-02-20"], "days": [9, -9]}),
    ],
)
def test_dates(name: str, request_text: str, wanted: dict[str, Any]) -> None:
    assert allowed(name, request_text) == wanted


def test_a_search_is_for_the_words_that_tell_something() -> None:
    request = "Could you look in my notes where I put the dentist's phone number?"
    assert allowed("search_notes", request) == {"query": ["dentist phone number"]}
    assert constrain(TOOLS["search_notes"], "what is it?") is TOOLS["search_notes"].parameters


@pytest.mark.parametrize(
    ("name", "request_text", "wanted"),
    [
        (
            "count_text",
            "How many times is the letter e in tree?",
            {"text": "tree", "what": "occurrences", "of": "e"},
        ),
        ("count_text", "How many letters has umbrella?", {"text": "umbrella", "what": "letters"}),
        ("count_text", 'Count the words in "the old clock"', {"text": "the old clock", "what": "words"}),
        (
            "count_text",
            "number of words: she sells sea shells",
            {"text": "she sells sea shells", "what": "words"},
        ),
        ("sort_list", "Sort 4, 19, 2 from low to high", {"items": "4, 19, 2", "order": "numeric ascending"}),
        (
            "sort_list",
            "Alphabetize: pear, red fig, apple",
            {"items": "pear, red fig, apple", "order": "alphabetical"},
        ),
        (
            "compare_texts",
            "Is 'colour' the same as 'color'?",
            {"first": "colour", "second": "color", "what": "equal"},
        ),
        (
            "compare_texts",
            "Which is longer, plum or cherry?",
            {"first": "plum", "second": "cherry", "what": "longer"},
        ),
        ("spell_text", "Spell rhythm backwards", {"text": "rhythm", "direction": "backwards"}),
    ],
)
def test_texts_can_be_copied_from_the_request(name: str, request_text: str, wanted: dict[str, str]) -> None:
    tool = dataclasses.replace(TOOLS[name], parameters=constrain(TOOLS[name], request_text))
    grammar = call_grammar([tool])
    assert makes(grammar, call_text(name, wanted))
    for key in ("text", "items", "first"):
        if key in wanted:
            assert not makes(grammar, call_text(name, {**wanted, key: "something else"}))


def test_files_and_lines(tmp_path) -> None:
    tool = read_file_tool(tmp_path)
    properties = constrain(tool, "Show line 7 of docs/a.txt")["properties"]
    assert (properties["path"]["enum"], properties["first_line"]["enum"]) == (["docs/a.txt"], [7])
    assert list(constrain(tool, "Show docs/a.txt")["properties"]) == ["path"]
    assert constrain(tool, "Show it") is tool.parameters


def test_what_a_request_asks_of_a_table() -> None:
    columns = {"type": "string", "enum": ["town", "age", "name"]}
    properties = {
        "table": {"type": "string", "enum": ["staff", "sales"]},
        "measure": {"type": "string", "enum": ["count", "sum"]},
        "column": columns,
        "where": columns,
        "equals": {"type": "string"},
    }
    schema = {"type": "object", "properties": properties, "required": ["table", "measure"]}
    found = figured("Sum the age in staff.csv where town is Bergen", schema)
    assert (found["table"], found["measure"], found["column"]) == (["staff"], ["sum"], ["town", "age"])
    assert (found["where"], found["equals"]) == (["town", "age"], ["Bergen"])
    oldest = figured("How old is the oldest with town Bergen in staff?", schema)
    assert (oldest["column"], oldest["where"]) == (["age", "name"], ["town"])
    plain = figured("What's the highest age in staff?", schema)
    assert (plain["measure"], plain["where"], plain["equals"]) == (["max"], None, None)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_what_is_pasted_makes_no_large_grammar(name: str) -> None:
    for pasted in ("word " * 190, "1 kg, 2024-01-01; 'a' x" * 40, "a/" * 20_000, "7" * 50_000, "3 * " * 9000):
        schema = constrain(TOOLS[name], pasted)
        assert len(call_grammar([dataclasses.replace(TOOLS[name], parameters=schema)])) < 60_000
    assert constrain(TOOLS[name], "Is 2 * 3 = 6 on 2024-01-01? " * 40) is TOOLS[name].parameters


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_a_tool_of_others_with_the_name_of_ours_is_left_alone(name: str) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
    tool = dataclasses.replace(TOOLS[name], parameters=schema)
    assert constrain(tool, "What is 2 * 3 kg of 'a' in 2024-01-01?") is schema


def test_tools_of_others_are_left_alone() -> None:
    tool = Tool("mine", "", {"type": "object", "properties": {"n": {"type": "number"}}}, (), lambda **_: "")
    assert constrain(tool, "What is 2 * 3?") is tool.parameters


@given(st.sampled_from(sorted(TOOLS)), st.text() | st.text(alphabet="0123456789 ,.:'-/abkgm"))
def test_any_request_leaves_a_schema_that_has_a_grammar(name: str, request_text: str) -> None:
    schema = constrain(TOOLS[name], request_text)
    assert set(schema["required"]) <= set(schema["properties"]) <= set(TOOLS[name].parameters["properties"])
    check(call_grammar([dataclasses.replace(TOOLS[name], parameters=schema)]))


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_most_examples_stay_possible(name: str) -> None:
    tool = TOOLS[name]
    possible = [
        makes(
            call_grammar([dataclasses.replace(tool, parameters=constrain(tool, example.request))]),
            call_text(name, example.arguments),
        )
        for example in tool.examples
    ]
    assert sum(possible) >= 0.6 * len(possible)
