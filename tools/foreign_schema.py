"""JSON Schemas that others wrote: cleaned for a prompt, and loosened where they are too odd."""

import json
from collections.abc import Mapping
from typing import Any

from tools.docstrings import MAX_ARGUMENT
from tools.plain_text import one_line, plain

MAX_CHARACTERS = 20_000
MAX_PROPERTIES = 64
MAX_NAME = 64
MAX_DEPTH = 12
MAX_STEPS = 500

_DROPPED = frozenset({"title", "examples", "$schema", "$id", "$comment", "example"})
_NAMED = frozenset({"properties", "$defs", "definitions"})
_KEPT_AS_IS = ("type", "enum", "const", "default", "description")
_BOUNDS = {
    "string": ("maxLength", "minLength"),
    "integer": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
}


class ForeignSchemaError(Exception):
    """A tool cannot be taken over as it is described; the text says why."""


def cleaned_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with its texts plain and short. Raises `ForeignSchemaError`."""
    cleaned = _cleaned(schema, 0)
    if not isinstance(cleaned, dict) or cleaned.get("type", "object") != "object":
        raise ForeignSchemaError("its arguments are no object")
    if not isinstance(cleaned.setdefault("properties", {}), dict):
        raise ForeignSchemaError("its arguments have no names")
    for name, below in cleaned["properties"].items():  # `true` is a schema too
        cleaned["properties"][name] = below if isinstance(below, dict) else {}
    if len(json.dumps(cleaned)) > MAX_CHARACTERS:
        raise ForeignSchemaError("the schema of its arguments is too large")
    return {**cleaned, "type": "object", "required": _required(cleaned, cleaned["properties"])}


def _cleaned(value: Any, depth: int, *, names: bool = False) -> Any:
    if depth > 2 * MAX_DEPTH:
        raise ForeignSchemaError("the schema of its arguments is nested too deep")
    if isinstance(value, str):
        return plain(value)[:1000]
    if isinstance(value, list):
        return [_cleaned(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if names:
        _check_names(value)
    kept = {}
    for key, below in value.items():
        if not names and key in _DROPPED:
            continue
        if not names and key == "description":
            kept[key] = one_line(str(below), MAX_ARGUMENT)
        else:
            kept[key] = _cleaned(below, depth + 1, names=not names and key in _NAMED)
    return kept


def _check_names(properties: Mapping[str, Any]) -> None:
    if len(properties) > MAX_PROPERTIES:
        raise ForeignSchemaError(f"it has more than {MAX_PROPERTIES} arguments")
    for name in properties:
        if not name.isprintable() or not name or len(name) > MAX_NAME or name != plain(name):
            raise ForeignSchemaError(
                f"the name of an argument is no plain text ({one_line(name, MAX_NAME)!r})"
            )


def loosened(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that allows what this one does and more, of simple keywords alone.

    References are put in place of themselves; where one goes on without end, or there are too many,
    anything is allowed.
    """
    properties = schema.get("properties", {})
    loosening = _Loosening(schema)
    return {
        "type": "object",
        "properties": {name: loosening.loose(below, ()) for name, below in properties.items()},
        "required": _required(schema, properties),
    }


def anything(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that allows any simple value, with the description of this one."""
    return {"description": schema["description"]} if "description" in schema else {}


def _required(schema: Mapping[str, Any], properties: Mapping[str, Any]) -> list[str]:
    names = schema.get("required")
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str) and name in properties]


class _Loosening:
    """The loosening of one schema, `root`, in a bounded number of steps."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = MAX_STEPS

    def loose(self, schema: Any, within: tuple[str, ...]) -> dict[str, Any]:
        """Return a part of the schema, loosened; `within` are the references that led to it."""
        self._left -= 1
        if not isinstance(schema, Mapping) or self._left < 0:
            return {}
        if "$ref" in schema:
            return self._followed(schema, within)
        for keyword in ("anyOf", "oneOf", "allOf"):
            choices = schema.get(keyword)
            if isinstance(choices, list) and choices:
                return self._choices(schema, keyword, choices, within)
        return self._simple(schema, within)

    def _followed(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        reference = schema["$ref"]
        found: Any = self._root
        for part in reference.removeprefix("#/").split("/") if isinstance(reference, str) else ():
            found = found.get(part) if isinstance(found, Mapping) else None
        if reference in within or not isinstance(found, Mapping) or found is self._root:
            return anything(schema)
        return self.loose(found, (*within, reference)) | anything(schema)

    def _choices(
        self, schema: Mapping[str, Any], keyword: str, choices: list[Any], within: tuple[str, ...]
    ) -> dict[str, Any]:
        if keyword == "allOf" and len(choices) > 1:
            return anything(schema)
        below = [self.loose(choice, within) for choice in choices]
        return anything(schema) | (below[0] if len(below) == 1 else {"anyOf": below})

    def _simple(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        kept = {key: schema[key] for key in _KEPT_AS_IS if key in schema}
        if "enum" in kept or "const" in kept:
            return kept
        kind = schema.get("type")
        for key in _BOUNDS.get(kind, ()) if isinstance(kind, str) else ():
            if isinstance(schema.get(key), int):
                kept[key] = schema[key]
        if isinstance(schema.get("items"), Mapping):
            kept["items"] = self.loose(schema["items"], within)
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            kept["properties"] = {name: self.loose(below, within) for name, below in properties.items()}
            kept["required"] = _required(schema, properties)
        return kept
