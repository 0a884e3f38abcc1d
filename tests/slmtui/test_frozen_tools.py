from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.events import ApprovalAsked, ApprovalGiven, Decision, Event, ToolFinished, ToolStarted
from slmtui.frozen_tools import FrozenTools, MadeCall, call_hash
from tests.agents.boxes import BOTH, CALCULATOR, writer_tool
from tests.strategies import JSON_VALUES, TEXTS
from tools.approval import DENY_ALL, Approvals
from tools.registry import Tool, Toolbox

ADD: dict[str, Any] = {"a": 1, "b": 2}


def call(
    result: str, arguments: dict[str, Any] = ADD, name: str = "calculator", *, status: str = "ok", n: int = 1
) -> list[Event]:
    return [
        ToolStarted(1.0, f"t{n}", "agent", name, arguments),
        ToolFinished(2.0, f"t{n}", "agent", name, result, status, 0.5, 7),  # type: ignore[arg-type]
    ]


async def test_a_stored_call_comes_back_as_it_did_to_the_letter() -> None:
    cut = "a\u202e" + "long " * 5000  # what a box would clean and cut
    frozen = FrozenTools(call(cut))
    result = await frozen.box(BOTH).run("calculator", {"b": 2.0, "a": 1})
    assert (result.text, result.status, result.seconds, result.cut_tokens) == (cut, "ok", 0.0, 7)
    assert (frozen.frozen, frozen.live) == (1, 0)


async def test_an_error_is_told_again() -> None:
    result = await FrozenTools(call("no", status="error")).box(BOTH).run("calculator", ADD)
    assert (result.text, result.status) == ("no", "error")


async def test_a_call_that_was_not_made_is_run_and_told_of() -> None:
    told: list[MadeCall] = []
    frozen = FrozenTools(call("frozen"), told.append)
    box = frozen.box(BOTH)
    results = [
        (await box.run(*each)).text
        for each in (("calculator", {"a": 2, "b": 2}), ("today", {}), ("calculator", ADD))
    ]
    assert results == ["4", "Monday", "frozen"]
    assert [(made.name, made.frozen) for made in told] == [
        ("calculator", False), ("today", False), ("calculator", True),
    ]  # fmt: skip
    assert told == frozen.made
    assert (frozen.frozen, frozen.live) == (1, 2)


async def test_repeated_calls_come_back_in_order_and_the_last_again() -> None:
    box = FrozenTools([*call("one", n=1), *call("two", n=2)]).box(BOTH)
    assert [(await box.run("calculator", ADD)).text for _ in range(4)] == ["one", "two", "two", "two"]


async def test_a_call_that_never_came_back_is_run() -> None:
    assert (await FrozenTools(call("lost")[:1]).box(BOTH).run("calculator", ADD)).text == "3"


async def test_boxes_made_of_the_box_are_frozen_too() -> None:
    frozen = FrozenTools(call("frozen"))
    box = frozen.box(BOTH).counted_by(len, 5).only(["calculator"])
    assert box.names == ("calculator",)
    assert (await box.run("calculator", ADD)).text == "frozen"
    assert (await box.run("today", {})).status == "error"  # and it is still a box of its own tools alone
    assert "more tokens cut" in (await frozen.box(BOTH).counted_by(len, 5).run("today", {})).text


def test_a_frozen_box_shows_the_same_tools() -> None:
    box = FrozenTools(()).box(BOTH)
    assert list(box) == list(BOTH)
    assert box.get("calculator") is CALCULATOR


class Asks:
    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.asked: list[str] = []

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
        self.asked.append(arguments["text"])
        return self.decision


def kept(text: str, decision: Decision | None) -> list[Event]:
    asked: list[Event] = []
    if decision is not None:
        asked = [
            ApprovalAsked(0.0, "t1", "agent", "keep_text", {"text": text}),
            ApprovalGiven(0.5, "t1", "agent", "keep_text", decision),
        ]
    return asked + call("kept 1", {"text": text}, "keep_text")


async def test_a_stored_write_is_not_asked_about_nor_written_again_and_another_is_asked_about() -> None:
    written: list[str] = []
    tool = writer_tool(written)
    for decision in ("once", "session", None):
        asks = Asks("no")
        frozen = FrozenTools(kept("milk", decision))
        approver = frozen.approver(asks)
        assert (
            await approver.ask(tool, {"text": "milk"}) == "once"
        )  # never `session`: a live call is asked about
        assert (await frozen.box(Toolbox([tool])).run("keep_text", {"text": "milk"})).text == "kept 1"
        assert await approver.ask(tool, {"text": "eggs"}) == "no"
        assert (asks.asked, written) == (["eggs"], [])
        assert Approvals().needed(tool)


async def test_what_was_refused_is_refused_again_and_counted() -> None:
    frozen = FrozenTools(kept("milk", "no"))
    asks = Asks("once")
    assert await frozen.approver(asks).ask(writer_tool([]), {"text": "milk"}) == "no"
    assert (asks.asked, frozen.frozen, frozen.live) == ([], 1, 0)


async def test_nothing_is_frozen_when_all_run_live() -> None:
    frozen = FrozenTools(())
    assert await frozen.approver(DENY_ALL).ask(writer_tool([]), {"text": "milk"}) == "no"
    assert (await frozen.box(BOTH).run("calculator", ADD)).text == "3"
    assert (frozen.frozen, frozen.live) == (0, 1)


@given(TEXTS, st.dictionaries(TEXTS, JSON_VALUES, max_size=3))
def test_a_call_is_known_by_its_name_and_arguments(name: str, arguments: dict[str, Any]) -> None:
    assert call_hash(name, arguments) == call_hash(name, dict(reversed(arguments.items())))
    assert call_hash(name, arguments) != call_hash(name + "x", arguments)
    assert call_hash(name, arguments) != call_hash(name, {**arguments, "one more": 0})
