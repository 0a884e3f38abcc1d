"""Are the arguments of a call those that the tool's schema asks for?

Checked is the part of JSON Schema that tools use: types, `enum`, `const`, properties, items, `anyOf` and
`oneOf`, `$ref` to the schema's own definitions, and the bounds of numbers and lengths. Whatever else a
schema says is left to the tool, a `pattern` too: what it cannot read, it says itself. Names that a schema
does not have are refused unless it asks for them. A library would check more and explain it to people;
this is a sentence for a model, bounded in work, whatever an MCP server sends as its schema.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tools.plain_text import one_line, quoted

_MOST_STEPS = 2000
_DEEPEST = 40
_MOST_NAMED = 12


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
    "array": (lambda value: isinstance(value, list | tuple), "a list"),
    "object": (lambda value: isinstance(value, Mapping), "an object"),
    "null": (lambda value: value is None, "null"),
}
_NUMBER_BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool], str], ...] = (
    ("minimum", lambda value, bound: value >= bound, "at least"),
    ("maximum", lambda value, bound: value <= bound, "at most"),
    ("exclusiveMinimum", lambda value, bound: value > bound, "more than"),
    ("exclusiveMaximum", lambda value, bound: value < bound, "less than"),
)


def complaint(arguments: object, schema: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the arguments, as one sentence for a model, or None. Never raises."""
    if not isinstance(arguments, Mapping):
        return f"The arguments must be an object with: {_expected(schema)}."
    return _Check(schema).names(arguments, schema) or _Check(schema).members("", arguments, schema)


class _Check:
    """One check of a value against a schema, bounded in steps and depth: what goes beyond is let pass."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = _MOST_STEPS
        self._depth = 0

    def names(self, given: Mapping[str, Any], schema: Mapping[str, Any]) -> str | None:
        """Return what is wrong with the names of the arguments."""
        properties = _mapping(schema, "properties")
        if unknown := _unknown(given, schema):
            named = ", ".join(quoted(name) for name in unknown[:5])
            return f"Unknown argument {named}; the arguments are: {_expected(schema)}."
        missing = [name for name in _required(schema) if name not in given and name in properties]
        if missing:
            return f"Missing argument {', '.join(missing)}; the arguments are: {_expected(schema)}."
        return None

    def members(self, path: str, given: Mapping[str, Any], schema: Mapping[str, Any]) -> str | None:
        """Return what is wrong with the values of an object."""
        properties = _mapping(schema, "properties")
        more = schema.get("additionalProperties")
        for name, value in given.items():
            below = properties.get(name, more)
            place = f"{path}.{name}" if path else one_line(str(name), 60)
            if isinstance(below, Mapping) and (wrong := self.value(place, value, below)):
                return wrong
        return None

    def value(self, path: str, value: object, schema: Mapping[str, Any]) -> str | None:
        """Return what is wrong with a value at `path`."""
        if self._left <= 0 or self._depth >= _DEEPEST:
            return None
        self._left -= 1
        self._depth += 1
        try:
            return self._wrong(path, value, schema)
        finally:
            self._depth -= 1

    def _wrong(self, path: str, value: object, schema: Mapping[str, Any]) -> str | None:
        if "$ref" in schema:
            found = self._definition(schema["$ref"])
            return self.value(path, value, found) if found else None
        return (
            self._choices(path, value, schema)
            or _wrong_type(path, value, schema)
            or _wrong_choice(path, value, schema)
            or _out_of_bounds(path, value, schema)
            or self._parts(path, value, schema)
        )

    def _choices(self, path: str, value: object, schema: Mapping[str, Any]) -> str | None:
        """Return the complaint of the choice that comes nearest: of the value's own type, if there is one."""
        choices = schema.get("anyOf", schema.get("oneOf"))
        if not isinstance(choices, Sequence) or isinstance(choices, str):
            return None
        wrongs = []
        for choice in choices:
            if not isinstance(choice, Mapping):
                return None
            wrong = self.value(path, value, choice)
            if wrong is None:
                return None
            wrongs.append((_wrong_type(path, value, self._resolved(choice)) is not None, wrong))
        if len(wrongs) > 1 and all(other_type for other_type, _ in wrongs):
            called = _either([text for each in choices for text in _called(self._resolved(each))])
            return f"{path} must be {called}, not {quoted(value)}." if called else wrongs[0][1]
        return min(wrongs, key=lambda pair: pair[0])[1] if wrongs else None

    def _parts(self, path: str, value: object, schema: Mapping[str, Any]) -> str | None:
        if isinstance(value, Mapping) and ("properties" in schema or "additionalProperties" in schema):
            return self._object(path, value, schema)
        items = schema.get("items")
        if isinstance(value, list | tuple) and isinstance(items, Mapping):
            wrongs = (self.value(f"{path}[{n}]", item, items) for n, item in enumerate(value))
            return next((wrong for wrong in wrongs if wrong), None)
        return None

    def _object(self, path: str, value: Mapping[str, Any], schema: Mapping[str, Any]) -> str | None:
        if unknown := _unknown(value, schema):
            return f"{path} must not have {quoted(unknown[0])}; it may have: {_expected(schema)}."
        missing = [name for name in _required(schema) if name not in value]
        if missing:
            return f"{path} must have {missing[0]}; it may have: {_expected(schema)}."
        return self.members(path, value, schema)

    def _definition(self, reference: object) -> Mapping[str, Any] | None:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        found: Any = self._root
        for part in reference[2:].split("/"):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else None

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return (self._definition(schema["$ref"]) or {}) if "$ref" in schema else schema


