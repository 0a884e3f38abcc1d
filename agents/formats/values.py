"""Values of arguments: spelled as a template spells them, and read back."""

import json
from collections.abc import Mapping
from typing import Any, cast

from agents.formats.format import Arguments, Spelling
from agents.formats.json_spans import decoded
from agents.formats.loose import loose_value
from agents.formats.patterns import MismatchError, filled
from agents.formats.schema_types import allowed_types, json_type


def spelling_of(arguments: Arguments, kind: str) -> Spelling:
    """Return how values of a JSON type are written: as JSON where the description does not say."""
    return dict(arguments.spelling).get(cast("Any", kind), "json")


def spelled(value: object, arguments: Arguments) -> str:
    """Return a value as the format writes it."""
    match spelling_of(arguments, json_type(value)):
        case "raw":
            return str(value)
        case "python":
            return repr(value)
        case "quoted":
            return _quoted(value, arguments.quote)
        case "nested":
            return _nested(value, arguments)
        case _:
            return json.dumps(value, ensure_ascii=False)


def written_pairs(values: Mapping[str, Any], arguments: Arguments) -> str:
    """Return arguments as pairs."""
    types = cast("dict[str, str]", dict(arguments.types))
    return arguments.separator.join(
        filled(
            arguments.pair,
            key=key,
            value=spelled(value, arguments),
            type=types.get(json_type(value), ""),
        )
        for key, value in values.items()
    )


def _quoted(value: object, quote: str) -> str:
    if isinstance(value, str):
        return f"{quote}{value}{quote}"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{_quoted(below, quote)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_quoted(item, quote) for item in value) + "]"
    return json.dumps(value)


def _nested(value: object, arguments: Arguments) -> str:
    if isinstance(value, Mapping):
        return written_pairs(value, arguments)
    items = value if isinstance(value, list | tuple) else [value]
    return "".join(written_pairs({arguments.item: item}, arguments) for item in items)


def read_value(raw: str, schema: Mapping[str, Any], arguments: Arguments, marked_type: str = "") -> Any:
    """Return the value that a text between tags stands for.

    Where a string may stand there it is the text as it is; else JSON, or Python's spelling of it; a text
    that is neither stays a text. `marked_type` is what the tag itself says of the type.
    """
    types = _marked(arguments, marked_type) or allowed_types(schema)
    if spelling_of(arguments, "string") != "raw":
        return _plain(raw)
    if "null" in types and raw.strip() in ("null", "None"):
        return None
    if "string" in types:
        return raw
    return _plain(raw) if types else _guessed(raw)


def _marked(arguments: Arguments, marked_type: str) -> frozenset[str]:
    """Return the types that a tag's mark stands for."""
    return frozenset(kind for kind, mark in arguments.types if mark == marked_type)


def _plain(raw: str) -> Any:
    text = raw.strip()
    value = decoded(text)
    if value is not None or text == "null":
        return value
    try:
        return loose_value(text)
    except MismatchError:
        return raw


def _guessed(raw: str) -> Any:
    """Return a value of which nothing is known: JSON where it is plainly no text."""
    value = _plain(raw)
    return raw if isinstance(value, str) else value
