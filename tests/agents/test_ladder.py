"""What a model wrote, and what can be made of it."""

import json
from typing import Any

import json_repair
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.dialect import Dialect, Reply
from agents.formats.format import GENERIC
from agents.helps import Helps
from agents.ladder import attempted, repaired, valid_calls, what_is_wrong
from tests.agents.boxes import BOTH, CALCULATOR, CALL, HERMES, NATIVE, NUMBERS, TODAY, native, writer_tool
from tools.arguments import complaint
from tools.registry import Tool

TOOLS = (*BOTH, writer_tool([]))
OWN = Dialect(GENERIC, TOOLS, Helps(), 1)
NATIVELY = Dialect(HERMES, TOOLS, Helps(), 1)
WANTED = [("calculator", {"a": 20, "b": 3})]


def read(text: str, dialect: Dialect = OWN) -> Reply:
    return dialect.read(text)


def made_of(text: str, dialect: Dialect = OWN) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls that a repair makes of a text that holds no valid ones."""
    reply = read(text, dialect)
    assert not valid_calls(reply, TOOLS)
    assert reply.calls or attempted(reply, TOOLS)
    mended = repaired(reply, TOOLS)
    return [(call.name, call.arguments) for call in mended.calls] if mended else []


def test_a_call_as_it_should_be_is_valid() -> None:
    for dialect, text in ((OWN, CALL), (NATIVELY, native(NATIVE))):
        assert [(c.name, c.arguments) for c in valid_calls(read(text, dialect), TOOLS)] == WANTED


@pytest.mark.parametrize(
    "text", ['{"tool": "today", "arguments": {}}', '{"tool": "today", "arguments": null}']
)
def test_a_call_without_arguments_is_valid_where_none_are_required(text: str) -> None:
    (call,) = valid_calls(read(text), TOOLS)
    assert (call.name, call.arguments) == ("today", {})


@pytest.mark.parametrize("text", ['{"name": "today"}', '{"name": "today", "arguments": {}}'])
def test_native_call_without_arguments_is_valid(text: str) -> None:
    (call,) = valid_calls(read(native(text), NATIVELY), TOOLS)
    assert (call.name, call.arguments) == ("today", {})


def test_of_several_calls_none_is_valid_if_one_is_not() -> None:
    assert (
        valid_calls(read(native(NATIVE, '{"name": "calculator", "arguments": {"a": 1}}'), NATIVELY), TOOLS)
        == ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "{'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}}",
        '{"tool": "calculator", "arguments": {"a": 20, "b": 3,},}',
        "{tool: calculator, arguments: {a: 20, b: 3}}",
        "```json\n{'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}}\n```",
        "{'function': {'name': 'calculator', 'arguments': {'a': 20, 'b': 3}}}",
        "{'type': 'function', 'function': {'name': 'calculator', 'arguments': '{\"a\": 20, \"b\": 3}'}}",
        "{'tool_calls': [{'name': 'calculator', 'arguments': {'a': 20, 'b': 3}}]}",
        '{"action": "calculator", "action_input": {"a": 20, "b": 3}',
        '{"tool": "calculator", "a": 20, "b": 3}',
        '{"tool": "calculater", "arguments": {"a": 20, "b": 3}}',
        '{"tool": "Calculator", "arguments": {"a": 20, "b": 3}}',
        '{"tool": "the calculator", "arguments": {"a": 20, "b": 3}}',
        '{"tool": "calculator", "arguments": {"a": 20, "b": 3, "unit": "apples"}}',
        '{"tool": "calculator", "arguments": {"a": "20", "b": "3"}}',
        "I will use a tool: {'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}} and then answer.",
    ],
)
def test_mended_into_the_call_that_was_meant(text: str) -> None:
    assert made_of(text) == WANTED


@pytest.mark.parametrize(
    "text",
    [
        "<tool_call>\n{'name': 'calculator', 'arguments': {'a': 20, 'b': 3}}\n</tool_call>",
        '<tool_call>\n{"name": "calculatr", "arguments": {"a": 20, "b": 3}}\n</tool_call>',
        "{'name': 'calculator', 'arguments': {'a': 20, 'b': 3}}",
    ],
)
def test_native_call_is_mended(text: str) -> None:
    assert made_of(text, NATIVELY) == WANTED


def test_number_may_have_commas_and_text_may_be_a_number() -> None:
    assert made_of('{"tool": "calculator", "arguments": {"a": "1,200", "b": "0.5"}}') == [
        ("calculator", {"a": 1200, "b": 0.5})
    ]
    assert made_of('{"tool": "keep_text", "arguments": {"text": 7}}') == [("keep_text", {"text": "7"})]


def test_python_literals_are_read() -> None:
    flag = {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]}
    tools = [Tool("switch", "switches", flag, (), str)]
    mended = repaired(read('{"tool": "switch", "arguments": {"on": True}}'), tools)
    assert mended is not None
    assert mended.calls[0].arguments == {"on": True}


def test_all_of_several_loose_calls_are_kept() -> None:
    text = "{'tool': 'calculator', 'arguments': {'a': 20, 'b': 3}}\n{'tool': 'today', 'arguments': {}}"
    assert made_of(text) == [*WANTED, ("today", {})]


def test_what_was_done_is_told() -> None:
    mended = repaired(read('{"tool": "calculater", "arguments": {"a": "1", "b": 2, "c": 3}}'), TOOLS)
    assert mended is not None
    assert mended.detail == (
        "the name nearest to 'calculater' is calculator; unknown arguments dropped: c; a read as number"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '{"tool": "weather", "arguments": {"a": 20}}',
            "no tool of that name; the tools are: calculator, today",
        ),
        ('{"tool": "calculator", "arguments": {"a": 20}}', "Missing argument b"),
        ("{'tool': 'calculator', 'arguments': {'a': 20}}", "Missing argument b"),
        ('{"tool": "calculator", "arguments": {"a": "many", "b": 3}}', "a must be a number"),
        ('{"tool": "calculator", "arguments": "twenty and three"}', "not a JSON object"),
        ("<tool_call>calculator</tool_call>", "not written in the form of a call"),
        ("calculator(a=20, b=3)", "not written in the form of a call"),
        ("```tool_code\nprint(calculator(20, 3))\n```", "not written in the form of a call"),
    ],
)
def test_what_cannot_be_mended_is_noticed_and_said(text: str, problem: str) -> None:
    reply = read(text)
    assert reply.calls or attempted(reply, TOOLS)
    assert repaired(reply, TOOLS) is None
    assert problem in what_is_wrong(reply, TOOLS)


def test_name_of_the_tool_is_no_argument_of_it() -> None:
    named = {"type": "object", "properties": {"name": {"type": "string"}}}
    tools = [Tool("greet", "greets", named, (), lambda name="": name)]
    mended = repaired(read("{'name': 'greet', 'arguments': ''}", NATIVELY), tools)
    assert mended is not None
    assert mended.calls[0].arguments == {}


def test_names_in_other_scripts_are_compared() -> None:
    tools = [Tool("größe", "", NUMBERS, (), str), Tool("計算", "", TODAY.parameters, (), str)]
    assert repaired(read('{"tool": "Grösse", "arguments": {"a": 1, "b": 2}}'), tools) is not None
    assert repaired(read('{"tool": "計算機", "arguments": {}}'), tools) is not None
    assert repaired(read('{"tool": "???", "arguments": {}}'), tools) is None


PROSE = [
    "20 + 3 is 23.",
    "The calculator says 23.",
    "The set {a, b, c} has three members.",
    "In Python: def f(name: str) -> dict: return {'name': name}",
    "Use `calculator` for sums (name: Anna, tool: hammer).",
    'A person as JSON: {"name": "Anna Smith", "age": 30}',
    '{"name": "Anna Smith", "age": 30}',
    '{"city": "Paris", "country": "France"}',
    '```json\n{"title": "today", "items": [1, 2]}\n```',
    "```python\nprint(20 + 3)\n```",
    "name: calculator",
    "Today is Monday.",
    "The tool {hammer} and the name {Anna}: both are words.",
    "Write <b>bold</b> or <function> in HTML.",
    '[{"name": "John", "type": "person"}]',
    "",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_call(text: str) -> None:
    for dialect in (OWN, NATIVELY):
        reply = read(text, dialect)
        assert not reply.calls
        assert not attempted(reply, TOOLS)


anything = (
    st.text()
    | st.text(alphabet="{}[]()<>\"':,=\\ abctool1")
    | st.builds(
        lambda name, rest: f'{{"tool": "{name}", "arguments": {rest}',
        st.sampled_from(["calculator", "calculatr", "today", "keep", "?"]),
        st.text(alphabet="{}[]\"':, abtex120.")
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", "text"]) | st.text(), inner)
            ),
        ).map(json.dumps),
    )
)


@given(anything)
@example('{"tool": "calculator", "arguments": {"a": ' + "9" * 5000 + ', "b": 3}}')
@example("{'tool': 'calculator', 'arguments': {'a': 1e999, 'b': " + "9" * 5000 + "}}")
def test_whatever_is_written_nothing_fails_and_what_is_mended_is_valid(text: str) -> None:
    for dialect in (OWN, NATIVELY):
        reply = read(text, dialect)
        attempted(reply, TOOLS)
        assert what_is_wrong(reply, TOOLS)
        mended = repaired(reply, TOOLS)
        for call in mended.calls if mended else ():
            (tool,) = [tool for tool in TOOLS if tool.name == call.name]
            assert complaint(call.arguments, tool.parameters) is None


JUNK = {"braces": "{" * 20_000, "keys": '{"a":' * 4_000, "brackets": "{[(<" * 5_000, "quotes": "{'\"" * 6_000}


@pytest.mark.parametrize("name", JUNK)
def test_a_great_deal_of_junk_is_not_read_as_loose_json(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def loads(_text: str) -> None:
        raise AssertionError("it would take seconds")

    monkeypatch.setattr(json_repair, "loads", loads)
    reply = Reply(JUNK[name], JUNK[name], ())
    assert repaired(reply, [CALCULATOR]) is None
    assert not attempted(reply, [CALCULATOR])
