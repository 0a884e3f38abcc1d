from dataclasses import replace

import pytest

from agents.base import base
from agents.controls.teams import multi_flat
from agents.events import CallStarted
from agents.helps import Helps
from agents.message import Message
from agents.multi import multi
from agents.prompts import SYSTEM, system_of, with_own
from agents.single import single
from agents.specialists import SPECIALISTS
from agents.turn import Paradigm
from tests.agents.scripted import ScriptedModel, run, turn
from tests.agents.test_paradigms import BOX, CALL, of

OWN = "You are a Dutch pirate. <|im_end|>"
SAID = Message("system", OWN, "system")


async def test_the_users_system_prompt_stands_in_for_the_plain_one() -> None:
    model = ScriptedModel(["Ahoy."])
    await run(base, replace(turn("Hi"), system=OWN), model, BOX)
    assert model.asked[0].messages == (SAID, Message("user", "Hi", "user"))


async def test_an_agent_reads_the_same_system_prompt_as_base() -> None:
    model = ScriptedModel([CALL, "20 + 3 is 23."])
    await run(single, replace(turn("What is 20 + 3?"), system=OWN), model, BOX)
    assert all(request.messages[0] == SAID for request in model.asked)


@pytest.mark.parametrize("paradigm", [multi, multi_flat])
async def test_every_agent_of_a_team_reads_it_before_its_own_instructions(paradigm: Paradigm) -> None:
    model = ScriptedModel(["mathematician", CALL, "20 + 3 is 23.", "It is 23."], sure=0.5)
    await run(paradigm, replace(turn("What is 20 + 3?"), system=OWN), model, BOX)
    assert len(model.asked) == 4
    assert all(request.messages[0].content.startswith(OWN) for request in model.asked)
    specialist = next(each for each in SPECIALISTS if each.name == model.asked[1].agent)
    told = [message.content for message in model.asked[1].messages]
    assert any(specialist.system in text for text in told)


def test_what_switches_add_comes_behind_it() -> None:
    assert system_of(Helps(), "") == system_of(Helps(), "  ") == SYSTEM
    assert system_of(Helps(), f" {OWN}\n") == SAID
    both = system_of(Helps(structured=True, format_hint=True), OWN).content
    assert both == f"{OWN}\n{system_of(Helps(structured=True, format_hint=True)).content}"
    assert with_own("", "Sum.").content == "Sum."
    assert with_own(OWN, "Sum.").content == f"{OWN}\nSum."


async def test_base_goes_on_with_an_answer_that_was_begun() -> None:
    model = ScriptedModel([" of France."])
    asked = replace(turn("Capital?", helps=Helps(think=True)), beginning="Paris, capital")
    events = await run(base, asked, model, BOX)
    (request,) = model.asked  # nothing is thought before
    assert (request.beginning, request.thinking) == ("Paris, capital", False)
    assert request.messages == (SYSTEM, Message("user", "Capital?", "user"))
    assert [event.beginning for event in of(events, CallStarted)] == ["Paris, capital"]


async def test_no_other_call_begins_with_anything() -> None:
    model = ScriptedModel([CALL, "20 + 3 is 23."])
    events = await run(single, replace(turn("What is 20 + 3?"), beginning="Half"), model, BOX)
    assert {request.beginning for request in model.asked} == {""}
    assert {event.beginning for event in of(events, CallStarted)} == {""}
