"""Parameters as the Berkeley Function-Calling Leaderboard describes them, as JSON Schema."""

from collections.abc import Mapping
from typing import Any

_TYPES = {
    "dict": "object", "HashMap": "object", "Hashtable": "object",
    "float": "number", "double": "number",
    "tuple": "array", "list": "array", "Array": "array", "ArrayList": "array", "Queue": "array",
    "Stack": "array",
    "byte": "integer", "short": "integer", "long": "integer", "int": "integer", "Bigint": "integer",
    "String": "string", "str": "string", "char": "string",
    "bool": "boolean", "Boolean": "boolean",
}  # fmt: skip
_DROPPED = frozenset({"optional", "format"})  # the first says the same as `required`, the second nothing


def json_schema(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description as JSON Schema: `dict` is `object`, `float` is `number`, `any` is anything."""
    schema: dict[str, Any] = {}
    for key, value in described.items():
        if key == "properties" and isinstance(value, Mapping):
            schema[key] = {name: json_schema(below) for name, below in value.items()}
        elif key == "items" and isinstance(value, Mapping):
            schema[key] = json_schema(value)
        elif key == "type":
            schema.update(_type(value))
        elif key not in _DROPPED:
            schema[key] = value
    return schema


def _type(name: Any) -> dict[str, Any]:
    return {} if str(name).lower() == "any" else {"type": _TYPES.get(name, name)}
