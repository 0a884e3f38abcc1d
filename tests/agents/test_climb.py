"""The rungs of the ladder as a turn takes them."""

import pytest

from agents.base import conversation
from agents.dialect import Dialect
from agents.events import CallStarted, RungTaken, TextDelta, ToolStarted
from agents.formats.format import GENERIC
from agents.helps import Helps
from agents.message import Message
from agents.single import single
from tests.agents.boxes import BOTH, CALL, HERMES, HERMES_TOKENS, NATIVE, native
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn

LOOSE = "{'tool': 'calculatr', 'arguments': {'a': 20, 'b': 3}}"
WRONG = '{"tool": "calculator", "arguments": {"a": 20}}'
ASKED = "What is 20 + 3?"
FREE = Helps(grammar=False)


def rungs(events: list[object]) -> list[str]:
    return [event.rung for event in events if isinstance(event, RungTaken)]


async def test_valid_call_takes_no_rung() -> None:
    events = await run(single, turn(ASKED), ScriptedModel([CALL, "23"]), BOTH)
    assert of(events, RungTaken) == []


async def test_repair_is_told_before_the_tool_is_called() -> None:
    model = ScriptedModel([LOOSE, "It is 23."])
    events = await run(single, turn(ASKED, helps=FREE), model, BOTH)
    (rung,) = of(events, RungTaken)
    assert (rung.rung, rung.agent, rung.call) == ("repair", "agent", of(events, CallStarted)[0].call)
    assert "the name nearest to 'calculatr' is calculator" in rung.detail
    (started,) = of(events, ToolStarted)
    assert started.arguments == {"a": 20, "b": 3}
    assert events.index(rung) < events.index(started)
    assert answer(events) == "It is 23."


async def test_model_reads_the_mended_call_and_not_what_it_wrote() -> None:
    model = ScriptedModel([LOOSE, "It is 23."])
    await run(single, turn(ASKED, helps=FREE), model, BOTH)
    assert model.asked[1].messages[-2] == Message("assistant", CALL, "history")


async def test_what_cannot_be_mended_is_asked_for_again_under_the_full_grammar() -> None:
    model = ScriptedModel([WRONG, CALL, "It is 23."])
    events = await run(single, turn(ASKED, helps=FREE), model, BOTH)
    (rung,) = of(events, RungTaken)
    assert (rung.rung, rung.call) == ("reask", of(events, CallStarted)[0].call)
    again = model.asked[1]
    assert (again.purpose, again.triggers, again.sampling.temperature) == ("repair", (), 0.0)
    assert again.grammar == Dialect(GENERIC, tuple(BOTH), FREE, 1).full().grammar
    wrote, told = again.messages[-2:]
    assert (wrote.role, wrote.content) == ("assistant", WRONG)
    assert told.role == "user"
    assert "Missing argument b" in told.content
    assert "I " not in told.content
    assert "You" not in told.content
    assert [d.purpose for d in of(events, TextDelta) if d.call == again.call] == ["repair"] * 2
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "It is 23."


async def test_after_a_second_failure_the_answer_is_over_the_plain_conversation() -> None:
    model = ScriptedModel([WRONG, WRONG, "Twenty-three."])
    asked = turn(ASKED, helps=FREE)
    events = await run(single, asked, model, BOTH)
    assert rungs([*events]) == ["reask", "no_tools"]
    assert of(events, RungTaken)[1].call == of(events, CallStarted)[1].call
    assert of(events, ToolStarted) == []
    assert model.asked[2].messages == conversation(asked)
    assert (model.asked[2].grammar, model.asked[2].purpose) == (None, "answer")
    assert answer(events) == "Twenty-three."


async def test_failure_after_a_call_is_answered_from_what_was_found() -> None:
    model = ScriptedModel([CALL, WRONG, WRONG, "It is 23."])
    events = await run(single, turn(ASKED), model, BOTH)
    assert rungs([*events]) == ["reask", "no_tools"]
    # Not from the error: it says that the call must be written again.
    assert model.asked[3].messages[-1].content == "Result: 23"
    assert answer(events) == "It is 23."


async def test_second_writing_that_was_cut_off_is_no_call() -> None:
    model = ScriptedModel([WRONG, Said(CALL, finish="length"), "Twenty-three."])
    events = await run(single, turn(ASKED, helps=FREE), model, BOTH)
    assert rungs([*events]) == ["reask", "no_tools"]
    assert of(events, ToolStarted) == []


async def test_choice_of_no_tool_when_asked_again_is_no_failure() -> None:
    model = ScriptedModel([WRONG, '{"tool": "none"}', "Hello."])
    events = await run(single, turn("Hi", helps=FREE), model, BOTH)
    assert rungs([*events]) == ["reask"]
    assert answer(events) == "Hello."


@pytest.mark.parametrize(
    ("helps", "replies", "taken"),
    [
        (Helps(grammar=False, repair=False), [LOOSE, CALL, "23"], ["reask"]),
        (Helps(grammar=False, repair=False, reask=False), [LOOSE, "23"], ["no_tools"]),
        (Helps(grammar=False, reask=False), [WRONG, "23"], ["no_tools"]),
        (Helps(grammar=False, reask=False), [LOOSE, "23"], ["repair"]),
    ],
)
async def test_rungs_can_be_switched_off(helps: Helps, replies: list[str], taken: list[str]) -> None:
    events = await run(single, turn(ASKED, helps=helps), ScriptedModel(replies), BOTH)
    assert rungs([*events]) == taken
    assert answer(events) == "23"


async def test_native_call_is_asked_for_again_without_thoughts() -> None:
    wrong = native('{"name": "calculator", "arguments": {"a": 20}}')
    model = ScriptedModel([wrong, native(NATIVE), "It is 23."], format=HERMES, special=HERMES_TOKENS)
    events = await run(single, turn(ASKED, helps=Helps(think=True)), model, BOTH)
    assert rungs([*events]) == ["reask"]
    assert (model.asked[1].triggers, model.asked[1].thinking) == ((), False)
    assert "<tool_call>" in (model.asked[1].grammar or "")
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "It is 23."
