"""Each switch alone: what it changes in what the model is asked, and that it changes nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from agents import dialect as dialects
from agents.base import base
from agents.budget import Limits
from agents.constraints import held_to
from agents.events import NamedChance, TextDelta, ToolStarted
from agents.formats.format import GENERIC
from agents.grammar import OPENING, TEXT_GRAMMAR, call_grammar, names_of_calls_grammar, text_grammar
from agents.helps import MEANING, Helps, switched
from agents.message import Message
from agents.model import NamedSet, Request
from agents.prompts import SYSTEM, system_of, tool_list
from agents.quoting import quoted_answer
from agents.single import single
from agents.think_first import THINK_TOKENS
from tests.agents.boxes import BOTH, CALCULATOR, CALL, NONE, TODAY
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn
from tools.registry import Tool, Toolbox

ASKED = "What is 20 + 3?"
PAST = (Message("user", "My number is 77.", "history", 1), Message("assistant", "Noted.", "history", 1))


async def asked_with(
    helps: Helps, *replies: str | Said, tools: Toolbox = BOTH, prompt: str = ASKED
) -> list[Request]:
    model = ScriptedModel(replies or [CALL, "23"])
    await run(single, turn(prompt, helps=helps), model, tools)
    return model.asked


def without(request: Request, *names: str) -> Request:
    """Return a request with what a switch may change made alike."""
    blank: dict[str, Any] = {"messages": (), "grammar": None}
    return replace(request, **{name: blank[name] for name in names})


@pytest.mark.parametrize(
    ("helps", "changes"),
    [
        (Helps(examples=0), {"messages"}),
        (Helps(tool_list="on"), {"messages"}),
        (Helps(shortlist=1), {"grammar", "messages"}),
        (Helps(structured=True), {"messages"}),
        (Helps(format_hint=True), {"messages"}),
        (Helps(quoted=False), {"grammar"}),
        (Helps(repair=False), set()),
        (Helps(reask=False), set()),
        (Helps(fallback=False), set()),
        (Helps(sure=0.5, votes=3, unsure=-1.0, route_token=False), set()),
    ],
)
async def test_a_switch_changes_its_own_part_of_the_requests_alone(helps: Helps, changes: set[str]) -> None:
    pairs = list(zip(await asked_with(Helps()), await asked_with(helps), strict=True))
    parts = ("messages", "grammar")
    assert {part for a, b in pairs for part in parts if getattr(a, part) != getattr(b, part)} == changes
    assert all(without(a, *changes) == without(b, *changes) for a, b in pairs)


async def test_no_examples_are_none() -> None:
    first = (await asked_with(Helps(examples=0)))[0]
    assert first.messages == (SYSTEM, Message("user", ASKED, "user"))


async def test_examples_are_as_many_as_asked_for() -> None:
    first = (await asked_with(Helps(examples=2)))[0]
    assert len({m.group for m in first.messages if m.origin == "example"}) == 2


async def test_likeness_can_be_of_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, bool]] = []

    def nearest(_store: object, _request: str, count: int = 4, *, similar: bool = True) -> list[Any]:
        asked.append((count, similar))
        return []

    monkeypatch.setattr("agents.examples.ExampleStore.nearest", nearest)
    await asked_with(Helps(similar=False, examples=3))
    await asked_with(Helps())
    assert set(asked) == {(3, False), (4, True)}


async def test_list_of_tools_stands_before_the_examples() -> None:
    first = (await asked_with(Helps(tool_list="on")))[0]
    assert first.messages[1] == tool_list(BOTH, GENERIC)
    assert "- calculator(a, b): adds" in first.messages[1].content
    assert "- today(): tells the date" in first.messages[1].content


@pytest.mark.parametrize(("parameters", "listed"), [(999_999_999, False), (1_000_000_000, True)])
async def test_larger_models_are_told_their_tools(parameters: int, listed: bool) -> None:
    model = ScriptedModel([CALL, "23"])
    model.facts = replace(model.facts, parameters=parameters)
    await run(single, turn(ASKED), model, BOTH)
    assert (tool_list(BOTH, GENERIC) in model.asked[0].messages) is listed


async def test_shortlist_offers_the_nearest_tools() -> None:
    first = (await asked_with(Helps(shortlist=1, tool_list="on")))[0]
    assert first.grammar == call_grammar([CALCULATOR])  # a sum needs a tool
    assert first.messages[1] == tool_list([CALCULATOR], GENERIC)
    (day,) = [(await asked_with(Helps(shortlist=1), NONE, "x", prompt="What day is it?"))[0]]
    assert day.grammar == call_grammar([TODAY], also=("none",))


def chances(calculator: float, today: float) -> tuple[NamedChance, ...]:
    return (
        NamedChance("calculator", calculator),
        NamedChance("today", today),
        NamedChance("none", 1 - calculator - today),
    )


async def test_choice_is_weighed_against_that_for_an_empty_request() -> None:
    plain = await asked_with(Helps())
    empty = Said('{"tool": "today', chances=chances(0.1, 0.8))
    real = Said('{"tool": "today', chances=chances(0.4, 0.5))
    requests = await asked_with(Helps(calibrated=True), empty, real, CALL, "23")
    names = ("calculator", "today", "none")
    for request in requests[:2]:
        assert request.named == NamedSet(OPENING, names)
        assert (request.grammar, request.purpose) == (names_of_calls_grammar(names), "call")
        assert request.sampling.temperature == 0
    assert [r.messages[-1].content for r in requests[:2]] == ["", ASKED]
    assert requests[0].messages[:-1] == requests[1].messages[:-1]
    assert requests[2].grammar == call_grammar([CALCULATOR])
    assert requests[2].messages == plain[0].messages
    assert replace(requests[3], call="", max_tokens=0) == replace(plain[1], call="", max_tokens=0)


async def test_calibrated_choice_of_names_that_begin_alike_is_left_to_the_model() -> None:
    unknown = Said('{"tool": "', chances=())
    requests = await asked_with(Helps(calibrated=True), unknown, unknown, CALL, "23")
    assert requests[2].grammar == call_grammar(list(BOTH), also=("none",))
    alike = Said('{"tool": "', chances=(NamedChance("calculator|today", 0.9), NamedChance("none", 0.1)))
    before = Said('{"tool": "', chances=(NamedChance("calculator|today", 0.5), NamedChance("none", 0.5)))
    requests = await asked_with(Helps(calibrated=True), before, alike, CALL, "23")
    assert requests[2].grammar == call_grammar(list(BOTH))


@pytest.mark.parametrize("constrained", [True, False])
async def test_arguments_are_held_to_what_is_known(
    monkeypatch: pytest.MonkeyPatch, constrained: bool
) -> None:
    known: list[str] = []

    def narrowed(tool: Tool, request: str) -> Any:
        known.append(request)
        return {
            **tool.parameters,
            "properties": {k: {"enum": [20, 3]} for k in tool.parameters["properties"]},
        }

    monkeypatch.setattr(dialects, "narrowed", narrowed)
    model = ScriptedModel([CALL, "23"])
    await run(single, turn(ASKED, *PAST, helps=Helps(constrained=constrained)), model, BOTH)
    held = [request.grammar or "" for request in model.asked]
    assert [r'"20" | "3"' in grammar for grammar in held] == [constrained] * 2
    if constrained:
        # The request counts, and nothing once a tool has answered: its result may be wanted.
        assert set(known) == {ASKED, ""}
    else:
        assert not known


async def test_request_that_speaks_of_what_was_said_is_held_to_nothing() -> None:
    assert held_to("And twice that?", PAST) == ""
    assert held_to("And twice that?", ()) == "And twice that?"
    assert held_to(ASKED, PAST) == ASKED


async def test_tools_that_the_request_cannot_be_for_are_not_offered() -> None:
    for fitting, names in ((True, ("today",)), (False, ("calculator", "today"))):
        requests = await asked_with(Helps(fitting=fitting, forced=False), "Hello!", prompt="Hi")
        assert [name in (requests[0].grammar or "") for name in ("calculator", "today")] == [
            "calculator" in names,
            True,
        ]
    # A number that was said before counts.
    past = (Message("user", "My number is 77.", "history", 1), Message("assistant", "Noted.", "history", 1))
    model = ScriptedModel(["Hello!"])
    await run(single, turn("Hi", *past, helps=Helps(forced=False)), model, BOTH)
    assert "calculator" in (model.asked[0].grammar or "")


async def test_grammar_off_holds_nothing_and_a_call_is_still_told_apart() -> None:
    model = ScriptedModel([CALL, "23"])
    events = await run(single, turn(ASKED, helps=Helps(grammar=False)), model, BOTH)
    assert [(r.grammar, r.triggers) for r in model.asked] == [(None, ())] * 2
    assert [d.purpose for d in of(events, TextDelta)] == ["call", "call", "answer", "answer"]
    assert len(of(events, ToolStarted)) == 1


async def test_choice_off_leaves_the_first_step_free_until_a_call_begins() -> None:
    model = ScriptedModel(["Hello!"])
    events = await run(single, turn("Hi", helps=Helps(forced=False, fitting=False)), model, BOTH)
    (request,) = model.asked
    assert (request.grammar, request.triggers) == (call_grammar(list(BOTH)), (OPENING,))
    assert request.purpose == "answer"
    assert answer(events) == "Hello!"


@pytest.mark.parametrize("quoted", [True, False])
async def test_answer_holds_a_short_result_word_for_word(quoted: bool) -> None:
    helps = Helps(quoted=quoted)
    later = (await asked_with(helps))[1]
    holding = call_grammar(list(BOTH), or_text=True, text=quoted_answer("23") if quoted else None)
    assert later.grammar == holding
    last = (await asked_with(helps, CALL, CALL, "23"))[2]
    assert last.grammar == (text_grammar(quoted_answer("23")) if quoted else TEXT_GRAMMAR)


@pytest.mark.parametrize("result", ["x" * 200, "\n".join(map(str, range(30))), ""])
async def test_long_result_need_not_be_held(result: str) -> None:
    tool = replace(TODAY, run=lambda: result)
    later = (await asked_with(Helps(), '{"tool": "today", "arguments": {}}', "ok", tools=Toolbox([tool])))[1]
    assert later.grammar == call_grammar([tool], or_text=True)


async def test_thinking_comes_first_and_is_kept() -> None:
    plain = await asked_with(Helps())
    requests = await asked_with(Helps(think=True), "Add them.", CALL, "23")
    think, call, _ = requests
    assert (think.purpose, think.grammar, think.max_tokens) == ("think", None, THINK_TOKENS)
    assert think.messages[:-1] == plain[0].messages[:-1]
    assert think.messages[-1].content.startswith(ASKED)
    assert call.grammar == plain[0].grammar
    assert call.messages[: len(think.messages)] == think.messages
    assert call.messages[len(think.messages)].content == "Add them."


async def test_thoughts_are_there_too_where_no_tool_is_wanted() -> None:
    helps = Helps(think=True)
    bare = ScriptedModel(["A greeting.", "Hello!"])
    await run(base, turn("Hi", helps=helps), bare, BOTH)
    requests = await asked_with(helps, "A greeting.", NONE, "Hello!", prompt="Hi")
    assert requests[2].messages == bare.asked[1].messages


async def test_thinking_is_charged_to_the_agent() -> None:
    asked = turn(ASKED, helps=Helps(think=True))
    await run(single, asked, ScriptedModel([Said("Add.", tokens=50), CALL, "23"]), BOTH)
    assert asked.budget.tokens == 54
    model = ScriptedModel([Said("Add.", tokens=30), CALL, "23"])
    asked = replace(turn(ASKED, helps=Helps(think=True)), agent_limits=Limits(max_tokens=80))
    await run(single, asked, model, BOTH)
    assert [r.max_tokens for r in model.asked[:2]] == [60, 30]


def test_system_text_says_what_is_switched_on() -> None:
    assert system_of(Helps()) == SYSTEM
    structured, hinted = system_of(Helps(structured=True)), system_of(Helps(format_hint=True))
    assert "step by step" in structured.content
    assert hinted.content.startswith(SYSTEM.content)
    assert system_of(Helps(structured=True, format_hint=True)).content.startswith(structured.content)


def test_every_switch_has_a_meaning() -> None:
    assert list(MEANING) == list(Helps.__dataclass_fields__)
    assert list(Helps().told()) == list(MEANING)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("examples", "0", 0),
        ("think", "on", True),
        ("think", "False", False),
        ("tool_list", "auto", "auto"),
        ("sure", "0.5", 0.5),
        ("unsure", "-2", -2.0),
    ],
)
def test_switches_are_set_from_text(name: str, text: str, value: object) -> None:
    assert getattr(switched(Helps(), name, text), name) == value


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("exampels", "1", "there is no switch named 'exampels'; the switches are: examples,"),
        ("examples", "many", "should be a whole number"),
        ("examples", "-1", "from 0 to 32"),
        ("votes", "0", "from 1 to 99"),
        ("sure", "nan", "from 0 to 1"),
        ("sure", "90", "from 0 to 1"),
        ("think", "maybe", "should be on or off"),
        ("tool_list", "yes", "should be auto, on or off"),
    ],
)
def test_what_a_switch_cannot_be_is_said(name: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        switched(Helps(), name, text)