def _wrong_type(path: str, value: object, schema: Mapping[str, Any]) -> str | None:
    kinds = [kind for kind in _types(schema) if kind in _TYPES]
    if not kinds or any(_TYPES[kind][0](value) for kind in kinds):
        return None
    return f"{path} must be {_either(_called(schema))}, not {quoted(value)}."


def _wrong_choice(path: str, value: object, schema: Mapping[str, Any]) -> str | None:
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if not isinstance(choices, list | tuple) or any(_same(value, choice) for choice in choices):
        return None
    named = ", ".join(one_line(str(choice), 60) for choice in itertools.islice(choices, _MOST_NAMED))
    several = "one of " if len(choices) > 1 else ""
    more = ", …" if len(choices) > _MOST_NAMED else ""
    return f"{path} must be {several}{named}{more}, not {quoted(value)}."


def _same(value: object, choice: object) -> bool:
    """Whether two JSON values are equal: for Python, true is also 1."""
    return value == choice and isinstance(value, bool) == isinstance(choice, bool)


def _out_of_bounds(path: str, value: object, schema: Mapping[str, Any]) -> str | None:
    if _is_number(value):
        for key, holds, words in _NUMBER_BOUNDS:
            bound = schema.get(key)
            if _is_number(bound) and not holds(value, bound):
                return f"{path} must be {words} {bound}, not {quoted(value)}."
    if isinstance(value, str):
        return _wrong_length(path, len(value), "characters", schema, "Length")
    if isinstance(value, list | tuple):
        return _wrong_length(path, len(value), "items", schema, "Items")
    return None


def _wrong_length(path: str, length: int, what: str, schema: Mapping[str, Any], suffix: str) -> str | None:
    least, most = schema.get(f"min{suffix}"), schema.get(f"max{suffix}")
    if isinstance(most, int) and length > most:
        return f"{path} is too long: {length} {what}, of which {most} are allowed."
    if isinstance(least, int) and length < least:
        return f"{path} is too short: {length} {what}, and {least} are needed."
    return None


def _types(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return [kinds]
    return [kind for kind in kinds if isinstance(kind, str)] if isinstance(kinds, list | tuple) else []


def _called(schema: Mapping[str, Any]) -> list[str]:
    return [_TYPES[kind][1] for kind in _types(schema) if kind in _TYPES]


def _either(words: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(words))


def _unknown(given: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    if schema.get("additionalProperties"):
        return []
    properties = _mapping(schema, "properties")
    return [name for name in given if name not in properties]


def _required(schema: Mapping[str, Any]) -> Iterator[str]:
    names = schema.get("required", ())
    return (name for name in names if isinstance(name, str)) if isinstance(names, list | tuple) else iter(())


def _mapping(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = schema.get(key)
    return found if isinstance(found, Mapping) else {}


def _expected(schema: Mapping[str, Any]) -> str:
    names = [one_line(str(name), 60) for name in _mapping(schema, "properties")]
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "") or "none"
