"""Random weights under our grammars: whatever a model would rather say, what it says must parse."""

import asyncio
import datetime
import json

import pytest

from agents.examples import NO_TOOL
from agents.grammar import TEXT_GRAMMAR, call_grammar, json_value_grammar, object_grammar
from agents.message import Sampling
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.schemas import SCHEMAS, fits
from tools.registry import Toolbox
from tools.toolbox import standard_tools

TOOLS = standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None)


def wild(seed: int) -> Sampling:
    return Sampling(temperature=3.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=seed)


async def generate(engine: Engine, grammar: str, count: int, max_tokens: int) -> list[Heard]:
    asked = [
        request(user(str(n)), max_tokens=max_tokens, sampling=wild(n), grammar=grammar) for n in range(count)
    ]
    return list(await asyncio.gather(*(hear(engine, r) for r in asked)))


async def test_calls_always_parse_and_fit_their_tool(engine: Engine) -> None:
    box = Toolbox(TOOLS)
    grammar = call_grammar(TOOLS, also=(NO_TOOL,))
    heard = await generate(engine, grammar, 30, 1500)
    chosen = set()
    for one in heard:
        assert one.finished.finish_reason == "stop"
        call = json.loads(one.text)
        chosen.add(call["tool"])
        if call["tool"] == NO_TOOL:
            assert call == {"tool": NO_TOOL}
            continue
        result = await box.run(call["tool"], call["arguments"])
        assert "argument" not in result.text
    assert chosen > {NO_TOOL, "calculator"}


async def test_text_is_never_taken_for_a_call(engine: Engine) -> None:
    for one in await generate(engine, TEXT_GRAMMAR, 20, 10):
        assert not one.text.lstrip().startswith("{")


@pytest.mark.parametrize("start", range(0, len(SCHEMAS), 9))
async def test_every_kind_of_schema(engine: Engine, start: int) -> None:
    for schema in SCHEMAS[start : start + 9]:
        for one in await generate(engine, object_grammar(schema), 4, 1800):
            assert one.finished.finish_reason == "stop"
            assert fits(json.loads(one.text), schema), (one.text, schema)


async def test_any_json_value(engine: Engine) -> None:
    kinds = set()
    for one in await generate(engine, json_value_grammar(1), 16, 2500):
        assert one.finished.finish_reason == "stop"
        kinds.add(type(json.loads(one.text)))
    assert {dict, list} <= kinds
