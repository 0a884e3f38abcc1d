"""What the paradigms tell the model of the turn beside its messages."""

import dataclasses

from agents.base import base
from agents.helps import Helps
from agents.multi import multi
from agents.single import single
from agents.turn import Paradigm
from tests.agents.scripted import ScriptedModel, run, turn
from tests.agents.test_paradigms import BOX, CALL, NONE

ROUTE = '{"agent": "mathematician", "task": "What is 20 + 3?"}'


async def then(paradigm: Paradigm, *replies: str) -> list[tuple[str, tuple[str, ...]]]:
    model = ScriptedModel(list(replies))
    await run(paradigm, turn("What is 20 + 3?", helps=Helps(route_token=False)), model, BOX)
    return [(request.agent, request.then) for request in model.asked]


async def test_each_call_names_who_may_come_after_it() -> None:
    assert await then(base, "23") == [("assistant", ())]
    assert await then(single, CALL, "23") == [("agent", ("agent",)), ("agent", ("agent",))]
    assert await then(single, NONE, "23") == [("agent", ("agent",)), ("agent", ())]
    assert await then(multi, ROUTE, CALL, "23", "It is 23.") == [
        ("supervisor", ("supervisor",)),
        ("mathematician", ("mathematician", "supervisor")),
        ("mathematician", ("mathematician", "supervisor")),
        ("supervisor", ()),
    ]
    assert (await then(multi, ROUTE, NONE, "23", "It is 23."))[2] == ("mathematician", ("supervisor",))


async def test_every_call_says_which_turn_it_is_of_and_whether_that_is_cold() -> None:
    for cold in (False, True):
        model = ScriptedModel([ROUTE, CALL, "23", "It is 23."])
        asked = dataclasses.replace(
            turn("What is 20 + 3?", helps=Helps(route_token=False)), id="the turn", cold=cold
        )
        await run(multi, asked, model, BOX)
        assert [(r.turn, r.cold) for r in model.asked] == [("the turn", cold)] * 4
