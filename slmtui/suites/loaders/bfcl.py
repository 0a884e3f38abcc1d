"""The Berkeley Function-Calling Leaderboard: a request, functions, and the calls of them that are right.

The requests are JSON lines, and so are the right calls, in a file of the same name in `possible_answer`.
Where no function serves the request ("irrelevance"), there are none. The names of functions have
underscores for dots, which not every template can write in a name.
"""

from collections.abc import Mapping
from typing import Any

from slmtui.suites.item import NO_TOOL, Expected, ExpectedCall, Item, OfferedTool
from slmtui.suites.loaders.bfcl_schema import json_schema
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.row import Row


def bfcl_items(requests: DataFile, answers: DataFile, data_set: str) -> tuple[Item, ...]:
    """Return requests with the calls that are right. Raises `SuiteError`."""
    right = {row.text("id"): row for row in rows_of(answers)}
    return tuple(_with_calls(row, right, data_set) for row in rows_of(requests))


def bfcl_irrelevance_items(requests: DataFile, data_set: str) -> tuple[Item, ...]:
    """Return requests that none of the functions with them serves. Raises `SuiteError`."""
    return tuple(
        Item(
            row.text("id"),
            data_set,
            _prompt(row),
            Expected("no_call"),
            NO_TOOL,
            "irrelevance",
            "",
            _offered(row),
        )
        for row in rows_of(requests)
    )


def _with_calls(row: Row, right: Mapping[str, Row], data_set: str) -> Item:
    name, offered = row.text("id"), _offered(row)
    if name not in right:
        raise row.error("id", f"the file of right calls has none for {name}")
    calls = tuple(_call(each) for each in right[name].rows("ground_truth"))
    unknown = {call.name for call in calls} - {tool.name for tool in offered}
    if unknown or not calls:
        raise right[name].error("ground_truth", f"{', '.join(unknown) or 'no call'} is none of the functions")
    skill = name.rpartition("_")[0]
    return Item(
        name, data_set, _prompt(row), Expected("calls", calls=calls), calls[0].name, skill, "", offered
    )


def _call(row: Row) -> ExpectedCall:
    name = next(iter(row.fields), "")
    given = Row(row.place, {"arguments": row.fields.get(name)}).row("arguments")
    return ExpectedCall(_name(name), {each: tuple(given.list(each)) for each in given.fields})


def _prompt(row: Row) -> str:
    """Return what a conversation of one turn asks: the texts of its messages, one after another."""
    turns = row.list("question")
    if len(turns) != 1 or not isinstance(turns[0], list):
        raise row.error("question", "only conversations of one turn can be asked")
    return "\n\n".join(
        message.text("content") for message in Row(row.place, {"question": turns[0]}).rows("question")
    )


def _offered(row: Row) -> tuple[OfferedTool, ...]:
    return tuple(_tool(each) for each in row.rows("function"))


def _tool(row: Row) -> OfferedTool:
    schema: dict[str, Any] = json_schema(row.row("parameters").fields)
    return OfferedTool(_name(row.text("name")), str(row.fields.get("description") or ""), schema)


def _name(name: str) -> str:
    return name.replace(".", "_")
