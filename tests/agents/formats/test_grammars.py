"""Grammars of formats: what they make is read as calls of the tools, whoever wrote it."""

import asyncio
import os

import pytest

from agents.formats.calls import Call, Parsed
from agents.formats.format import GENERIC, CallFormat
from agents.formats.grammar import MAX_CALLS, format_grammar
from agents.formats.parse import parse
from agents.formats.shape import shape_of
from agents.formats.spec import ToolSpec
from agents.formats.write import written
from agents.message import Sampling
from slmtui.engine.client import Engine
from slmtui.engine.gbnf import check
from tests.agents.formats.gbnf_random import texts
from tests.agents.formats.samples import different, own
from tests.gbnf_match import makes
from tests.slmtui.engine.conftest import engine, hear, make_engine, request, user

__all__ = ["engine", "make_engine"]

# With weights, only formats of every kind; all of them, 100 times each, takes a quarter of an hour.
COUNT = int(os.environ.get("SLMTUI_FORMAT_GENERATIONS", "0"))
KINDS = [
    "wrapped_json",
    "identified",
    "tagged_types",
    "tagged_nested",
    "python_calls",
    "quoted_braces",
    "prompted",
]
FORMATS = dict(different())
STRING = {"type": "string", "maxLength": 6}
TOOLS = [
    ToolSpec(
        "put",
        "",
        {
            "type": "object",
            "properties": {"what": STRING, "so": {"type": "boolean"}, "which": {"enum": ["a", "b"]}},
            "required": ["what"],
        },
    ),
    ToolSpec("now", "", {"type": "object", "properties": {}}),
]
WIDE = ToolSpec(
    "wide",
    "",
    {
        "type": "object",
        "$defs": {"Place": {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}},
        "properties": {
            "name": {"type": "string", "minLength": 0, "maxLength": 12},
            "size": {"type": "number", "minimum": 0},
            "many": {"type": "array", "items": STRING, "maxItems": 2, "minItems": 1},
            "place": {"$ref": "#/$defs/Place"},
            "perhaps": {"type": ["integer", "null"]},
            "either": {"anyOf": [{"type": "boolean"}, {"type": "integer"}]},
        },
        "required": ["place", "name"],
    },
)


def _check_call(call: Call) -> None:
    assert call.arguments is not None
    assert set(call.arguments) <= ({"what", "so", "which"} if call.name == "put" else set())
    if call.name == "put":
        assert isinstance(call.arguments["what"], str)
        assert call.arguments.get("which", "a") in ("a", "b")
        assert isinstance(call.arguments.get("so", True), bool)


def _check_parsed(parsed: Parsed, most: int) -> None:
    assert parsed.content == parsed.reasoning == ""
    assert 1 <= len(parsed.calls) <= most
    assert {call.name for call in parsed.calls} <= {"put", "now"}
    for call in parsed.calls:
        _check_call(call)


@pytest.mark.parametrize("name", FORMATS)
def test_all_that_a_grammar_makes_is_read_as_calls(name: str) -> None:
    fmt = FORMATS[name]
    for parallel in (False, True):
        grammar = format_grammar(fmt, TOOLS, parallel=parallel)
        check(grammar.gbnf)
        for text in texts(grammar.gbnf, 100):
            assert text.startswith(grammar.triggers)
            _check_parsed(parse(fmt, text, TOOLS, thinking=False), MAX_CALLS if parallel else 1)


@pytest.mark.parametrize("name", FORMATS)
def test_arguments_of_every_type(name: str) -> None:
    fmt = FORMATS[name]
    grammar = format_grammar(fmt, [WIDE])
    check(grammar.gbnf)
    seen = set()
    for text in texts(grammar.gbnf, 60):
        [call] = parse(fmt, text, [WIDE], thinking=False).calls
        assert call.arguments is not None
        kinds = {key: type(value) for key, value in call.arguments.items()}
        seen |= set(kinds)
        assert (kinds["place"], type(call.arguments["place"]["x"])) == (dict, int)
        assert (kinds["name"], kinds.get("many", list)) == (str, list)
        assert kinds.get("size", int) in (int, float)
        assert kinds.get("perhaps", int) in (int, type(None))
        assert kinds.get("either", int) in (int, bool)
    assert seen == set(WIDE.parameters["properties"])


@pytest.mark.parametrize("name", FORMATS)
def test_calls_as_the_template_writes_them_are_what_the_grammar_makes(name: str) -> None:
    fmt = FORMATS[name]
    calls = [Call("put", {"what": "a < b"}, "", "call00000"), Call("now", {}, "", "call00001")]
    for some in (calls[:1], calls[1:], calls if fmt.several and not shape_of(fmt).bare else calls[:1]):
        text = written(fmt, some).strip().removeprefix(fmt.prompted)
        if fmt.arguments.style != "text":
            assert makes(format_grammar(fmt, TOOLS, parallel=len(some) > 1).gbnf, text)


def test_what_has_no_grammar_names_the_tool() -> None:
    bad = ToolSpec("bad", "", {"type": "object", "properties": {"x": {"type": "integer", "multipleOf": 2}}})
    for fmt in (GENERIC, own("tagged_types"), own("quoted_braces")):
        with pytest.raises(ValueError, match="the tool bad: "):
            format_grammar(fmt, [bad])
    with pytest.raises(ValueError, match="at least one tool"):
        format_grammar(GENERIC, [])
    lost = ToolSpec("lost", "", {"type": "object", "properties": {"x": {"$ref": "#/$defs/Y"}}})
    with pytest.raises(ValueError, match="leads nowhere"):
        format_grammar(own("tagged_lines"), [lost])


async def _generated(engine: Engine, fmt: CallFormat, count: int) -> None:
    grammar = format_grammar(fmt, TOOLS)
    asked = [
        request(
            user(str(seed)),
            max_tokens=600,
            sampling=Sampling(temperature=3.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=seed),
            grammar=grammar.gbnf,
        )
        for seed in range(count)
    ]
    for heard in await asyncio.gather(*(hear(engine, one) for one in asked)):
        assert heard.finished.finish_reason == "stop"
        assert heard.text.startswith(grammar.triggers)
        _check_parsed(parse(fmt, heard.text, TOOLS, thinking=False), 1)


async def test_random_weights_write_calls_that_parse(engine: Engine) -> None:
    for fmt in FORMATS.values() if COUNT else [GENERIC, *map(own, KINDS)]:
        await _generated(engine, fmt, COUNT or 6)
