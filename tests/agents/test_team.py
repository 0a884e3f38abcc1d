"""The supervisor's route and judgement, and the controls that change one thing about them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agents.controls.teams import UNTOLD, multi_flat, multi_union, oracle
from agents.events import (
    AnswerChosen,
    CallFinished,
    CallSkipped,
    CallStarted,
    Event,
    HandOff,
    NamedChance,
    RungTaken,
)
from agents.grammar import TEXT_GRAMMAR, names_grammar
from agents.helps import Helps
from agents.message import Message
from agents.model import ModelError, NamedSet
from agents.multi import multi
from agents.specialists import WRITER, available
from agents.turn import Paradigm, Turn
from tests.agents.boxes import BOTH, BOX, CALL, NONE
from tests.agents.scripted import FACTS, Said, ScriptedModel, answer, of, run, turn
from tools.registry import Toolbox

ASKED = "What is 20 + 3?"
NAMES = ("mathematician", "writer")
WORKS = [CALL, "It is 23."]


def routed(*chances: tuple[str, float], text: str = "math") -> Said:
    return Said(text, tokens=1, chances=tuple(NamedChance(*chance) for chance in chances))


SURE = routed(("mathematician", 0.95), ("writer", 0.05))
UNSURE = routed(("mathematician", 0.6), ("writer", 0.4))


async def team(
    replies: Sequence[str | Said],
    *,
    helps: Helps | None = None,
    paradigm: Paradigm = multi,
    box: Toolbox = BOX,
    told: str = "",
    past: tuple[Message, ...] = (),
) -> tuple[list[Event], ScriptedModel]:
    model = ScriptedModel(replies)
    asked: Turn = replace(turn(ASKED, *past, helps=helps or Helps()), oracle=told)
    return await run(paradigm, asked, model, box), model


def chosen(events: list[Event]) -> str:
    return of(events, HandOff)[0].target


async def test_route_is_one_greedy_token_over_the_specialists_with_its_chances() -> None:
    events, model = await team([SURE, *WORKS])
    route = model.asked[0]
    assert (route.purpose, route.max_tokens, route.sampling.temperature) == ("route", 1, 0.0)
    assert (route.grammar, route.named) == (names_grammar(NAMES), NamedSet("", NAMES))
    assert of(events, CallFinished)[0].choices == SURE.chances
    assert (chosen(events), of(events, HandOff)[0].task) == ("mathematician", ASKED)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (routed(("writer", 0.7), ("mathematician", 0.3)), "writer"),
        (Said("math", chances=()), "mathematician"),
        (Said("", chances=()), "writer"),
        (Said("?", chances=()), "writer"),
    ],
)
async def test_likeliest_specialist_is_taken(said: Said, name: str) -> None:
    events, _ = await team([said, NONE, "b", "c"] if name != "writer" else [said, "b", "c"])
    assert chosen(events) == name


async def test_token_that_begins_several_names_makes_nobody_sure() -> None:
    # Nine tenths go to a token that may be either; of the two, the converter is likelier by itself.
    said = routed(("mathematician|writer", 0.9), ("writer", 0.07), ("mathematician", 0.03))
    events, model = await team([said, "b", "c"])
    assert chosen(events) == "writer"
    assert of(events, CallSkipped) == []
    assert len(model.asked) == 3


async def test_judge_is_skipped_when_the_router_was_sure_and_the_specialist_succeeded() -> None:
    events, model = await team([SURE, *WORKS])
    (skipped,), (choice,) = of(events, CallSkipped), of(events, AnswerChosen)
    calls = of(events, CallStarted)
    assert [c.purpose for c in calls] == ["route", "call", "handoff"]
    assert len(model.asked) == 3
    assert (skipped.agent, skipped.purpose) == ("supervisor", "answer")
    # The judge would have read what the router had read and written, and the report.
    assert (skipped.prompt_tokens, skipped.new_tokens) == (10 + 1 + 2, 2)
    assert (choice.agent, choice.call) == ("mathematician", calls[-1].call)
    assert "0.95" in choice.reason
    assert events.index(skipped) < events.index(choice)
    assert of(events, RungTaken) == []


FAILS = ['{"tool": "calculator", "arguments": {"a": 2e6, "b": 3}}', "It is too large."]


@pytest.mark.parametrize(
    ("route", "helps", "work"),
    [
        (UNSURE, Helps(), WORKS),
        (SURE, Helps(sure=0), WORKS),
        (SURE, Helps(sure=0.96), WORKS),
        (SURE, Helps(), FAILS),
        (SURE, Helps(), [CALL, CALL, "It is 23."]),
        (Said("mathematician", chances=()), Helps(), WORKS),
    ],
)
async def test_judge_is_not_skipped_otherwise(route: Said, helps: Helps, work: list[str]) -> None:
    events, model = await team([route, *work, "The end."], helps=helps)
    assert of(events, CallSkipped) == []
    assert of(events, AnswerChosen) == []
    judge = model.asked[-1]
    assert (judge.agent, judge.purpose, judge.grammar) == ("supervisor", "answer", TEXT_GRAMMAR)
    assert judge.messages[-2].content == "mathematician"
    assert judge.messages[-1] == Message("user", f"Report: {work[-1]}", "handoff")
    assert judge.messages[: len(model.asked[0].messages)] == model.asked[0].messages
    assert answer(events) == "The end."


async def test_written_route_is_an_object_with_a_task() -> None:
    route = '{"agent": "mathematician", "task": "Add 20 and 3."}'
    events, model = await team([route, *WORKS, "23."], helps=Helps(route_token=False))
    assert (model.asked[0].named, model.asked[0].max_tokens) == (None, 200)
    assert (chosen(events), of(events, HandOff)[0].task) == ("mathematician", "Add 20 and 3.")
    assert model.asked[1].messages[-1].content == "Add 20 and 3."
    assert next(m.content for m in model.asked[0].messages if m.role == "assistant").startswith('{"agent": ')
    # Nothing is known of its probability.
    assert of(events, CallSkipped) == []


@pytest.mark.parametrize(
    "route",
    ['{"agent": "mathem', '{"agent": "plumber", "task": "x"}', '{"task": "x"}', "[1]", '{"agent": 1}'],
)
async def test_route_that_cannot_be_read_goes_to_the_writer(route: str) -> None:
    events, _ = await team([Said(route), "Hello.", "Hello."], helps=Helps(route_token=False))
    assert chosen(events) == "writer"


async def test_examples_of_the_supervisor_are_names() -> None:
    _, model = await team([SURE, *WORKS])
    written = [m.content for m in model.asked[0].messages if m.role == "assistant" and m.origin == "example"]
    assert set(written[::2]) <= {s.name for s in available(BOX)}


async def test_union_gives_every_specialist_every_tool() -> None:
    apart, together = ScriptedModel([SURE, NONE, "x"]), ScriptedModel([SURE, NONE, "x"])
    await run(multi, turn(ASKED), apart, BOTH)
    await run(multi_union, turn(ASKED), together, BOTH)
    assert "today" not in (apart.asked[1].grammar or "")
    assert "today" in (together.asked[1].grammar or "")
    _, model = await team([routed(("writer", 1.0)), CALL, "23"], paradigm=multi_union)
    assert [r.agent for r in model.asked[1:]] == [WRITER.name] * 2


PAST = (Message("user", "Hi", "history", 1), Message("assistant", "Hello", "history", 1))


async def test_flat_team_shares_one_conversation() -> None:
    replies = [UNSURE, *WORKS, "The end."]
    events, model = await team(replies, paradigm=multi_flat, past=PAST)
    route, call, report, judge = model.asked
    shared = (*route.messages, Message("assistant", "mathematician", "history"))
    assert call.messages[: len(shared)] == shared
    assert call.messages[-1] == Message("user", f"You calculate. {ASKED}", "handoff")
    assert report.messages[: len(call.messages)] == call.messages
    assert judge.messages[: len(report.messages)] == report.messages
    assert [m.content for m in judge.messages[-2:]] == ["It is 23.", "Report: It is 23."]
    assert answer(events) == "The end."


async def test_team_that_is_not_flat_does_not_share() -> None:
    _, model = await team([UNSURE, *WORKS, "The end."], past=PAST)
    assert all("Hello" not in m.content for r in model.asked[1:3] for m in r.messages)
    assert all("Result" not in m.content for m in model.asked[3].messages if m.origin != "example")


async def test_oracle_is_told_and_does_not_route() -> None:
    events, model = await team(WORKS, paradigm=oracle, told="calculator")
    assert chosen(events) == "mathematician"
    assert [r.purpose for r in model.asked] == ["call", "handoff"]
    assert of(events, CallSkipped)[0].prompt_tokens == 2
    events, model = await team([*WORKS, "The end."], paradigm=oracle, told="calculator", helps=Helps(sure=0))
    assert answer(events) == "The end."


async def test_oracle_knows_when_no_tool_is_right() -> None:
    events, model = await team(["Hello!"], paradigm=oracle, told="none")
    assert (chosen(events), [r.agent for r in model.asked]) == ("writer", ["writer"])


async def test_oracle_that_is_not_told_says_what_to_do() -> None:
    with pytest.raises(ModelError, match="choose another paradigm"):
        await team([], paradigm=oracle)
    assert "suite" in UNTOLD


async def test_supervisor_and_specialist_may_have_models_of_their_own() -> None:
    small = ScriptedModel([SURE, "The end."], facts=replace(FACTS, model="small"))
    model = ScriptedModel(WORKS, others={"supervisor": small})
    events = await run(multi, turn(ASKED, helps=Helps(sure=0)), model, BOX)
    assert [r.agent for r in small.asked] == ["supervisor"] * 2
    assert [r.agent for r in model.asked] == ["mathematician"] * 2
    assert [c.model for c in of(events, CallStarted)] == ["small", "", "", "small"]
    assert answer(events) == "The end."


async def test_model_that_all_agents_share_is_not_named() -> None:
    # An object of its own for each agent, but the same model.
    model = ScriptedModel(
        [], others={"supervisor": ScriptedModel([SURE]), "mathematician": ScriptedModel(WORKS)}
    )
    events = await run(multi, turn(ASKED), model, BOX)
    assert {c.model for c in of(events, CallStarted)} == {""}
