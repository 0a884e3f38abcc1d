import datetime

import pytest

from agents.offers import needs_tool, offers
from tools.registry import Tool
from tools.text_tools import TEXT_TOOLS
from tools.toolbox import standard_tools

TOOLS = {
    tool.name: tool
    for tool in (*standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None), *TEXT_TOOLS)
}
TABLE = Tool(
    "table_figure",
    "",
    {"properties": {"table": {"enum": ["staff"]}, "column": {"enum": ["wage"]}}},
    (),
    lambda **_: "",
)
FILES = Tool("read_file", "", {"properties": {"path": {"type": "string"}}}, (), lambda **_: "")


@pytest.mark.parametrize(
    ("name", "text", "offered"),
    [
        ("calculator", "How many are five and 3?", True),
        ("calculator", "Tell me a story", False),
        ("convert_units", "How tall is that in feet?", True),
        ("convert_units", "Who wrote Hamlet?", False),
        ("weekday", "What day of the week is it?", True),
        ("weekday", "He works 5 hours a day", False),
        ("days_between", "How long until 2030-01-01?", True),
        ("add_days", "what date was a week ago", True),
        ("add_days", "She saves $4 a week for 6 weeks", False),
        ("compare_texts", "Are 'a' and 'b' the same?", True),
        ("compare_texts", "Which is longer, plum or cherry?", True),
        ("compare_texts", "What colour is the door?", False),
        ("sort_list", "Sort b, a", True),
        ("count_text", "How many words are there?", True),
        ("count_text", "Which sea is the deepest?", False),
        ("spell_text", "tree in reverse", True),
        ("spell_text", "Which sea is the deepest?", False),
        ("sort_list", "Sort it out", False),
    ],
)
def test_a_tool_is_offered_where_what_it_needs_is_there(name: str, text: str, offered: bool) -> None:
    assert offers(TOOLS[name], text) is offered


def test_tables_and_files_are_offered_where_they_are_named() -> None:
    assert offers(TABLE, "What is the highest wage?")
    assert offers(TABLE, "Who is in Staff?")
    assert not offers(TABLE, "Who wrote Hamlet?")
    assert offers(FILES, "open docs/a.txt")
    assert not offers(FILES, "open the door")


def test_other_tools_are_always_offered() -> None:
    assert offers(Tool("mine", "", {}, (), lambda **_: ""), "")


@pytest.mark.parametrize(
    ("request_text", "needed"),
    [
        ("Read docs/a.txt", True),
        ("What is 3 * 4?", True),
        ("5 miles in km", True),
        ("Who was born on 4 July 1776?", False),
        ("Tell me about miles and kilometers", False),
        ("Are 3 or 4 cats better?", False),
    ],
)
def test_what_plainly_needs_a_tool(request_text: str, needed: bool) -> None:
    assert needs_tool([*TOOLS.values(), FILES], request_text) is needed
    assert not needs_tool([], request_text)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_example_is_of_a_tool_that_is_offered(name: str) -> None:
    assert [e.request for e in TOOLS[name].examples if not offers(TOOLS[name], e.request)] == []
