import asyncio
import dataclasses
import itertools
import subprocess
import sys
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


async def test_results_are_plain() -> None:
    text = "\x1b[31mred\x1b[0m \x1b]0;title\x07\x00a\u202eb\r\nnext\ud800"
    result = await Toolbox([tool(lambda **_: text)]).run("probe", {"text": ""})
    assert (result.text, result.cut_tokens) == ("red ab\nnext", 0)


async def test_results_are_cut_by_tokens_and_say_by_how_many() -> None:
    box = Toolbox([tool(lambda **_: "a b c d e f g")], count=lambda text: len(text.split()), max_tokens=5)
    result = await box.run("probe", {"text": ""})
    assert (result.text, result.status, result.cut_tokens) == ("a b c d e … (2 more tokens cut)", "ok", 2)


async def test_errors_are_cut_too() -> None:
    def run(text: str) -> str:
        raise ToolError("no " * 1000)

    result = await Toolbox([tool(run)], max_tokens=10).run("probe", {"text": ""})
    assert (result.status, result.cut_tokens) == ("error", 740)


async def test_a_huge_result_is_counted_in_part_only() -> None:
    counted = []

    def count(text: str) -> int:
        counted.append(len(text))
        return len(text)

    box = Toolbox([tool(lambda **_: "x" * 10_000_000)], count=count, max_tokens=100)
    result = await box.run("probe", {"text": ""})
    assert result.text == "x" * 100 + f" … ({result.cut_tokens} more tokens cut)"
    assert result.cut_tokens == pytest.approx(10_000_000, rel=0.1)
    assert sum(counted) < 100_000


async def test_a_tool_may_have_its_own_timeout() -> None:
    release = threading.Event()
    slow = dataclasses.replace(tool(lambda text: str(release.wait(30))), timeout=0.01)
    result = await Toolbox([slow]).run("probe", {"text": ""})
    release.set()
    assert result.text == "probe took longer than 0.01 s."


def test_a_tool_that_hangs_does_not_keep_the_program_from_ending() -> None:
    script = (
        "import asyncio, threading\nfrom tools.registry import Tool, Toolbox\n"
        "schema = {'type': 'object', 'properties': {}}\n"
        "box = Toolbox([Tool('x', '', schema, (), threading.Event().wait)], timeout=0.01)\n"
        "print(asyncio.run(box.run('x', {})).text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "x took longer than 0.01 s.\n"


async def test_a_tool_that_ends_the_program_is_an_error_result() -> None:
    result = await Toolbox([tool(lambda text: sys.exit(3))]).run("probe", {"text": ""})
    assert (result.status, result.text) == ("error", "probe failed (SystemExit: 3).")


async def test_the_same_box_may_count_otherwise() -> None:
    box = Toolbox([tool(lambda **_: "a b c d")], max_tokens=2)
    counted = box.counted_by(lambda text: len(text.split()), 3)
    assert (await counted.run("probe", {"text": ""})).text == "a b c … (1 more tokens cut)"
    assert (await counted.only(["probe"]).run("probe", {"text": ""})).cut_tokens == 1
    assert (await box.run("probe", {"text": ""})).cut_tokens == 0


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
