import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from agents.events import ContextTrimmed
from agents.formats.detect import detect
from agents.formats.format import GENERIC
from agents.formats.template import Template
from agents.message import Message, Sampling, ToolCall
from agents.model import NamedSet, PurposeSwitch
from slmtui.engine.client import Engine
from slmtui.engine.fitting import RULE
from slmtui.engine.protocol import Generate, decode_command, encode
from tests.models import native_vocabulary, write_tiny
from tests.slmtui.engine.conftest import Heard, facts_of, hear, request, user
from tests.slmtui.engine.native import CALL, TEMPLATE, TOOL, called, raw, result, said
from tests.slmtui.engine.plain import running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKENS = native_vocabulary()
THINK, THOUGHT, TOOL_CALLS = (TOKENS.index(t) for t in ("<think>", "</think>", "[TOOL_CALLS]"))


@pytest.fixture(scope="session")
def native_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "native.gguf"
    return write_tiny(path, template=TEMPLATE, tokens=TOKENS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def native(native_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with running(small(native_model, sequences=20), tmp_path_factory.mktemp("native")) as engine:
        yield engine


def wild(seed: int) -> Sampling:
    return Sampling(temperature=5, top_k=0, top_p=1, min_p=0, repeat_penalty=1, seed=seed)


def tokens(*parts: str | int) -> str:
    """Return a grammar of exactly these tokens: ASCII text byte by byte, and tokens by number."""
    ids = [t for part in parts for t in (part.encode() if isinstance(part, str) else [part])]
    return "root ::= " + " ".join(f"<[{token}]>" for token in ids)


def by_purpose(heard: Heard) -> dict[str, int]:
    counts: dict[str, int] = {}
    for delta in heard.deltas:
        counts[delta.purpose] = counts.get(delta.purpose, 0) + len(delta.times)
    return counts


@pytest.mark.parametrize("seed", range(8))
async def test_second_call_of_an_agent_reads_only_what_is_new(native: Engine, seed: int) -> None:
    asked = user(f"what does it mean, {seed}?")
    first = await hear(
        native, request(asked, max_tokens=80, sampling=wild(seed), grammar=CALL, tools=(TOOL,))
    )
    assert first.finished.finish_reason == "stop"
    call = called(first)
    talk = (asked, said(call), result(call, "nothing"))
    second = (await hear(native, request(*talk, max_tokens=1, tools=(TOOL,)))).finished
    assert second.avoidable_tokens == 0
    # All but the token that ended the output, which was never decoded.
    assert second.reused_tokens == first.finished.prompt_tokens + first.finished.output_tokens - 1
    new = "<|im_end|>\n<|im_start|>tool\nnothing<|im_end|>\n<|im_start|>assistant\n"
    assert second.prefilled_tokens == len(re.sub(r"<\|\w+\|>", "x", new))
    assert sum(o.reused + o.prefilled for o in second.origins) == second.prompt_tokens


async def test_call_of_a_conversation_that_it_did_not_write_is_read_as_the_template_has_it(
    native: Engine,
) -> None:
    call = called(await hear(native, request(user("a"), max_tokens=80, sampling=wild(3), grammar=CALL)))
    other = (user("b"), said(call), result(call, "hello"))
    done = (await hear(native, request(*other, max_tokens=1))).finished
    assert done.finish_reason == "length"
    assert sum(o.reused + o.prefilled for o in done.origins) == done.prompt_tokens


async def test_tools_have_their_own_origin(native: Engine) -> None:
    done = (await hear(native, request(user("q"), max_tokens=1, tools=(TOOL,)))).finished
    counted = {o.origin: o.reused + o.prefilled for o in done.origins}
    region = (
        'Looks a word up.", "parameters": {"type": "object", '
        '"properties": {"word": {"type": "string", "description": "what'
    )
    # A byte is a token, but for " wor" and "or", which are one each.
    assert counted["tools"] == len(region) - 3 - 1
    assert counted["user"] == 1


async def test_text_cannot_forge_a_user_defined_token(native: Engine) -> None:
    async def count(text: str) -> int:
        return (await hear(native, request(user(text), max_tokens=1))).finished.prompt_tokens

    spelled = await count("a<tool_call>b") - await count("")
    assert spelled == len("a<tool_call>b")
    nested = "<tool_call><think></tool_call>"
    assert await count(nested) - await count("") == len(nested)


async def test_text_of_an_earlier_answer_cannot_bring_its_control_tokens_back(native: Engine) -> None:
    grammar = tokens("x", TOOL_CALLS, "y")
    heard = await hear(native, request(user("q"), max_tokens=9, grammar=grammar))
    assert raw(heard) == "x[TOOL_CALLS]y"
    forged = user("x[TOOL_CALLS]y")
    plain = (await hear(native, request(user(""), max_tokens=1))).finished.prompt_tokens
    done = (await hear(native, request(forged, max_tokens=1))).finished
    assert done.prompt_tokens - plain == len("x[TOOL_CALLS]y")


async def test_control_token_inside_an_argument_does_not_come_back_as_one(native: Engine) -> None:
    before, after = '<tool_call>\n{"name": "look", "arguments": {"word": "x', 'y"}}\n</tool_call>'
    asked = user("q")
    grammar = tokens(before, TOOL_CALLS, after)
    heard = await hear(native, request(asked, max_tokens=120, grammar=grammar))
    assert raw(heard) == f"{before}[TOOL_CALLS]{after}"

    async def count(word: str) -> int:
        talk = (asked, said(ToolCall("look", {"word": word})))
        return (await hear(native, request(*talk, max_tokens=1))).finished.prompt_tokens

    assert await count("x[TOOL_CALLS]y") == await count("x(TOOL-CALLS)y")


async def test_thinking_is_switched_by_the_variable_of_the_template(native: Engine) -> None:
    counts = [
        (await hear(native, request(user("q"), max_tokens=1, thinking=thinking))).finished.prompt_tokens
        for thinking in (None, True, False)
    ]
    assert counts[0] == counts[1] == counts[2] - len("t\n\nt\n\n")


async def test_thoughts_are_counted_apart(native: Engine) -> None:
    grammar = tokens(THINK, "abc", THOUGHT, "de")
    switches = (PurposeSwitch("<think>", "think", opening=True), PurposeSwitch("</think>", "answer"))
    heard = await hear(native, request(user("q"), max_tokens=7, grammar=grammar, switches=switches))
    assert by_purpose(heard) == {"think": 5, "answer": 2}


async def test_thoughts_that_the_prompt_opened_begin_at_the_first_token(native: Engine) -> None:
    switches = (
        PurposeSwitch("", "think", opening=True),
        PurposeSwitch("</think>", "answer"),
        PurposeSwitch("[TOOL_CALLS]", "call"),
    )
    grammar = tokens("abc</think>", "de", TOOL_CALLS, "f")
    heard = await hear(native, request(user("q"), max_tokens=15, grammar=grammar, switches=switches))
    assert by_purpose(heard) == {"think": 11, "answer": 3, "call": 1}


async def test_opening_in_several_tokens_counts_from_its_first_one(native: Engine) -> None:
    switches = (PurposeSwitch("<think>", "think", opening=True), PurposeSwitch("</think>", "answer"))
    for text, counts in (
        ("<think>ab</think>c", {"think": 17, "answer": 1}),
        ("<thin ab</think>c", {"answer": 17}),
    ):
        heard = await hear(
            native, request(user("q"), max_tokens=len(text), grammar=tokens(text), switches=switches)
        )
        assert heard.text == text
        assert by_purpose(heard) == counts


@pytest.mark.parametrize("marker", ["<tool_call>", "[TOOL_CALLS]"])
async def test_token_as_trigger_arms_the_grammar(native: Engine, marker: str) -> None:
    grammar = f'root ::= "{marker}" [0-9]{{2,4}} ";"'
    calls = [
        request(user("x"), max_tokens=120, sampling=wild(seed), grammar=grammar, triggers=(marker,))
        for seed in range(60)
    ]
    heard = await asyncio.gather(*(hear(native, call) for call in calls))
    held = [raw(one).split(marker, 1)[1] for one in heard if marker in raw(one)]
    assert len(held) > 5
    for one in held:
        assert re.fullmatch(r"[0-9]{0,4};?", one), one


async def test_grammar_holds_the_tokens_that_it_spells_and_no_other(native: Engine) -> None:
    grammar = r'root ::= "[TOOL_CALLS]" [^;]{20,40} ";"'
    calls = [request(user("x"), max_tokens=80, sampling=wild(seed), grammar=grammar) for seed in range(40)]
    heard = await asyncio.gather(*(hear(native, call) for call in calls))
    special = {m.token for one in heard for delta in one.deltas for m in delta.marks}
    assert "[TOOL_CALLS]" in special
    assert special <= {"[TOOL_CALLS]", "<|im_end|>", "<|endoftext|>", "<|eom_id|>"}


async def test_token_that_ends_a_turn_may_stand_at_the_end_of_a_grammar(native: Engine) -> None:
    grammar = 'root ::= "call" "<|eom_id|>"'
    calls = [request(user("x"), max_tokens=40, sampling=wild(seed), grammar=grammar) for seed in range(12)]
    heard = await asyncio.gather(*(hear(native, call) for call in calls))
    assert {one.finished.finish_reason for one in heard} == {"stop"}
    assert {one.text for one in heard} == {"call", "call<|eom_id|>"}


async def test_token_of_a_call_s_end_ends_the_output(native: Engine) -> None:
    free = [request(user("x"), max_tokens=200, sampling=wild(seed)) for seed in range(40)]
    ends = [
        one.deltas[-1].marks[-1].token
        for one in await asyncio.gather(*(hear(native, call) for call in free))
        if one.finished.finish_reason == "stop"
    ]
    assert "<|eom_id|>" in ends
    assert set(ends) <= {"<|im_end|>", "<|eom_id|>", "<|endoftext|>"}


async def test_named_set_behind_a_special_token(native: Engine) -> None:
    call = request(
        user("q"), max_tokens=3, grammar=tokens(TOOL_CALLS, "a"), named=NamedSet("[TOOL_CALLS]", ("a", "b"))
    )
    done = (await hear(native, call)).finished
    assert {choice.name for choice in done.choices} == {"a", "b"}


async def test_old_results_are_cut_first_and_told(native_model: Path, tmp_path: Path) -> None:
    load = msgspec.structs.replace(small(native_model), context=1024)
    call = ToolCall("look", {"word": "it"})
    talk: list[Message] = [user("question")]
    for n in range(3):
        talk += [said(call), result(call, f"{n} observed " * 30)]
    async with running(load, tmp_path) as engine:
        heard = await hear(engine, request(*talk, max_tokens=8))
    (trimmed,) = [e for e in heard.events if isinstance(e, ContextTrimmed)]
    assert (trimmed.cut_observations, trimmed.dropped_messages, trimmed.rule) == (1, 0, RULE)
    assert trimmed.tokens_after <= trimmed.limit < trimmed.tokens_before
    assert heard.finished.finish_reason != "failed"
    assert sum(o.reused + o.prefilled for o in heard.finished.origins) == heard.finished.prompt_tokens


async def test_request_with_tools_survives_the_protocol() -> None:
    call = ToolCall("look", {"word": "it"})
    asked = request(user("q"), said(call), result(call, "r"), tools=(TOOL,), thinking=False)
    assert decode_command(encode(Generate(asked))) == Generate(asked)


async def test_engine_tells_the_format_that_it_was_given(tmp_path: Path) -> None:
    load = small(tmp_path / "not-loaded.gguf")
    plain = Engine(load, tmp_path / "log", facts_of)
    assert plain.format is GENERIC
    made = Template(TEMPLATE, today=lambda: datetime(2026, 1, 2))
    engine = Engine(load, tmp_path / "log", facts_of, format=detect(made))
    assert engine.format.kind == "json"
    assert engine.format.reasoning.close.strip() == "</think>"
    assert engine.for_agent("anyone") is engine
