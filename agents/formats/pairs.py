"""Arguments written as pairs of tags: `<parameter=city>Rome</parameter>`, with values nested or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.formats.format import Arguments
from agents.formats.patterns import (
    MismatchError,
    UnfinishedError,
    filled,
    match,
    match_literal,
    skip_space,
    split_at,
)
from agents.formats.schema_types import allowed_types, branches
from agents.formats.values import read_value, spelling_of

MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair in a text: its key, the mark of its type, its value as written, and where it ends."""

    key: str
    type: str
    raw: str
    end: int


def read_pair(text: str, at: int, arguments: Arguments) -> Pair:
    """Read the pair that begins at a place. Raises as `patterns.match` does."""
    head, tail = split_at(arguments.pair, "value")
    found = match(text, at, head)
    key = found.values.get("key", "")
    closing = filled(tail, key=key, type=found.values.get("type", ""))
    core = closing.strip()
    end = _closed(text, found.end, core, filled(head.strip(), key=key, type="") if _nests(arguments) else "")
    raw = text[found.end : end]
    before = closing[: len(closing) - len(closing.lstrip())]
    if before and raw.endswith(before):
        raw = raw[: -len(before)]
    return Pair(key, found.values.get("type", ""), raw, match_literal(text, end, closing))


def _nests(arguments: Arguments) -> bool:
    return bool(arguments.item)


def _closed(text: str, at: int, closing: str, opening: str) -> int:
    """Return where a value's closing tag stands, past the pairs of the same key inside of it."""
    end = text.find(closing, at)
    while opening and end >= 0 and text.count(opening, at, end) > text.count(closing, at, end):
        end = text.find(closing, end + len(closing))
    if end < 0:
        raise UnfinishedError
    return end


def read_pairs(text: str, at: int, arguments: Arguments, *, whole: bool = False) -> tuple[list[Pair], int]:
    """Read pairs as long as there are any. Raises `UnfinishedError` where the text ends inside or behind one.

    A `whole` text may end behind one.
    """
    found: list[Pair] = []
    while True:
        if whole and skip_space(text, at) == len(text):
            return found, at
        try:
            pair = read_pair(text, _behind_separator(text, at, arguments) if found else at, arguments)
        except MismatchError:
            return found, at
        found.append(pair)
        at = pair.end


def _behind_separator(text: str, at: int, arguments: Arguments) -> int:
    try:
        return match_literal(text, at, arguments.separator)
    except MismatchError:
        return at


def values_of(pairs: list[Pair], schema: Mapping[str, Any], arguments: Arguments, depth: int = 0) -> Any:
    """Return the object that pairs are, their types taken from a schema of an object."""
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    return {pair.key: _value(pair, known.get(pair.key), arguments, depth) for pair in pairs}


def _value(pair: Pair, schema: object, arguments: Arguments, depth: int) -> Any:
    schema = schema if isinstance(schema, Mapping) else {}
    types = allowed_types(schema)
    if _nests(arguments) and "string" not in types and depth < MAX_DEPTH:
        nested = _nested(pair.raw, schema, types, arguments, depth)
        if nested is not None:
            return nested
    return read_value(pair.raw, schema, arguments, pair.type)


def _nested(
    raw: str, schema: Mapping[str, Any], types: frozenset[str], arguments: Arguments, depth: int
) -> dict[str, Any] | list[Any] | None:
    """Return the object or array that pairs inside a value make, None where there are none."""
    if not raw.strip():
        return {} if types == {"object"} else [] if types == {"array"} else None
    try:
        pairs, end = read_pairs(raw, 0, arguments, whole=True)
    except UnfinishedError:
        return None
    if not pairs or skip_space(raw, end) < len(raw):
        return None
    listed = all(pair.key == arguments.item for pair in pairs)
    if listed and ("array" in types or "object" not in types):
        items = _branch(schema, "items").get("items")
        return [_value(pair, items, arguments, depth + 1) for pair in pairs]
    found: dict[str, Any] = values_of(pairs, _branch(schema, "properties"), arguments, depth + 1)
    return found


def _branch(schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    """Return the choice of a schema that says something of a keyword."""
    return next((branch for branch in branches(schema) if keyword in branch), schema)


def has_raw_strings(arguments: Arguments) -> bool:
    """Whether strings stand between tags as they are."""
    return spelling_of(arguments, "string") == "raw"
