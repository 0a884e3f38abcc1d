"""The loop of an agent: limits, repetitions, several calls at once, and whether it succeeded."""

import itertools
from dataclasses import replace

import pytest

from agents.budget import Limits
from agents.call import GREEDY
from agents.events import CallStarted, LimitReached, ToolFinished, ToolStarted
from agents.helps import Helps
from agents.loop import ToolLoop
from agents.message import Message
from agents.single import single
from agents.turn import Turn
from tests.agents.boxes import BOTH, BOX, CALL, HERMES, HERMES_TOKENS, NATIVE, native
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn
from tools.registry import Toolbox

ASKED = "What is 20 + 3?"
TODAY = '{"name": "today", "arguments": {}}'
ERROR = '{"tool": "calculator", "arguments": {"a": 2e6, "b": 3}}'


def call(a: int) -> str:
    return f'{{"tool": "calculator", "arguments": {{"a": {a}, "b": 3}}}}'


def natively(*replies: str | Said) -> ScriptedModel:
    return ScriptedModel(replies, format=HERMES, special=HERMES_TOKENS)


def limited(*, of_agent: bool, limits: Limits) -> Turn:
    return replace(turn(ASKED), **{"agent_limits" if of_agent else "limits": limits})


@pytest.mark.parametrize("of_agent", [True, False])
@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(max_steps=1), "steps"),
        (Limits(max_tool_calls=1), "tool_calls"),
        (Limits(max_seconds=3), "seconds"),
        (Limits(max_tokens=4), "tokens"),
        (Limits(max_joules=5), "joules"),
    ],
)
async def test_each_limit_ends_the_loop_with_a_call_that_answers(
    limits: Limits, limit: str, of_agent: bool
) -> None:
    joules = itertools.count(0, 2)
    asked = replace(limited(of_agent=of_agent, limits=limits), joules=lambda: float(next(joules)))
    model = ScriptedModel([*(call(a) for a in range(9))])
    made = 0
    events = []
    async for event in single(asked, model, BOX):
        events.append(event)
        made += isinstance(event, ToolStarted)
        if isinstance(event, LimitReached):
            model.replies = [*model.replies[: len(model.asked)], "The answer."]
    (reached,) = of(events, LimitReached)
    assert (reached.limit, reached.agent) == (limit, "agent")
    assert reached.detail
    assert made <= 2
    assert model.asked[-1].max_tokens >= limits.max_tokens // 4
    assert model.asked[-1].purpose == "answer"
    assert answer(events) == "The answer."


async def test_no_joules_can_be_read_so_they_set_no_limit() -> None:
    model = ScriptedModel([CALL, "23"])
    events = await run(single, replace(turn(ASKED, limits=Limits(max_joules=1))), model, BOX)
    assert of(events, LimitReached) == []


async def test_calls_leave_a_share_of_the_tokens_to_the_answer() -> None:
    limits = Limits(max_tokens=400)
    model = ScriptedModel([Said(CALL, tokens=150), Said(call(1), tokens=150), "done"])
    events = await run(single, turn(ASKED, limits=limits), model, BOX)
    assert [request.max_tokens for request in model.asked] == [200, 150, 100]
    assert of(events, LimitReached)[0].limit == "tokens"


async def test_several_calls_in_one_message_are_all_made() -> None:
    model = natively(native(NATIVE, TODAY), "23, and Monday.")
    events = await run(single, turn(ASKED), model, BOTH)
    assert [e.name for e in of(events, ToolStarted)] == ["calculator", "today"]
    said, *results = model.asked[1].messages[-3:]
    assert [c.name for c in said.calls] == ["calculator", "today"]
    assert [(m.role, m.content, m.call and m.call.name) for m in results] == [
        ("tool", "23", "calculator"),
        ("tool", "Monday", "today"),
    ]
    assert answer(events) == "23, and Monday."


async def test_of_several_calls_only_as_many_are_made_as_are_left() -> None:
    calls = [f'{{"name": "calculator", "arguments": {{"a": {a}, "b": 3}}}}' for a in range(5)]
    model = natively(native(*calls), "Enough.")
    events = await run(single, turn(ASKED, limits=Limits(max_tool_calls=3)), model, BOTH)
    assert len(of(events, ToolFinished)) == 3
    assert [e.limit for e in of(events, LimitReached)] == ["tool_calls"]
    assert len(model.asked[1].messages[-4].calls) == 3
    assert answer(events) == "Enough."


