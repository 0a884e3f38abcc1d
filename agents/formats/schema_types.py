"""Which JSON types a schema allows for an argument: tags hold text, so types decide what it means."""

from collections.abc import Mapping
from typing import Any

from agents.schema_values import types_of

_CHOICES = ("anyOf", "oneOf", "allOf")
MAX_DEPTH = 8


def allowed_types(schema: Mapping[str, Any], depth: int = 0) -> frozenset[str]:
    """Return the types that a schema allows, empty where it does not say."""
    found = {kind for kind in types_of(schema) if isinstance(kind, str)}
    for values in (schema.get("enum"), [schema["const"]] if "const" in schema else None):
        if isinstance(values, list):
            found |= {json_type(value) for value in values}
    for branch in branches(schema):
        if depth < MAX_DEPTH and branch is not schema:
            found |= allowed_types(branch, depth + 1)
    return frozenset(found)


def branches(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schemas of which a value may fit one, the schema itself where it has no choices."""
    found = [branch for key in _CHOICES for branch in _listed(schema.get(key)) if isinstance(branch, Mapping)]
    return found or [schema]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def json_type(value: object) -> str:
    """Return the JSON type of a value; whole numbers are integers."""
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    return "object" if isinstance(value, Mapping) else "array"
