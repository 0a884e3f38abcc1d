from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.arguments import complaint


def of(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": schema}, "required": ["x"], **more}


OPTIONAL = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
POINT = {
    "type": "object",
    "properties": {"lat": {"type": "number"}, "name": {"type": ["string", "null"]}},
    "required": ["lat"],
}
TREE = {
    "$defs": {"tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}}}},
    **of({"$ref": "#/$defs/tree"}),
}
LOOP = {
    "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}},
    **of({"$ref": "#/$defs/a"}),
}


@pytest.mark.parametrize(
    ("schema", "value", "says"),
    [
        ({"enum": ["a", 1, None]}, None, None),
        ({"enum": ["a", 1]}, True, "x must be one of a, 1, not 'True'."),
        ({"enum": ["a", "b"]}, "c", "x must be one of a, b, not 'c'."),
        (
            {"enum": [str(n) for n in range(50)]},
            "c",
            "x must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …",
        ),
        ({"const": "a"}, "c", "x must be a, not 'c'."),
        ({}, {"anything": [1]}, None),
        (OPTIONAL, None, None),
        (OPTIONAL, 3, None),
        (OPTIONAL, 0, "x must be at least 1, not '0'."),
        (OPTIONAL, "3", "x must be a whole number or null, not '3'."),
        ({"type": ["string", "integer"]}, 1.5, "x must be text or a whole number, not '1.5'."),
        ({"type": "number", "minimum": 0, "maximum": 5}, 5.5, "x must be at most 5, not '5.5'."),
        ({"type": "number", "exclusiveMinimum": 0}, 0, "x must be more than 0, not '0'."),
        ({"type": "number", "exclusiveMaximum": 9}, 9, "x must be less than 9, not '9'."),
        ({"type": "string", "minLength": 3}, "ab", "x is too short: 2 characters, and 3 are needed."),
        ({"type": "array", "items": {"type": "integer"}}, [1, "b"], "x[1] must be a whole number, not 'b'."),
        ({"type": "array", "maxItems": 1}, [1, 2], "x is too long: 2 items, of which 1 are allowed."),
        ({"type": "array"}, "a", "x must be a list, not 'a'."),
        (POINT, {"lat": 1, "name": None}, None),
        (POINT, {"name": "a"}, "x must have lat; it may have: lat, name."),
        (POINT, {"lat": 1, "y": 2}, "x must not have 'y'; it may have: lat, name."),
        (POINT, {"lat": "1"}, "x.lat must be a number, not '1'."),
        (POINT, [], "x must be an object, not a list."),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": "b"}, "x.a must be a whole"),
        ({"oneOf": [POINT, {"type": "string"}]}, {"lat": "1"}, "x.lat must be a number, not '1'."),
        ({"anyOf": []}, 5, None),
        ({"type": "url"}, 5, None),
        ({"$ref": "http://elsewhere/schema"}, 5, None),
        ({"$ref": "#/$defs/none"}, 5, None),
    ],
)
def test_a_value_is_checked_by_its_schema(schema: Any, value: Any, says: str | None) -> None:
    told = complaint({"x": value}, of(schema))
    assert told is None if says is None else told is not None and told.startswith(says)


def test_names_that_a_schema_asks_for_pass() -> None:
    open_schema = {"type": "object", "properties": {}, "additionalProperties": True}
    assert complaint({"any": 1}, open_schema) is None
    assert complaint({"any": 1}, {**open_schema, "additionalProperties": {"type": "string"}}) == (
        "any must be text, not '1'."
    )
    assert complaint({"any": 1}, {"type": "object"}) == "Unknown argument 'any'; the arguments are: none."
    assert complaint({}, {"type": "object"}) is None


def test_schemas_that_recurse_are_followed_as_deep_as_the_value() -> None:
    assert complaint({"x": {"left": {"left": {}}}}, TREE) is None
    assert complaint({"x": {"left": {"left": 5}}}, TREE) == "x.left.left must be an object, not '5'."


def test_schemas_without_end_and_values_without_end_come_to_one() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"left": deep}
    assert complaint({"x": deep}, TREE) is None
    assert complaint({"x": 1}, LOOP) is None
    assert complaint({"x": [0] * 100_000}, of({"type": "array", "items": {"type": "integer"}})) is None


KEYS = [
    *("type", "properties", "required", "items", "enum", "const", "anyOf", "oneOf", "$ref", "$defs", "x"),
    *("minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems"),
    "additionalProperties",
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(
        ["x", "string", "object", "array", "integer", "#/$defs/x", "#/properties/x", "\x1b[31m"]
    )
)
JSON = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON, st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
def test_no_schema_and_no_value_is_ever_an_exception(schema: Any, value: Any, whole: dict[str, Any]) -> None:
    for given_schema in (of(schema), whole, {"type": "object", "properties": {"x": schema, **whole}}):
        told = complaint({"x": value}, given_schema)
        assert told is None or (told.isprintable() and len(told) < 2000)
        assert isinstance(complaint(value, whole), str | None)
