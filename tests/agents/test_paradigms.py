from dataclasses import replace
from typing import TypeVar

import pytest

from agents.base import base
from agents.budget import Limits
from agents.call import TurnStopped
from agents.events import (
    AgentStarted,
    CallFinished,
    CallStarted,
    Event,
    HandOff,
    LimitReached,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from agents.grammar import text_grammar
from agents.helps import Helps
from agents.message import Message
from agents.model import ModelError
from agents.multi import multi
from agents.paradigms import PARADIGMS
from agents.prompts import SYSTEM
from agents.quoting import quoted_answer
from agents.single import single
from agents.turn import Turn
from tests.agents.scripted import ScriptedModel, answer, run, turn
from tools.registry import Example, Tool, Toolbox, ToolError


def add(a: float, b: float) -> str:
    if a > 1e6:
        raise ToolError("a is too large")
    return f"{a + b:g}"


NUMBERS = {
    "type": "object",
    "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
    "required": ["a", "b"],
}
CALCULATOR = Tool(
    "calculator", "adds", NUMBERS, (Example("What is 1 + 2?", {"a": 1, "b": 2}, "3", "1 + 2 is 3."),), add
)
BOX = Toolbox([CALCULATOR])
CALL = '{"tool": "calculator", "arguments": {"a": 20, "b": 3}}'
TOO_LARGE = '{"tool": "calculator", "arguments": {"a": 2e6, "b": 3}}'
NONE = '{"tool": "none"}'
T = TypeVar("T")
PAST = (Message("user", "Hi", "history", 1), Message("assistant", "Hello", "history", 1))


def told(prompt: str) -> Turn:
    """Return a turn that knows which tool is right, as a suite does."""
    return replace(turn(prompt), oracle="calculator")


def of(events: list[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


async def test_base_is_one_call_over_the_conversation() -> None:
    model = ScriptedModel(["Paris."])
    events = await run(base, turn("Capital?", *PAST), model, BOX)
    assert [type(e) for e in events] == [AgentStarted, CallStarted, TextDelta, TextDelta, CallFinished]
    assert model.asked[0].messages == (SYSTEM, *PAST, Message("user", "Capital?", "user"))
    assert model.asked[0].grammar is None
    assert answer(events) == "Paris."


async def test_single_calls_observes_and_answers() -> None:
    model = ScriptedModel([CALL, "20 + 3 is 23."])
    events = await run(single, turn("What is 20 + 3?", *PAST), model, BOX)
    (started,), (finished,) = of(events, ToolStarted), of(events, ToolFinished)
    assert (started.name, started.arguments) == ("calculator", {"a": 20, "b": 3})
    assert (finished.result, finished.status) == ("23", "ok")
    assert [e.purpose for e in of(events, CallStarted)] == ["call", "answer"]
    assert answer(events) == "20 + 3 is 23."
    assert model.asked[1].messages[-1] == Message("user", "Result: 23", "tool_result")


async def test_each_call_of_an_agent_continues_the_one_before() -> None:
    model = ScriptedModel([CALL, "23"])
    await run(single, turn("What is 20 + 3?", *PAST), model, BOX)
    first, second = (request.messages for request in model.asked)
    assert second[: len(first)] == first


async def test_all_paradigms_show_the_same_conversation() -> None:
    conversation = (SYSTEM, *PAST, Message("user", "What is 20 + 3?", "user"))
    for paradigm, replies in (
        (base, ["a"]),
        (single, [NONE, "a"]),
        (multi, ["writer", "b", "a"]),
    ):
        model = ScriptedModel(list(replies))
        await run(paradigm, turn("What is 20 + 3?", *PAST), model, BOX)
        shown = model.asked[0].messages
        assert shown[0] == SYSTEM
        assert tuple(m for m in shown if m.origin != "example") == conversation


async def test_an_agent_s_next_turn_continues_the_one_before() -> None:
    # So its examples are read once, and not again in every turn.
    for paradigm, replies in ((single, [CALL, "23"]), (multi, ["mathematician", CALL, "23", "23"])):
        before = ScriptedModel(list(replies))
        await run(paradigm, turn("What is 20 + 3?"), before, BOX)
        past = (Message("user", "What is 20 + 3?", "history", 1), Message("assistant", "23", "history", 1))
        now = ScriptedModel(list(replies))
        await run(paradigm, turn("What is 30 + 3?", *past), now, BOX)
        kept = [m.content for m in before.asked[0].messages]
        assert [m.content for m in now.asked[0].messages][: len(kept)] == kept


async def test_single_without_a_tool_answers_as_base_does() -> None:
    model = ScriptedModel([NONE, "Hello!"])
    events = await run(single, turn("Hi", helps=Helps(fitting=False)), model, BOX)
    assert of(events, ToolStarted) == []
    assert model.asked[1].messages == (SYSTEM, Message("user", "Hi", "user"))
    assert answer(events) == "Hello!"


async def test_no_choice_is_made_where_no_tool_can_be_meant() -> None:
    model = ScriptedModel(["Hello!"])
    await run(single, turn("Hi"), model, BOX)
    assert [request.messages for request in model.asked] == [(SYSTEM, Message("user", "Hi", "user"))]


async def test_choices_are_greedy_and_answers_are_drawn_as_the_user_set() -> None:
    model = ScriptedModel([CALL, "23"])
    events = await run(single, turn("What is 20 + 3?"), model, BOX)
    assert [e.greedy for e in of(events, CallStarted)] == [True, False]
    assert [r.sampling.temperature for r in model.asked] == [0.0, 0.7]


async def test_error_of_a_tool_is_an_observation() -> None:
    model = ScriptedModel([TOO_LARGE, CALL, "23"])
    events = await run(single, turn("What is 20 + 3?"), model, BOX)
    assert [e.status for e in of(events, ToolFinished)] == ["error", "ok"]
    assert "too large" in model.asked[1].messages[-1].content
    assert answer(events) == "23"


async def test_second_call_written_instead_of_an_answer_counts_as_a_call() -> None:
    model = ScriptedModel([TOO_LARGE, CALL, "23"])
    events = await run(single, turn("What is 20 + 3?"), model, BOX)
    assert [e.purpose for e in of(events, TextDelta)] == ["call"] * 4 + ["answer"] * 2


async def test_same_call_again_ends_the_loop_with_an_answer() -> None:
    model = ScriptedModel([CALL, CALL, "23 it is."])
    events = await run(single, turn("What is 20 + 3?"), model, BOX)
    (limit,) = of(events, LimitReached)
    assert (limit.limit, "again with the same arguments" in limit.detail) == ("repeat", True)
    assert len(of(events, ToolStarted)) == 1
    assert model.asked[-1].grammar == text_grammar(quoted_answer("23"))
    assert answer(events) == "23 it is."


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(max_steps=1), "steps"),
        (Limits(max_seconds=2), "seconds"),
        (Limits(max_tokens=2), "tokens"),
    ],
)
async def test_limits_end_the_loop_and_a_last_call_answers(limits: Limits, limit: str) -> None:
    model = ScriptedModel([CALL, TOO_LARGE, "done"] if limit == "steps" else [CALL, "done"])
    events = await run(single, turn("What is 20 + 3?", limits=limits), model, BOX)
    assert [e.limit for e in of(events, LimitReached)] == [limit]
    assert answer(events) == "done"


