"""An agent that fails its turn leaves it to the base model, and both are in the events."""

from dataclasses import replace

import pytest

from agents.base import conversation
from agents.budget import Limits
from agents.events import CallFinished, CallStarted, RungTaken
from agents.helps import Helps
from agents.model import ModelError
from agents.multi import multi
from agents.single import single
from agents.turn import Paradigm
from sessions.tally import records_of
from tests.agents.boxes import BOX, CALL, HERMES, HERMES_TOKENS, NONE, THINKER, native
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn

ASKED = "What is 20 + 3?"
FAILS = Said("", error="the engine died")


@pytest.mark.parametrize(
    ("paradigm", "replies", "agent"),
    [
        (single, [FAILS, "23"], "agent"),
        (single, [CALL, FAILS, "23"], "agent"),
        (multi, [FAILS, "23"], "supervisor"),
        (multi, ["mathematician", CALL, FAILS, "23"], "supervisor"),
    ],
)
async def test_base_answers_for_an_agent_whose_model_failed(
    paradigm: Paradigm, replies: list[str | Said], agent: str
) -> None:
    asked, model = turn(ASKED), ScriptedModel(replies)
    events = await run(paradigm, asked, model, BOX)
    (rung,) = of(events, RungTaken)
    failed = of(events, CallFinished)[-2]
    assert (rung.rung, rung.agent, rung.call, rung.detail) == (
        "fallback",
        agent,
        failed.call,
        "the engine died",
    )
    assert (model.asked[-1].agent, model.asked[-1].messages) == ("assistant", conversation(asked))
    assert answer(events) == "23"


@pytest.mark.parametrize(
    "replies",
    [[NONE, " ", "23"], [CALL, "", "", "23"], [CALL, CALL, " \n", "23"]],
)
async def test_base_answers_for_an_agent_that_said_nothing(replies: list[str]) -> None:
    events = await run(single, turn(ASKED), ScriptedModel(replies), BOX)
    (rung,) = of(events, RungTaken)
    assert (rung.rung, rung.detail) == ("fallback", "the agent said nothing")
    assert answer(events) == "23"


@pytest.mark.parametrize(
    ("silent", "calls"),
    [
        ("<think>I wonder.</think>", 2),
        (Said("<think>I wonder and wonder", finish="length"), 2),
        (native('{"name": "weather", "arguments": {}}'), 3),
    ],
)
async def test_thoughts_and_calls_are_no_answer(silent: str | Said, calls: int) -> None:
    model = ScriptedModel([*[silent] * calls, "23"], format=THINKER, special=HERMES_TOKENS)
    events = await run(single, turn(ASKED, helps=Helps(think=True)), model, BOX)
    assert of(events, RungTaken)[-1].rung == "fallback"
    assert [e.agent for e in of(events, CallStarted)] == ["agent"] * calls + ["assistant"]
    assert answer(events) == "23"


async def test_specialist_that_said_nothing_is_judged_and_then_left() -> None:
    model = ScriptedModel(["mathematician", CALL, "", "", "", "23"])
    events = await run(multi, turn(ASKED), model, BOX)
    assert [r.rung for r in of(events, RungTaken)] == ["fallback"]
    assert answer(events) == "23"


async def test_an_answer_needs_no_fallback() -> None:
    for paradigm, replies in (
        (single, [CALL, "23"]),
        (multi, ["mathematician", CALL, "23"]),
        (multi, ["writer", "23"]),
    ):
        events = await run(paradigm, turn(ASKED), ScriptedModel(replies), BOX)
        assert of(events, RungTaken) == []


async def test_native_answer_beside_a_call_of_a_last_turn_counts() -> None:
    both = "It is 23. " + native('{"name": "calculator", "arguments": {"a": 1, "b": 2}}')
    model = ScriptedModel([both, both, both], format=HERMES, special=HERMES_TOKENS)
    events = await run(single, turn(ASKED), model, BOX)
    assert of(events, RungTaken) == []
    assert answer(events).strip() == "It is 23."


async def test_switched_off_a_failure_is_raised_and_silence_is_kept() -> None:
    helps = Helps(fallback=False)
    with pytest.raises(ModelError, match="the engine died"):
        await run(single, turn(ASKED, helps=helps), ScriptedModel([FAILS, "23"]), BOX)
    events = await run(single, turn(ASKED, helps=helps), ScriptedModel([NONE, ""]), BOX)
    assert (of(events, RungTaken), answer(events)) == ([], "")


async def test_failure_of_the_base_model_too_is_raised() -> None:
    with pytest.raises(ModelError, match="nothing more"):
        await run(single, turn(ASKED), ScriptedModel([FAILS], fail="nothing more"), BOX)


async def test_both_are_charged() -> None:
    asked = turn(ASKED)
    events = await run(
        single, asked, ScriptedModel([Said(CALL, tokens=30), FAILS, Said("23", tokens=5)]), BOX
    )
    assert asked.budget.tokens == 35
    record = records_of(events).turn
    assert (record.calls, record.output_tokens, record.answer, record.fallbacks) == (3, 35, "23", 1)


async def test_base_has_tokens_whatever_the_agent_has_spent() -> None:
    limits = Limits(max_tokens=400)
    asked = replace(turn(ASKED, limits=limits), agent_limits=limits)
    model = ScriptedModel([Said(NONE, tokens=5), Said(" ", tokens=395), "23"])
    await run(single, asked, model, BOX)
    assert model.asked[-1].max_tokens == 100
