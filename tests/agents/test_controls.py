"""The controls without a team: structured, vote and cascade; and the factors of every arm."""

from dataclasses import replace

import pytest

from agents.base import base, conversation
from agents.budget import Limits
from agents.controls.cascade import cascade
from agents.controls.structured import structured
from agents.controls.vote import TEMPERATURE, agreed, vote
from agents.events import AnswerChosen, CallFinished, CallStarted, Event, HandOff, TextDelta
from agents.factors import differences
from agents.helps import Helps, switched
from agents.message import Message
from agents.paradigms import PARADIGMS
from agents.prompts import system_of
from sessions.tally import records_of
from tests.agents.boxes import BOX, CALL, HERMES_TOKENS, THINKER
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn

ASKED = "What is 20 + 3?"
PAST = (Message("user", "Hi", "history", 1), Message("assistant", "Hello", "history", 1))


async def test_structured_thinks_once_under_the_agent_s_prompt_without_tools() -> None:
    model = ScriptedModel(["Add them.", "23"])
    events = await run(structured, turn(ASKED, *PAST), model, BOX)
    assert [r.purpose for r in model.asked] == ["think", "answer"]
    assert model.asked[0].messages[0] == system_of(Helps(structured=True))
    assert all((r.grammar, r.tools) == (None, ()) for r in model.asked)
    assert answer(events) == "23"


async def votes(
    *replies: str | Said, helps: Helps | None = None, limits: Limits | None = None
) -> tuple[list[Event], ScriptedModel]:
    model = ScriptedModel(replies)
    asked = turn(ASKED, *PAST, helps=helps or Helps(votes=len(replies)), limits=limits)
    return await run(vote, asked, model, BOX), model


@pytest.mark.parametrize(
    ("replies", "winner", "most"),
    [
        (["It is 22.", "It is 23.", "So 20 + 3 = 23"], 1, 2),
        (["It is 22.", "It is 23."], 0, 1),
        (["23.0", "22", "23"], 0, 2),
        (["1,200", "7", "1200."], 0, 2),
        (["-3", "3", "-3"], 0, 2),
        (["Paris!", "paris", "London"], 0, 2),
        (["", " ", "London"], 2, 1),
        (["", ""], 0, 0),
    ],
)
async def test_most_agree_on_the_last_number_and_the_first_of_them_answers(
    replies: list[str], winner: int, most: int
) -> None:
    events, model = await votes(*replies)
    (choice,) = of(events, AnswerChosen)
    assert choice.call == model.asked[winner].call
    assert (choice.votes, choice.voters) == (most, len(replies))
    assert records_of(events).turn.answer.strip() == replies[winner].strip()


def test_what_two_answers_must_share() -> None:
    assert agreed("20 + 3 is 23.") == agreed("twenty-three: 23") == "23"
    assert agreed("0.50") == agreed("0.5")
    assert agreed("100") != agreed("1")
    assert agreed("Yes, it is!") == agreed("yes it is")


@pytest.mark.parametrize(("count", "limit"), [(5, 1024), (3, 100), (7, 5)])
async def test_samples_share_the_tokens_of_a_turn(count: int, limit: int) -> None:
    helps = Helps(votes=count)
    _, model = await votes(*["23"] * count, helps=helps, limits=Limits(max_tokens=limit))
    assert sum(r.max_tokens for r in model.asked) <= limit
    assert len({r.max_tokens for r in model.asked}) == 1
    _, model = await votes(
        *["23"] * 2 * count, helps=Helps(votes=count, think=True), limits=Limits(max_tokens=1024)
    )
    assert sum(r.max_tokens for r in model.asked) <= 1024
    assert len(model.asked) == 2 * count


async def test_samples_are_what_base_does_with_seeds_of_their_own() -> None:
    _, model = await votes("1", "2", "3")
    assert [r.sampling.seed for r in model.asked] == [7, 8, 9]
    assert {r.messages for r in model.asked} == {conversation(turn(ASKED, *PAST))}
    assert {(r.grammar, r.tools, r.sampling.temperature) for r in model.asked} == {(None, (), 0.7)}


async def test_greedy_samples_would_all_be_the_same() -> None:
    model = ScriptedModel(["1", "2"])
    asked = turn(ASKED, helps=Helps(votes=2))
    await run(vote, replace(asked, sampling=replace(asked.sampling, temperature=0.0)), model, BOX)
    assert [r.sampling.temperature for r in model.asked] == [TEMPERATURE] * 2


async def test_samples_are_made_at_once_and_each_is_whole() -> None:
    events, model = await votes("one 1", "two 2", "three 3")
    calls = [e.call for e in events if isinstance(e, TextDelta)]
    assert calls != sorted(calls)
    for request in model.asked:
        of_call = [
            e for e in events if getattr(e, "call", "") == request.call and not isinstance(e, AnswerChosen)
        ]
        assert [type(e) for e in of_call] == [CallStarted, TextDelta, TextDelta, CallFinished]


