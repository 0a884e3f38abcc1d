"""Asking the user before a tool is called, and stopping while one waits or works."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agents.budget import Limits
from agents.call import TurnStopped
from agents.events import ApprovalAsked, ApprovalGiven, Event, LimitReached, ToolFinished, ToolStarted
from agents.single import single
from tests.agents.boxes import NOTHING, writer_tool
from tests.agents.scripted import ScriptedModel, of, run, turn
from tools.approval import Approvals, Decision
from tools.registry import Tool, Toolbox

ASKED = "Keep the words milk and tea"


def keep(text: str) -> str:
    return f'{{"tool": "keep_text", "arguments": {{"text": "{text}"}}}}'


@dataclass
class Says:
    """Whoever is asked says this; without a decision, never."""

    decision: Decision | None
    times: int = 0

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
        self.times += 1
        if self.decision is None:
            await asyncio.Event().wait()
        assert self.decision is not None
        return self.decision


async def two_calls(decision: Decision) -> tuple[list[Event], list[str], Says, Approvals]:
    kept: list[str] = []
    user, approvals = Says(decision), Approvals()
    asked = replace(turn(ASKED), approver=user, approvals=approvals)
    model = ScriptedModel([keep("milk"), keep("tea"), "Done."])
    return await run(single, asked, model, Toolbox([writer_tool(kept)])), kept, user, approvals


async def test_asked_each_time_when_allowed_once() -> None:
    events, kept, user, approvals = await two_calls("once")
    assert (kept, user.times, approvals.allowed) == (["milk", "tea"], 2, set())
    first = of(events, ApprovalAsked)[0]
    assert (first.name, first.arguments, first.agent) == ("keep_text", {"text": "milk"}, "agent")
    assert [e.decision for e in of(events, ApprovalGiven)] == ["once", "once"]


async def test_asked_once_when_allowed_for_the_session() -> None:
    events, kept, user, approvals = await two_calls("session")
    assert (kept, user.times, approvals.allowed) == (["milk", "tea"], 1, {"keep_text"})
    assert [e.decision for e in of(events, ApprovalGiven)] == ["session"]


async def test_what_the_user_refuses_is_not_run_and_the_model_is_told() -> None:
    kept: list[str] = []
    model = ScriptedModel([keep("milk"), "It was not allowed."])
    asked = replace(turn(ASKED), approver=Says("no"))
    events = await run(single, asked, model, Toolbox([writer_tool(kept)]))
    assert kept == []
    (done,) = of(events, ToolFinished)
    assert (done.status, done.result) == ("error", "The user did not allow this call.")
    assert "did not allow" in model.asked[1].messages[-1].content
    kinds = [
        type(e) for e in events if isinstance(e, ApprovalAsked | ApprovalGiven | ToolStarted | ToolFinished)
    ]
    assert kinds == [ApprovalAsked, ApprovalGiven, ToolStarted, ToolFinished]


async def test_events_of_one_call_have_one_name() -> None:
    events, *_ = await two_calls("once")
    named = [
        e.tool_call
        for e in events
        if isinstance(e, ApprovalAsked | ApprovalGiven | ToolStarted | ToolFinished)
    ]
    assert len(set(named)) == 2
    assert len(named) == 8


async def test_nobody_to_ask_is_no() -> None:
    kept: list[str] = []
    await run(single, turn(ASKED), ScriptedModel([keep("milk"), "x"]), Toolbox([writer_tool(kept)]))
    assert kept == []


@pytest.mark.parametrize("decision", [None, "session"])
async def test_stopping_while_the_user_is_asked_ends_the_turn(decision: Decision | None) -> None:
    kept: list[str] = []
    approvals = Approvals()
    asked = replace(turn(ASKED), approver=Says(decision), approvals=approvals)
    with pytest.raises(TurnStopped):
        async for event in single(asked, ScriptedModel([keep("milk")]), Toolbox([writer_tool(kept)])):
            if isinstance(event, ApprovalAsked):
                asked.stop.set()
    assert (kept, approvals.allowed) == ([], set())


async def test_stopping_while_a_tool_works_does_not_wait_for_it() -> None:
    go_on = threading.Event()
    slow = Tool("wait", "waits", NOTHING, (), lambda: str(go_on.wait(30)))
    asked = turn("wait")
    try:
        with pytest.raises(TurnStopped):
            async for event in single(
                asked, ScriptedModel(['{"tool": "wait", "arguments": {}}']), Toolbox([slow])
            ):
                if isinstance(event, ToolStarted):
                    asyncio.get_running_loop().call_later(0.01, asked.stop.set)
        assert not go_on.is_set()
    finally:
        go_on.set()


async def test_time_in_which_the_user_thinks_is_not_the_agent_s() -> None:
    now = [0.0]

    class Slow(Says):
        async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
            now[0] += 1000
            return "once"

    asked = turn(ASKED, limits=Limits(max_seconds=10), clock=lambda: now[0])
    asked = replace(asked, approver=Slow("once"), agent_limits=Limits(max_seconds=10))
    model = ScriptedModel([keep("milk"), keep("tea"), "Done."])
    events = await run(single, asked, model, Toolbox([writer_tool([])]))
    assert of(events, LimitReached) == []
    assert len(of(events, ToolFinished)) == 2