async def test_call_that_was_cut_off_is_no_call() -> None:
    model = ScriptedModel([CALL[:20], "sorry"])
    events = await run(single, turn("What is 20 + 3?"), model, BOX)
    assert of(events, ToolStarted) == []
    assert "cut off" in of(events, LimitReached)[0].detail
    assert answer(events) == "sorry"


@pytest.mark.parametrize("name", list(PARADIGMS))
async def test_failure_of_the_model_is_raised_behind_its_events(name: str) -> None:
    seen: list[Event] = []
    with pytest.raises(ModelError, match="no such luck"):
        async for event in PARADIGMS[name].run(told("Hi"), ScriptedModel([], fail="no such luck"), BOX):
            seen.append(event)
    assert isinstance(seen[-1], CallFinished)


@pytest.mark.parametrize("name", list(PARADIGMS))
async def test_stopping_is_noticed(name: str) -> None:
    asked = told("Hi")
    asked.stop.set()
    with pytest.raises(TurnStopped):
        await run(PARADIGMS[name].run, asked, ScriptedModel(["x"]), BOX)


async def test_stopping_before_a_tool_runs_keeps_it_from_running() -> None:
    asked = turn("What is 20 + 3?")
    events: list[Event] = []
    with pytest.raises(TurnStopped):
        async for event in single(asked, ScriptedModel([CALL, "23"]), BOX):
            events.append(event)
            if isinstance(event, CallFinished):
                asked.stop.set()
    assert of(events, ToolStarted) == []


ROUTE = '{"agent": "mathematician", "task": "What is 20 + 3?"}'
WRITTEN = Helps(route_token=False)


async def test_multi_routes_works_and_judges() -> None:
    model = ScriptedModel([ROUTE, CALL, "It is 23.", "20 + 3 = 23."])
    events = await run(multi, turn("What is 20 + 3?", *PAST, helps=WRITTEN), model, BOX)
    assert [e.agent for e in of(events, AgentStarted)] == ["supervisor", "mathematician"]
    assert [(e.source, e.target, e.task) for e in of(events, HandOff)] == [
        ("supervisor", "mathematician", "What is 20 + 3?"),
        ("mathematician", "supervisor", "It is 23."),
    ]
    assert [(e.agent, e.purpose) for e in of(events, CallStarted)] == [
        ("supervisor", "route"),
        ("mathematician", "call"),
        ("mathematician", "handoff"),
        ("supervisor", "answer"),
    ]
    assert model.asked[3].messages[-1].content == "Report: It is 23."
    assert answer(events) == "20 + 3 = 23."


async def test_specialist_sees_its_task_and_not_the_conversation() -> None:
    model = ScriptedModel([ROUTE, CALL, "23", "23"])
    await run(multi, turn("And twenty plus three?", *PAST, helps=WRITTEN), model, BOX)
    contents = [m.content for m in model.asked[1].messages]
    assert "Hello" not in contents
    assert contents[-1] == "What is 20 + 3?"


async def test_specialist_without_tools_answers_at_once() -> None:
    model = ScriptedModel(['{"agent": "writer", "task": "Greet."}', "Hello!", "Hello!"])
    events = await run(multi, turn("Hi", helps=WRITTEN), model, BOX)
    assert [e.purpose for e in of(events, CallStarted)] == ["route", "handoff", "answer"]


async def test_route_that_was_cut_off_goes_to_the_writer_with_the_prompt() -> None:
    model = ScriptedModel(['{"agent": "mathem', "Hello!", "Hello!"])
    events = await run(multi, turn("Hi", helps=WRITTEN), model, BOX)
    assert of(events, HandOff)[0].target == "writer"
    assert of(events, HandOff)[0].task == "Hi"


async def test_only_specialists_with_something_to_do_can_be_chosen() -> None:
    model = ScriptedModel([ROUTE, CALL, "23", "23"])
    await run(multi, turn("What is 20 + 3?", helps=WRITTEN), model, BOX)
    assert "mathematician" in (model.asked[0].grammar or "")
    assert "librarian" not in (model.asked[0].grammar or "")
