import itertools
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.examples import call_text
from agents.grammar import call_grammar, json_value_grammar, object_grammar
from agents.number_grammar import LARGEST, integers, numbers
from slmtui.engine.gbnf import check
from tests.gbnf_match import makes
from tools.registry import Tool

BOUNDS = st.one_of(st.integers(-30, 30), st.integers(-5000, 5000), st.integers(-LARGEST, LARGEST))


def written(grammar: str, value: Any) -> bool:
    return makes(grammar, json.dumps(value, ensure_ascii=False))


def tool(name: str, parameters: dict[str, Any]) -> Tool:
    return Tool(name, "", parameters, (), lambda **_: "")


def record(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


@pytest.mark.parametrize("required", [(), ("b",), ("a", "d"), ("a", "b", "c", "d")])
def test_any_of_the_optional_properties_and_nothing_else(required: tuple[str, ...]) -> None:
    properties = {name: {"const": n} for n, name in enumerate("abcd")}
    grammar = object_grammar(record(properties, *required))
    check(grammar)
    for count in range(5):
        for names in itertools.combinations("abcd", count):
            first = [name for name in names if name in required]
            value = {name: "abcd".index(name) for name in [*first, *(n for n in names if n not in first)]}
            assert written(grammar, value) == (set(required) <= set(names))
    for text in ('{"a": 0, }', '{, "b": 1}', '{"a": 0 "b": 1}', '{"a": 0,"b": 1}', '{"a": 0, "a": 0}', ""):
        assert not makes(grammar, text)


def test_many_optional_properties_make_a_small_grammar() -> None:
    grammar = object_grammar(record({f"p{n}": {"type": "boolean"} for n in range(60)}))
    check(grammar)
    assert len(grammar) < 10_000


@given(BOUNDS, BOUNDS, BOUNDS, st.sampled_from(["", ".0", ".5", ".000000000001", ".999999999999"]))
def test_bounds_of_numbers_are_exact(one: int, two: int, other: int, fraction: str) -> None:
    low, high = sorted((one, two))
    for value in (low - 1, low, high, high + 1, other, 0, low // 10, (low + high) // 2):
        if abs(value) <= LARGEST:
            assert _matches(integers(low, high), str(value)) == (low <= value <= high)
            text = f"{value}{fraction}"
            assert _matches(numbers(low, high), text) == (low <= Decimal(text) <= high)


def _matches(expression: str, text: str) -> bool:
    """Whether a text is what an expression without rules makes, by `re`."""
    pattern = re.sub(r'"([^"]*)"', lambda match: re.escape(match[1]), expression).replace(" ", "")
    return re.fullmatch(pattern, text) is not None


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"const": {"a": [1, None, "é"]}}, [{"a": [1, None, "é"]}], [{"a": [1, None]}]),
        ({"type": "string", "enum": ["a", "b", 1]}, ["a", "b"], [1, "c"]),
        ({"type": ["string", "null"], "maxLength": 2}, ["ab", None], ["abc", "", 1]),
        ({"type": "string", "minLength": 0}, ["", '\n"\\'], [1]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "abc"], ["a", "abcd"]),
        ({"type": "string", "maxLength": 0}, [""], ["a"]),
        ({"type": "string", "pattern": "^[ -~]+$"}, ["a]-^"], ["é", "", 'a"', "\\"]),
        ({"type": "integer"}, [0, -7, 10**14], [0.5, True, 10**15]),
        ({"type": "integer", "minimum": 0}, [0, 7], [-1]),
        ({"type": "integer", "minimum": 0.5, "exclusiveMaximum": 3}, [1, 2], [0, 3]),
        ({"type": "number", "minimum": 0, "maximum": 1}, [0, 1, 0.25, 1.0], [-1, -0.5, 1.5, 2]),
        ({"type": ["integer", "number"]}, [1, 1.5], ["1"]),
        ({"type": "array"}, [[], [1, "a", None, True]], [[[]], [{}]]),
        (
            {"type": "array", "items": {"type": "null"}, "minItems": 2, "maxItems": 3},
            [[None] * 3],
            [[None], [None] * 4],
        ),
        ({"type": "array", "items": {"type": "null"}, "maxItems": 0}, [[]], [[None]]),
        ({"type": "array", "items": False}, [[]], [[None]]),
        ({"type": "array", "items": {"items": {"const": 1}}, "maxItems": 2}, [[[], [1, 1]]], [[1]]),
        ({"type": "object"}, [{}], [{"a": 1}]),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, [{}, {"a b": True}], [{"a": 1}]),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}], "title": "T"}, [None, 4], ["a"]),
        (
            {"properties": {"a": {}, "é": True}, "additionalProperties": False},
            [{"a": 1, "é": "x"}],
            [{"b": 1}],
        ),
    ],
)
def test_what_a_schema_allows_is_written_and_nothing_else(
    schema: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    grammar = object_grammar(schema)
    check(grammar)
    assert [value for value in good if not written(grammar, value)] == []
    assert [value for value in bad if written(grammar, value)] == []


def test_references_and_choices_that_are_apart() -> None:
    kinds = {
        kind: record({"kind": {"const": kind}, "at": {"$ref": "#/$defs/Place"}}, "kind") for kind in "ab"
    }
    place = record({"x": {"type": "integer", "minimum": 0}}, "x")
    schema = {"$defs": {"Place": place, **kinds}, "oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}
    grammar = object_grammar(schema)
    check(grammar)
    for kind in "ab":
        assert written(grammar, {"kind": kind, "at": {"x": 3}})
        assert not written(grammar, {"kind": kind, "at": {"x": -3}})
    assert not written(grammar, {"kind": "c"})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "tuple"}, "type 'tuple'"),
        ({"type": "string", "contentMediaType": "x"}, "'contentMediaType'"),
        ({"type": "string", "pattern": "^[^a]+$"}, "pattern"),
        ({"type": "string", "pattern": '^["]+$'}, "pattern"),
        ({"type": "string", "pattern": "a+"}, "pattern"),
        ({"type": "string", "minLength": 500}, "minLength 500: at most 120"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength 3: at most 2"),
        ({"type": "array", "minItems": -1}, "minItems -1"),
        ({"type": "array", "uniqueItems": True}, "'uniqueItems'"),
        ({"type": "array", "items": False, "minItems": 1}, "none is allowed"),
        ({"type": "integer", "multipleOf": 2}, "'multipleOf'"),
        ({"type": "integer", "minimum": 5, "maximum": 4}, "no integer from 5 to 4"),
        ({"type": "integer", "minimum": float("inf")}, "minimum inf"),
        ({"type": "number", "minimum": 0.5}, "whole, inclusive"),
        ({"type": "number", "exclusiveMinimum": 0}, "whole, inclusive"),
        ({"type": "object", "required": ["a"]}, "required property 'a'"),
        ({"type": "object", "patternProperties": {}}, "'patternProperties'"),
        ({"allOf": []}, "'allOf'"),
        ({"enum": []}, "no value"),
        ({"type": "integer", "enum": ["a"]}, "no value of const or enum is of the type integer"),
        ({"enum": ["a"], "minLength": 1}, "'minLength'"),
        ({"anyOf": []}, "empty anyOf"),
        ({"anyOf": [False]}, "schema False"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "may overlap: write anyOf"),
        ({"oneOf": [{"const": 1}, {"enum": [1.0, 2]}]}, "may overlap"),
        ({"$ref": "#"}, "recursive"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}}, "recursive"),
        ({"oneOf": [{"$ref": "#/$defs/A"}, {}], "$defs": {"A": {"$ref": "#/$defs/A"}}}, "without end"),
        ({"$ref": "#/$defs/B", "$defs": {}}, "leads nowhere"),
        ({"$ref": "http://example.org/a.json"}, "only #/$defs/"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {}}, "maxItems": 1}, "'maxItems'"),
    ],
)
def test_what_has_no_grammar_says_so(schema: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        object_grammar(schema)


def test_a_schema_nested_without_measure() -> None:
    schema: dict[str, Any] = {"const": 1}
    for _ in range(2000):
        schema = {"items": schema}
    with pytest.raises(ValueError, match="deeper than"):
        object_grammar(schema)


def test_names_that_look_alike_stay_apart() -> None:
    grammar = call_grammar(
        [
            tool("a_b", record({"x y": {"const": 1}, "x-y": {"const": 2}}, "x y", "x-y")),
            tool("a-b", record({"arguments": {"const": 3}, "call": {"const": 4}}, "arguments", "call")),
            tool("string", record({"char": {"const": 5}, "text": {"type": "string"}}, "char", "text")),
        ],
        also=("none",),
    )
    check(grammar)
    for name, arguments in (
        ("a_b", {"x y": 1, "x-y": 2}),
        ("a-b", {"arguments": 3, "call": 4}),
        ("string", {"char": 5, "text": "5"}),
        ("none", {}),
    ):
        assert makes(grammar, call_text(name, arguments))
    assert not makes(grammar, call_text("a_b", {"x y": 2, "x-y": 1}))


def test_calls_of_no_tool() -> None:
    assert makes(call_grammar([], or_text=True), "Hello")
    with pytest.raises(ValueError, match="at least one tool"):
        call_grammar([])


def test_a_tool_without_a_grammar_is_named() -> None:
    with pytest.raises(ValueError, match="the tool sky: no grammar for 'not'"):
        call_grammar([tool("sky", {"not": {}})])


def test_any_json_value_as_deep_as_asked() -> None:
    grammar = json_value_grammar(2)
    check(grammar)
    for value in (1, "é\n", None, [], {}, [1.5, {"a": True, "": ""}, ["x"]], {"a": [1], "b": {"c": None}}):
        assert written(grammar, value)
    for text in ("[[[1]]]", "[1,2]", "[1, ]", '{"a":1}', "{1: 2}", "nul", ""):
        assert not makes(grammar, text)
    assert not written(json_value_grammar(0), [])
    assert not written(grammar, [0] * 9)
