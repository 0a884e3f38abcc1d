"""Models whose chat template knows tools: what they are shown, and how their calls are read."""

from dataclasses import replace

from agents.base import conversation
from agents.dialect import Dialect
from agents.events import CallStarted, LimitReached, TextDelta, ToolStarted
from agents.formats.format import GENERIC, CallFormat, Reasoning, Tools
from agents.formats.grammar import format_grammar
from agents.formats.spec import ToolSpec
from agents.grammar import OPENING
from agents.helps import Helps
from agents.message import Message, ToolCall
from agents.single import single
from agents.team import Team
from tests.agents.boxes import BOTH, CALL, CALLED, HERMES, HERMES_TOKENS, NATIVE, THINKER, native
from tests.agents.scripted import Said, ScriptedModel, answer, of, run, turn

ASKED = "What is 20 + 3?"
BARE = Helps(examples=0)
SPECS = tuple(ToolSpec(tool.name, tool.description, tool.parameters) for tool in BOTH)


def model_of(*replies: str | Said, fmt: CallFormat = HERMES) -> ScriptedModel:
    return ScriptedModel(replies, format=fmt, special=HERMES_TOKENS)


async def test_template_is_given_the_tools_and_the_output_is_free_until_a_call_begins() -> None:
    model = model_of(native(NATIVE), "23")
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    held = format_grammar(HERMES, SPECS, parallel=True)
    for request in model.asked:
        assert request.tools == SPECS
        assert (request.grammar, request.triggers) == (held.gbnf, held.triggers)
    assert held.triggers == ("<tool_call>",)
    assert [e.tools for e in of(events, CallStarted)] == [("calculator", "today")] * 2
    # Nothing of our own is said of the tools.
    assert model.asked[0].messages == conversation(turn(ASKED))


async def test_results_are_messages_of_tools() -> None:
    model = model_of(native(NATIVE), "23")
    await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert model.asked[1].messages[-2:] == (
        Message("assistant", "", "history", calls=(CALLED,)),
        Message("tool", "23", "tool_result", call=CALLED),
    )


async def test_examples_are_past_calls_as_the_template_writes_them() -> None:
    model = model_of("Hello.")
    await run(single, turn("What is 1 + 2?", helps=Helps(examples=1, similar=False)), model, BOTH)
    _, request, said, result, told, asked = model.asked[0].messages
    assert (request.content, request.origin) == ("What is 1 + 2?", "example")
    assert said.calls == (ToolCall("calculator", {"a": 1, "b": 2}),)
    assert (result.role, result.content, result.call) == ("tool", "3", said.calls[0])
    assert (told.role, told.content) == ("assistant", "1 + 2 is 3.")
    assert len({m.group for m in (request, said, result, told)}) == 1
    assert asked.origin == "user"


async def test_example_of_no_tool_is_an_answer() -> None:
    model = model_of("Hello.")
    await run(single, turn("Hello!", helps=Helps(examples=1)), model, BOTH)
    _, _request, said, _ = model.asked[0].messages
    assert (said.role, said.calls, said.origin) == ("assistant", (), "example")
    assert "none" not in said.content
    assert said.content


async def test_words_beside_a_call_are_kept() -> None:
    model = model_of("Let me see. " + native(NATIVE), "23")
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert model.asked[1].messages[-2] == Message("assistant", "Let me see.", "history", calls=(CALLED,))
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "23"


async def test_tokens_of_a_call_are_counted_as_a_call() -> None:
    for helps in (BARE, Helps(examples=0, grammar=False)):
        events = await run(single, turn(ASKED, helps=helps), model_of(native(NATIVE), "23"), BOTH)
        first = of(events, CallStarted)[0].call
        assert {d.purpose for d in of(events, TextDelta) if d.call == first} == {"call"}
        mixed = await run(single, turn(ASKED, helps=helps), model_of("Well. " + native(NATIVE), "23"), BOTH)
        first = of(mixed, CallStarted)[0].call
        assert [d.purpose for d in of(mixed, TextDelta) if d.call == first][-1] == "call"


async def test_grammar_off_leaves_a_call_free() -> None:
    model = model_of(native(NATIVE), "23")
    events = await run(single, turn(ASKED, helps=Helps(grammar=False)), model, BOTH)
    assert [(r.grammar, r.triggers) for r in model.asked] == [(None, ())] * 2
    assert len(of(events, ToolStarted)) == 1


