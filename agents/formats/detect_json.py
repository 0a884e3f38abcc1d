"""Where a call's name and arguments lie, if the call is a JSON object."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agents.formats.format import Fields
from agents.formats.json_spans import as_object
from agents.formats.probe import IDS


def json_fields(text: str, arguments: Mapping[str, Any], name: str) -> Fields | None:
    """Return the keys of a call's parts, None where the call is no JSON object."""
    for value in _values(text):
        for call in value if isinstance(value, list) else [value]:
            fields = _fields(call, arguments, name) if isinstance(call, dict) else None
            if fields is not None:
                return fields
    return None


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values that a text holds, from the outside in."""
    decoder = json.JSONDecoder()
    for at, sign in enumerate(text):
        if sign in "{[":
            try:
                yield decoder.raw_decode(text, at)[0]
            except ValueError:
                continue


def _fields(call: dict[str, Any], arguments: Mapping[str, Any], name: str) -> Fields | None:
    paths = dict(_paths(call))
    if call.get(name) == arguments:
        return Fields(name=(), arguments=())
    named = next((path for path, value in paths.items() if value == name), None)
    given = next((path for path, value in paths.items() if _is(value, arguments)), None)
    if named is None or given is None:
        return None
    ids = (path for path, value in paths.items() if value in (*IDS, "0", "1", 0, 1) and value is not False)
    return Fields(named, given, next(ids, ()))


def _is(value: object, arguments: Mapping[str, Any]) -> bool:
    return value == arguments or (isinstance(value, str) and as_object(value) == arguments)


def _paths(value: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, below in value.items():
        yield (*above, key), below
        if isinstance(below, dict):
            yield from _paths(below, (*above, key))
