"""Are the arguments of a call those that the tool's schema asks for?

Checked is the part of JSON Schema that the tools use: an object of required and optional properties,
their types (string, number, integer, boolean), `enum` and `maxLength`. A `pattern` is for
the grammar alone: what a tool cannot read, it says itself. Other names are refused.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from tools.plain_text import quoted


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    return value.is_integer() if isinstance(value, float) else _is_number(value)


_TYPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "text"),
    "number": (_is_number, "a number"),
    "integer": (_is_integer, "a whole number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
}


def complaint(arguments: object, schema: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the arguments, as one sentence for a model, or None."""
    properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
    expected = ", ".join(properties) or "none"
    if not isinstance(arguments, Mapping):
        return f"The arguments must be an object with: {expected}."
    unknown = [quoted(name) for name in arguments if name not in properties]
    if unknown:
        return f"Unknown argument {', '.join(unknown[:5])}; the arguments are: {expected}."
    missing = [name for name in schema.get("required", ()) if name not in arguments]
    if missing:
        return f"Missing argument {', '.join(missing)}; the arguments are: {expected}."
    wrong = (_wrong_value(name, value, properties[name]) for name, value in arguments.items())
    return next((sentence for sentence in wrong if sentence), None)


def _wrong_value(name: str, value: object, schema: Mapping[str, Any]) -> str | None:
    fits, called = _TYPES[schema["type"]]
    if not fits(value):
        return f"{name} must be {called}, not {quoted(value)}."
    if "enum" in schema and value not in schema["enum"]:
        return f"{name} must be one of {', '.join(map(str, schema['enum']))}, not {quoted(value)}."
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        return f"{name} is too long: {len(value)} characters, of which {schema['maxLength']} are allowed."
    return None