async def test_thoughts_of_a_sample_are_no_vote() -> None:
    model = ScriptedModel(
        ["<think>1</think>It is 23.", "<think>2</think>It is 22.", "<think>2</think>Not 2 but 23."],
        format=THINKER,
        special=HERMES_TOKENS,
    )
    events = await run(vote, turn(ASKED, helps=Helps(votes=3, think=True)), model, BOX)
    (choice,) = of(events, AnswerChosen)
    assert (choice.call, choice.votes) == (model.asked[0].call, 2)
    assert records_of(events).turn.answer == "It is 23."


async def test_cascade_keeps_the_answer_of_a_sure_base_model() -> None:
    model = ScriptedModel([Said("Paris.", logprob=-0.2)])
    events = await run(cascade, turn("Capital?", *PAST), model, BOX)
    (request,) = model.asked
    assert (request.agent, request.logprobs) == ("assistant", True)
    assert request.messages == conversation(turn("Capital?", *PAST))
    (choice,) = of(events, AnswerChosen)
    assert (choice.agent, choice.call) == ("assistant", request.call)
    assert "-0.20" in choice.reason
    assert answer(events) == "Paris."


@pytest.mark.parametrize("first", [Said("Lyon?", logprob=-2.0), Said("", logprob=-0.1)])
async def test_cascade_leaves_what_base_is_unsure_of_to_the_agent(first: Said) -> None:
    model = ScriptedModel([first, CALL, "It is 23."])
    events = await run(cascade, turn(ASKED), model, BOX)
    assert [(h.source, h.target, h.task) for h in of(events, HandOff)] == [("assistant", "agent", ASKED)]
    assert of(events, AnswerChosen) == []
    assert [r.agent for r in model.asked] == ["assistant", "agent", "agent"]
    assert records_of(events).turn.answer == "It is 23."


async def test_cascade_leaves_tokens_to_the_agent() -> None:
    model = ScriptedModel([Said("Lyon?", logprob=-2.0, tokens=700), CALL, "23"])
    await run(cascade, turn(ASKED), model, BOX)
    assert model.asked[0].max_tokens == 768
    assert model.asked[-1].max_tokens > 1


async def test_thinking_first_is_the_same_for_all_that_answer_as_base_does() -> None:
    for paradigm in (base, vote, cascade):
        model = ScriptedModel(["Add them.", "23"])
        await run(paradigm, turn(ASKED, helps=Helps(think=True, votes=1)), model, BOX)
        assert [r.purpose for r in model.asked][0:1] == ["think"]
        assert model.asked[1].messages[-2].content == "Add them."


def factors(name: str, helps: Helps | None = None) -> dict[str, str]:
    return PARADIGMS[name].factors_with(helps or Helps())


def test_every_arm_has_the_same_factors() -> None:
    assert {tuple(factors(name)) for name in PARADIGMS} == {tuple(factors("base"))}


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("multi", "multi-union", "tools (by specialist / all)"),
        ("multi", "multi-flat", "conversation (one for each agent / one)"),
        ("multi", "oracle", "routing (by the model (one token on) / given)"),
        ("base", "vote", "samples (one / 5, majority)"),
        ("single", "cascade", "escalation (none / from base, below -0.5 nats a token)"),
    ],
)
def test_a_control_differs_in_one_thing(one: str, other: str, difference: str) -> None:
    assert differences(factors(one), factors(other)) == (difference,)


def test_structured_is_base_with_two_switches() -> None:
    assert differences(factors("base"), factors("structured")) == (
        "structured (off / on)",
        "think (off / on)",
    )
    assert differences(factors("base", Helps(structured=True, think=True)), factors("structured")) == ()


def test_agents_differ_from_base_in_all_their_help() -> None:
    names = {text.split(" (")[0] for text in differences(factors("base"), factors("single"))}
    assert {"tools", "examples", "grammar", "repair", "fallback"} <= names
    assert "think" not in names


@pytest.mark.parametrize(
    ("name", "text", "arms"),
    [
        ("examples", "0", {"single", "multi", "multi-union", "multi-flat", "oracle", "cascade"}),
        ("think", "on", set(PARADIGMS) - {"structured"}),
        ("sure", "0", {"multi", "multi-union", "multi-flat", "oracle"}),
        ("votes", "3", {"vote"}),
        ("route_token", "off", {"multi", "multi-union", "multi-flat"}),
        ("unsure", "-1", {"cascade"}),
    ],
)
def test_switch_shows_in_the_arms_that_use_it(name: str, text: str, arms: set[str]) -> None:
    helps = switched(Helps(), name, text)
    changed = {arm for arm in PARADIGMS if len(differences(factors(arm), factors(arm, helps))) == 1}
    assert changed == arms
    assert all(factors(arm) == factors(arm, helps) for arm in set(PARADIGMS) - arms)
