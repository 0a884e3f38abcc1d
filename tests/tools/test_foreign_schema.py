import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.arguments import complaint
from tools.foreign_schema import ForeignSchemaError, anything, cleaned_schema, loosened


def test_texts_are_plain_and_short_and_titles_go() -> None:
    cleaned = cleaned_schema(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Arguments",
            "type": "object",
            "properties": {
                "title": {"type": "string", "title": "Title", "description": "a\x1b[31m\nb " + "c" * 500},
                "properties": {"enum": ["x\u202e\x07"], "examples": [1]},
                "any": True,
            },
            "required": ["title", "gone"],
        }
    )
    assert cleaned == {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "a b " + "c" * 115 + "…"},
            "properties": {"enum": ["x"]},
            "any": {},
        },
        "required": ["title"],
    }


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "array"}, "no object"),
        ({"properties": 5}, "no names"),
        ({"properties": {"\x1b": {}}}, "no plain text"),
        ({"properties": {"": {}}}, "no plain text"),
        ({"properties": {"x" * 65: {}}}, "no plain text"),
        ({"properties": {str(n): {} for n in range(65)}}, "more than 64"),
        ({"properties": {"x": {"enum": ["y" * 900] * 30}}}, "too large"),
    ],
)
def test_what_cannot_be_taken_over_is_refused(schema: dict[str, Any], says: str) -> None:
    with pytest.raises(ForeignSchemaError, match=says):
        cleaned_schema(schema)


def test_a_schema_without_arguments_is_one() -> None:
    assert cleaned_schema({}) == {"type": "object", "properties": {}, "required": []}


def test_loosening_puts_references_in_their_place_and_drops_what_is_odd() -> None:
    schema = {
        "type": "object",
        "properties": {
            "tree": {"$ref": "#/$defs/tree", "description": "The tree."},
            "code": {"type": "string", "pattern": "^(a|b)+$", "maxLength": 5},
            "one": {"oneOf": [{"type": "string"}, {"type": "integer", "multipleOf": 3, "minimum": 1}]},
            "all": {"allOf": [{"$ref": "#/$defs/size"}], "description": "How large."},
            "both": {"allOf": [{"type": "string"}, {"maxLength": 5}]},
            "lost": {"$ref": "#/nowhere"},
        },
        "required": ["code", "absent"],
        "$defs": {
            "tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}}, "minProperties": 1},
            "size": {"enum": ["s", "l"]},
        },
    }
    assert loosened(schema) == {
        "type": "object",
        "properties": {
            "tree": {
                "type": "object",
                "properties": {"left": {}},
                "required": [],
                "description": "The tree.",
            },
            "code": {"type": "string", "maxLength": 5},
            "one": {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]},
            "all": {"enum": ["s", "l"], "description": "How large."},
            "both": {},
            "lost": {},
        },
        "required": ["code"],
    }
    assert anything({"type": "string", "description": "What."}) == {"description": "What."}


def test_references_that_multiply_come_to_an_end() -> None:
    defs = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 9} for n in range(9)}
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/d0"}}, "$defs": defs}
    assert len(json.dumps(loosened(cleaned_schema(schema)))) < 20_000


NAMES = st.sampled_from(["x", "y", "type", "properties", "$ref", "anyOf", "oneOf", "allOf", "items", "enum"])
LEAVES = st.sampled_from(["x", "string", "object", "#/properties/x", "#/$defs/x", 1, 2.5, None, True])
JSON = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(NAMES, JSON, max_size=4), st.dictionaries(NAMES, JSON, max_size=4))
def test_any_json_is_cleaned_loosened_or_refused(properties: dict[str, Any], defs: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": properties, "$defs": defs, "required": list(properties)}
    try:
        cleaned = cleaned_schema(schema)
    except ForeignSchemaError:
        return
    loose = loosened(cleaned)
    assert json.loads(json.dumps(loose)) == loose
    assert loose["properties"].keys() == properties.keys()
    assert complaint({}, loose) is None or properties