async def test_same_call_twice_in_one_message_is_made_once() -> None:
    model = natively(native(NATIVE, NATIVE), "23")
    events = await run(single, turn(ASKED), model, BOTH)
    assert len(of(events, ToolStarted)) == 1
    assert of(events, LimitReached) == []


async def test_a_new_call_beside_a_repeated_one_is_made() -> None:
    model = natively(native(NATIVE), native(NATIVE, TODAY), "23")
    events = await run(single, turn(ASKED), model, BOTH)
    assert [e.name for e in of(events, ToolStarted)] == ["calculator", "today"]


async def test_repeated_call_ends_the_loop_whatever_the_order_of_its_arguments() -> None:
    model = ScriptedModel([CALL, '{"tool": "calculator", "arguments": {"b": 3, "a": 20}}', "23"])
    events = await run(single, turn(ASKED), model, BOX)
    assert [e.limit for e in of(events, LimitReached)] == ["repeat"]
    assert len(of(events, ToolStarted)) == 1


async def test_same_text_again_ends_the_loop() -> None:
    loose = "{'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}}"
    model = ScriptedModel([loose, loose, "23"])
    events = await run(single, turn(ASKED, helps=Helps(grammar=False)), model, BOX)
    assert [e.limit for e in of(events, LimitReached)] == ["text"]
    assert answer(events) == "23"


async def test_nothing_said_after_a_result_is_answered_from_the_result() -> None:
    model = ScriptedModel([CALL, " ", "It is 23."])
    events = await run(single, turn(ASKED), model, BOX)
    assert model.asked[2].messages[-1].content == "Result: 23"
    assert answer(events) == "It is 23."


async def test_how_much_of_a_result_was_cut_is_in_the_event() -> None:
    box = Toolbox(BOX, max_tokens=4, count=len)
    model = ScriptedModel(['{"tool": "calculator", "arguments": {"a": 123456, "b": 3}}', "x"])
    events = await run(single, turn(ASKED), model, box)
    (done,) = of(events, ToolFinished)
    assert done.cut_tokens > 0
    assert "more tokens cut" in done.result
    assert done.result in model.asked[1].messages[-1].content


def loop_on(model: ScriptedModel, asked: Turn, box: Toolbox = BOX) -> ToolLoop:
    before = (Message("system", "You calculate.", "system"),)
    plain = (*before, Message("user", ASKED, "handoff"))
    return ToolLoop(asked, model, box, "m", ASKED, before=before, plain=plain, answer_purpose="handoff")


@pytest.mark.parametrize(
    ("replies", "succeeded"),
    [
        ([CALL, "23"], True),
        (['{"tool": "none"}', "23"], True),
        ([ERROR, "It is too large."], False),
        ([ERROR, CALL, "23"], True),
        ([CALL, CALL, "23"], False),
        ([CALL, Said("23 is the", finish="length")], False),
        ([CALL, " ", "23"], False),
        (['{"tool": "calculator", "arguments": {"a": 1}}', CALL, "23"], False),
        (["{'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}}", "23"], True),
    ],
)
async def test_whether_a_loop_succeeded(replies: list[str | Said], succeeded: bool) -> None:
    loop = loop_on(ScriptedModel(replies), turn(ASKED, helps=Helps(grammar=False)))
    async for _ in loop:
        pass
    assert loop.succeeded is succeeded
    assert loop.answer
    assert loop.last_call is not None


async def test_who_reports_leaves_the_turn_its_share() -> None:
    model = ScriptedModel([Said(CALL, tokens=200), Said("23", tokens=500)])
    asked = replace(turn(ASKED, limits=Limits(max_tokens=800)), agent_limits=Limits(max_tokens=800))
    async for _ in loop_on(model, asked):
        pass
    assert [r.max_tokens for r in model.asked] == [200, 200]
    assert asked.budget.tokens_left >= 100


async def test_request_of_a_specialist_is_a_hand_off() -> None:
    model = ScriptedModel([CALL, "23"])
    async for _ in loop_on(model, turn(ASKED)):
        pass
    assert model.asked[0].messages[-1] == Message("user", ASKED, "handoff")
    assert model.asked[0].sampling == GREEDY


async def test_every_call_is_charged_to_the_agent_and_to_the_turn() -> None:
    asked = turn(ASKED)
    events = await run(single, asked, ScriptedModel([Said(CALL, tokens=20), Said("23", tokens=7)]), BOX)
    assert len(of(events, CallStarted)) == 2
    assert (asked.budget.tokens, asked.budget.steps, asked.budget.tool_calls) == (27, 1, 1)