async def test_answer_at_once_is_one_call() -> None:
    model = model_of("Hello!")
    events = await run(single, turn("Hi"), model, BOTH)
    assert len(model.asked) == 1
    assert answer(events) == "Hello!"


async def test_thoughts_are_never_in_the_answer_nor_in_the_conversation() -> None:
    thought = "<think>20 and 3, <tool_call> perhaps</think>"
    model = model_of("<think>A sum.</think>" + native(NATIVE), "<think>So 23.</think>It is 23.")
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert answer(events) == "It is 23."
    assert model.asked[1].messages[-2].content == ""
    assert [d.purpose for d in of(events, TextDelta) if "sum" in d.text or "So" in d.text] == ["think"] * 2
    events = await run(single, turn(ASKED, helps=BARE), model_of(thought + "23"), BOTH)
    assert (of(events, ToolStarted), answer(events)) == ([], "23")


async def test_model_is_told_whether_to_think_and_thinks_within_the_call() -> None:
    for think in (False, True):
        model = model_of("<think>Hm.</think>23", fmt=THINKER)
        events = await run(single, turn(ASKED, helps=Helps(think=think)), model, BOTH)
        assert [(r.purpose, r.thinking) for r in model.asked] == [("answer", think)]
        assert answer(events) == "23"


async def test_thoughts_that_the_prompt_opens_need_no_mark() -> None:
    model = model_of("A sum.</think>" + native(NATIVE), "So 23.</think>It is 23.", fmt=OPENED)
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "It is 23."


OPENED = replace(HERMES, reasoning=Reasoning("<think>", "</think>", opened=True))


async def test_call_in_thoughts_that_the_prompt_opened_is_none() -> None:
    model = model_of(f"Perhaps {native(NATIVE)}, or not.</think>It is 23.", fmt=OPENED)
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert (of(events, ToolStarted), answer(events)) == ([], "It is 23.")


async def test_call_that_a_grammar_holds_from_its_first_token_on_is_no_thought() -> None:
    wrong = "Hm.</think>" + native('{"name": "calculator", "arguments": {"a": 20}}')
    model = model_of(wrong, native(NATIVE), "So.</think>It is 23.", fmt=OPENED)
    events = await run(single, turn(ASKED, helps=BARE), model, BOTH)
    assert [r.purpose for r in model.asked] == ["answer", "repair", "answer"]
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "It is 23."


async def test_own_dialect_lets_a_model_think_that_always_does() -> None:
    thinks = replace(GENERIC, reasoning=Reasoning("<think>", "</think>", opened=True))
    model = model_of(f"A sum.</think>{CALL}", "So.</think>It is 23.", fmt=thinks)
    events = await run(single, turn(ASKED), model, BOTH)
    assert [r.triggers for r in model.asked] == [(OPENING,)] * 2
    assert len(of(events, ToolStarted)) == 1
    assert answer(events) == "It is 23."


async def test_last_call_offers_no_tools_and_a_call_in_it_is_no_answer() -> None:
    model = model_of(native(NATIVE), native(NATIVE), native(NATIVE), "It is 23.")
    events = await run(single, turn(ASKED), model, BOTH)
    assert [e.limit for e in of(events, LimitReached)] == ["repeat"]
    assert (model.asked[2].tools, model.asked[2].grammar) == ((), None)
    assert len(model.asked) == 4  # the base model answers in the end
    assert answer(events) == "It is 23."


async def test_supervisor_of_a_native_model_judges_freely() -> None:
    model = model_of("mathematician", native(NATIVE), "23", "It is 23.")
    asked = turn(ASKED, helps=Helps(sure=0))
    events = [event async for event in Team(asked, model, BOTH)]
    assert model.asked[-1].grammar is None
    assert model.asked[1].tools == (SPECS[0],)
    assert answer(events) == "It is 23."


def test_text_of_a_call_that_was_mended_is_not_said_again() -> None:
    dialect = Dialect(HERMES, tuple(BOTH), Helps(), 1)
    loose = dialect.read("{'name': 'calculator', 'arguments': {'a': 20, 'b': 3}}")
    assert dialect.said(loose, (CALLED,)) == Message("assistant", "", "history", calls=(CALLED,))


async def test_template_that_shows_no_tools_has_them_told_in_words() -> None:
    untold = replace(HERMES, tools=Tools())
    model = ScriptedModel(["Hello!"], format=untold)
    await run(single, turn("Hi", helps=BARE), model, BOTH)
    listed = model.asked[0].messages[1]
    assert (listed.origin, "<tool_call>" in listed.content) == ("tools", True)
