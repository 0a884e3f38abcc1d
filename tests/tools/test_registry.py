import asyncio
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tools.registry import Tool, Toolbox, ToolError

SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": 5},
        "count": {"type": "integer"},
        "size": {"type": "number"},
        "loud": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["a", "b"]},
    },
    "required": ["text"],
}
NAMES = "text, count, size, loud, kind"


def tool(run: Callable[..., Any], name: str = "probe") -> Tool:
    return Tool(name, "A probe.", SCHEMA, (), run)


async def test_a_result_comes_with_its_own_seconds() -> None:
    ticks = itertools.count()
    box = Toolbox([tool(lambda text: text * 2)], clock=lambda: float(next(ticks)))
    result = await box.run("probe", {"text": "ab"})
    assert (result.text, result.status, result.seconds) == ("abab", "ok", 1.0)


async def test_an_unknown_tool_is_told_which_there_are() -> None:
    result = await Toolbox([tool(str)]).run("shell\x1b[31m", {})
    assert (result.text, result.status) == ("There is no tool named 'shell'. Tools: probe.", "error")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, f"Missing argument text; the arguments are: {NAMES}."),
        ({"text": "a", "colour": 1}, f"Unknown argument 'colour'; the arguments are: {NAMES}."),
        ({"text": 5}, "text must be text, not '5'."),
        ({"text": None}, "text must be text, not 'None'."),
        ({"text": ["a"]}, "text must be text, not a list."),
        ({"text": "abcdef"}, "text is too long: 6 characters, of which 5 are allowed."),
        ({"text": "a", "count": 1.5}, "count must be a whole number, not '1.5'."),
        ({"text": "a", "count": True}, "count must be a whole number, not 'True'."),
        ({"text": "a", "size": "5"}, "size must be a number, not '5'."),
        ({"text": "a", "size": float("nan")}, "size must be a number, not 'nan'."),
        ({"text": "a", "size": float("inf")}, "size must be a number, not 'inf'."),
        ({"text": "a", "loud": 1}, "loud must be true or false, not '1'."),
        ({"text": "a", "kind": "c"}, "kind must be one of a, b, not 'c'."),
        ({"text": 10**6000}, "text must be text, not a very large number."),
        (["a"], f"The arguments must be an object with: {NAMES}."),
    ],
)
async def test_wrong_arguments_are_told_and_never_run(arguments: Any, says: str) -> None:
    called = []
    result = await Toolbox([tool(lambda **given: called.append(given))]).run("probe", arguments)
    assert (result.text, result.status, called) == (says, "error", [])


async def test_right_arguments_pass() -> None:
    arguments = {"text": "a", "count": 2.0, "size": 3, "loud": False, "kind": "b"}
    result = await Toolbox([tool(lambda **given: str(given))]).run("probe", arguments)
    assert result.text == str(arguments)


async def test_an_error_of_the_tool_is_its_text() -> None:
    def run(text: str) -> str:
        raise ToolError(f"No {text}.")

    result = await Toolbox([tool(run)]).run("probe", {"text": "tea"})
    assert (result.text, result.status) == ("No tea.", "error")


@pytest.mark.parametrize("error", [KeyError, TimeoutError, RecursionError, StopIteration, TypeError])
async def test_a_bug_in_a_tool_is_an_error_result(error: type[Exception]) -> None:
    def run(text: str) -> str:
        raise error("x")

    result = await Toolbox([tool(run)]).run("probe", {"text": ""})
    assert result.status == "error"
    assert result.text.startswith(f"probe failed ({error.__name__}: ")


async def test_a_tool_that_returns_no_text_is_an_error_result() -> None:
    result = await Toolbox([tool(lambda text: 5)]).run("probe", {"text": ""})
    assert (result.status, "TypeError" in result.text) == ("error", True)


async def test_a_slow_tool_is_not_waited_for() -> None:
    release = threading.Event()
    box = Toolbox([tool(lambda text: str(release.wait(30)))], timeout=0.01)
    result = await box.run("probe", {"text": ""})
    release.set()
    assert (result.text, result.status) == ("probe took longer than 0.01 s.", "error")


async def test_cancelling_a_turn_reaches_the_one_who_waits() -> None:
    release, entered = threading.Event(), threading.Event()

    def run(text: str) -> str:
        entered.set()
        return str(release.wait(30))

    task = asyncio.create_task(Toolbox([tool(run)]).run("probe", {"text": ""}))
    await asyncio.to_thread(entered.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()


async def test_results_are_plain_and_bounded() -> None:
    text = "\x1b[31mred\x1b[0m \x1b]0;title\x07\x00a\u202eb\r\nnext\ud800" + "x" * 100
    result = await Toolbox([tool(lambda text: text)], max_chars=20).run("probe", {"text": ""})
    assert result.text == ""
    result = await Toolbox([tool(lambda **_: text)], max_chars=20).run("probe", {"text": ""})
    assert result.text == "red ab\nnextxxxxxxxxx … (cut)"


def test_a_box_is_an_ordered_collection() -> None:
    first, second, third = tool(str, "b"), tool(str, "a"), tool(str, "c")
    box = Toolbox([first, second, third])
    assert list(box) == [first, second, third]
    assert (len(box), box.names, box.get("a")) == (3, ("b", "a", "c"), second)
    assert box.only(["c", "missing", "b"]).names == ("c", "b")
    with pytest.raises(KeyError):
        box.get("missing")
    with pytest.raises(ValueError, match="two tools are named b"):
        Toolbox([first, first])
