"""Schemas of the kinds that tools have, and whether a value fits a schema."""

import re
from typing import Any


def record(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def rows(items: dict[str, Any], least: int = 0, most: int = 8) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


TRUTH = {"type": "boolean"}
WHOLE = {"type": "integer"}
PLACE = record({"x": WHOLE, "y": WHOLE}, "x")
CODE = {"type": "string", "pattern": "^[a-c0-9 -]+$", "maxLength": 6}
REFERENCE = {"$ref": "#/$defs/P"}

SCHEMAS: list[dict[str, Any]] = [
    record({"a": TRUTH, "b": {"type": "null"}, "c": {"const": "é"}}),
    record({"a": TRUTH, "b": {"type": "null"}, "c": {"const": 1.5}}, "b"),
    record({f"p{n}": TRUTH for n in range(12)}),
    record({"q": {"type": "string", "maxLength": 10}, "n": {"type": "integer", "minimum": 1}}, "q", "n"),
    record({"mood": {"enum": ["a", 'b"c', "d\\e", None, 3]}, "code": CODE}, "mood", "code"),
    record({"at": PLACE, "way": rows(PLACE, most=3)}, "way"),
    {**record({"from": REFERENCE, "to": REFERENCE}, "to"), "$defs": {"P": PLACE}},
    {**record({"a": WHOLE}, "a"), "additionalProperties": False, "title": "T", "description": "D"},
    record({'a "quoted" \\ name\n': TRUTH}, 'a "quoted" \\ name\n'),
    record({"deep": record({"er": record({"est": {"type": "number"}}, "est")}, "er")}, "deep"),
    {"type": "object"},
    {"type": "object", "additionalProperties": rows(TRUTH, most=2)},
    rows(rows(TRUTH, most=2), least=3),
    {"type": "array", "maxItems": 3},
    rows({"type": "string", "minLength": 2, "maxLength": 3}, 2, 2),
    rows({"type": "integer", "minimum": -20, "maximum": 137}, 4),
    rows({"type": "number", "minimum": -1, "maximum": 1}, 4),
    rows({"type": "integer", "exclusiveMinimum": 8, "exclusiveMaximum": 1012}, 4),
    rows({"type": "number"}, 8),
    {"type": ["integer", "string", "null"], "maxLength": 4, "maximum": 9},
    {"anyOf": [TRUTH, rows(CODE, most=2), PLACE]},
    {"oneOf": [record({"k": {"const": k}, "v": v}, "k", "v") for k, v in (("i", WHOLE), ("n", TRUTH))]},
    {"const": {"a": [1, {"b": None}], "c": "\n\t\x7f\u2028"}},
    {"type": "string", "minLength": 0, "maxLength": 2},
    {"type": "string", "enum": ["x", "xy", "xyz", 1]},
    {"type": "number", "maximum": 3},
    {},
]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None) -> bool:
    """Whether a value is what the schema allows: the keywords in `SCHEMAS`, and no others."""
    root = root or schema
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return any(fits(value, choice, root) for choice in schema["anyOf"])
    if "oneOf" in schema:
        return [fits(value, choice, root) for choice in schema["oneOf"]].count(True) == 1
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", _TYPES)
    return (
        any(_is(value, kind) for kind in kinds)
        and ("const" not in schema or value == schema["const"])
        and ("enum" not in schema or value in schema["enum"])
        and _fits_within(value, schema, root)
    )


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _fits_within(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    match value:
        case str():
            # Bytes that are no UTF-8 were replaced, each by one character, so the length says nothing.
            least, most = schema.get("minLength", 0), schema.get("maxLength", 120)
            matches = re.search(schema.get("pattern", ""), value) is not None
            return matches and ("\ufffd" in value or least <= len(value) <= most)
        case bool() | None:
            return True
        case int() | float():
            above, below = (
                schema.get("exclusiveMinimum", value - 1),
                schema.get("exclusiveMaximum", value + 1),
            )
            within = schema.get("minimum", value) <= value <= schema.get("maximum", value)
            return within and above < value < below
        case list():
            within = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 8)
            return within and all(fits(item, schema.get("items", {}), root) for item in value)
        case _:
            return _fits_record(value, schema, root)


def _fits_record(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any]) -> bool:
    if "const" in schema:
        return True
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    known = [(item, properties.get(key, more)) for key, item in value.items()]
    return set(schema.get("required", ())) <= set(value) and all(
        isinstance(below, dict) and fits(item, below, root) for item, below in known
    )
