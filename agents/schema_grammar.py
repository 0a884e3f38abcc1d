"""From JSON Schema to GBNF, everything bounded: strings, arrays, digits and depth.

Strings and arrays are bounded, since a small model can loop inside one. Spaces stand exactly where
`json.dumps` puts them, so that examples in a prompt and constrained output look the same. A keyword
that no rule is written for raises `ValueError`, so that nothing is silently unconstrained.
"""

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from agents.number_grammar import LARGEST, integers, numbers
from agents.schema_values import TYPES, Schema, apart, fixed_values, types_of
from agents.string_grammar import any_character, literal, pattern_character

MAX_STRING = 120
MAX_ITEMS = 8
MAX_SCHEMA_DEPTH = 24

_SHARED = {
    "string-char": any_character(),
    "integer": '"-"? ("0" | [1-9] [0-9]{0,14})',
    "number": 'integer ("." [0-9]{1,12})?',
    "boolean": '"true" | "false"',
}
_STRING = rf'"\"" string-char{{0,{MAX_STRING}}} "\""'
_SCALAR = 'string | number | boolean | "null"'

# What a schema may say of any value without asking anything of it.
_NOTES = frozenset(
    [
        *("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format"),
        *("discriminator", "$schema", "$id", "$comment", "$defs", "definitions"),
    ]
)
_RANGE = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern"),
    "number": _RANGE,
    "integer": _RANGE,
    "boolean": (),
    "null": (),
    "array": ("items", "minItems", "maxItems"),
    "object": ("properties", "required", "additionalProperties"),
}


class GrammarBuilder:
    """Collects the rules of one grammar. The last word is `text()`."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}
        self._root: Schema = {}
        self._references: dict[str, str] = {}
        self._open: list[str] = []
        self._depth = 0

    def rule(self, name: str, body: str) -> str:
        """Add a rule and return its name: with a number after it where the name is taken."""
        name = re.sub(r"[^A-Za-z0-9-]", "-", name)
        unique, number = name, 1
        while unique in self._rules or unique in _SHARED:
            number += 1
            unique = f"{name}-{number}"
        self._rules[unique] = body
        return unique

    def schema(self, name: str, schema: Schema) -> str:
        """Return the expression of a JSON Schema, its rules' names beginning with `name`.

        Supported are every type, a list of types, `enum`, `const`, `anyOf`, `oneOf` of choices that are
        plainly apart, `$ref` to the schema's own `$defs`, the bounds of lengths and of numbers, and a
        `pattern` of one class. Raises `ValueError` for all else, and for what recurses.
        """
        self._root, self._references = schema, {}
        return self._expression(name, schema)

    def json_value(self, depth: int) -> str:
        """Return the expression of any JSON value, with arrays and objects `depth` deep."""
        rule = self._scalar()
        for level in range(1, depth + 1):
            pair = self.rule(f"pair-{level}", f'string ": " {rule}')
            array, nested = _array(rule, 0, MAX_ITEMS), f'"{{" ({_listed(pair, 1, MAX_ITEMS)})? "}}"'
            rule = self.rule(f"value-{level}", f"scalar | {array} | {nested}")
        return rule

    def text(self) -> str:
        """Return the grammar."""
        return "".join(f"{name} ::= {body}\n" for name, body in (self._rules | _SHARED).items())

    def _expression(self, name: str, schema: Any) -> str:
        self._depth += 1
        if self._depth > MAX_SCHEMA_DEPTH:
            raise ValueError(f"no grammar for a schema nested deeper than {MAX_SCHEMA_DEPTH}")
        expression = self._kind(name, _mapping(schema))
        self._depth -= 1
        return expression

    def _kind(self, name: str, schema: Schema) -> str:
        if "$ref" in schema:
            return self._reference(name, schema)
        if (values := fixed_values(schema)) is not None:
            _only(schema, ("type", "enum", "const"), "fixed values")
            return _either([literal(_json(value)) for value in values])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._choices(name, schema, keyword)
        return self._typed(name, schema)

    def _typed(self, name: str, schema: Schema) -> str:
        types = types_of(schema)
        unknown = [kind for kind in types if kind not in TYPES]
        if unknown:
            raise ValueError(f"no grammar for a schema of type {unknown[0]!r}")
        keywords = [keyword for kind in types for keyword in _KEYWORDS[kind]]
        _only(schema, ("type", *keywords), f"type {' or '.join(types) or 'any'}")
        if "number" in types:
            types = [kind for kind in types if kind != "integer"]
        return _either([self._type(name, kind, schema) for kind in types]) if types else self._scalar()

    def _type(self, name: str, kind: str, schema: Schema) -> str:
        match kind:
            case "string":
                return _string(schema)
            case "number" | "integer":
                return _number(kind, schema)
            case "array":
                return self._array(name, schema)
            case "object":
                return self._object(name, schema)
            case "null":
                return '"null"'
            case _:
                return kind

    def _choices(self, name: str, schema: Schema, keyword: str) -> str:
        _only(schema, (keyword,), keyword)
        choices = schema[keyword]
        if not choices:
            raise ValueError(f"no grammar for an empty {keyword}")
        if keyword == "oneOf":
            for n, one in enumerate(choices):
                if not all(apart(one, other, self._resolve) for other in choices[:n]):
                    raise ValueError("no grammar for a oneOf whose choices may overlap: write anyOf")
        return _either([self._expression(f"{name}-{n}", choice) for n, choice in enumerate(choices, 1)])

    def _reference(self, name: str, schema: Schema) -> str:
        """Return the rule of a definition, made when it is first referred to."""
        _only(schema, ("$ref",), "a $ref")
        reference = schema["$ref"]
        if reference in self._open or reference == "#":
            raise ValueError(f"no grammar for the recursive $ref {reference!r}: it would have no bound")
        if reference not in self._references:
            self._open.append(reference)
            expression = self._expression(name, self._definition(reference))
            self._references[reference] = self.rule(f"{name}-ref", expression)
            self._open.pop()
        return self._references[reference]

    def _definition(self, reference: str) -> Any:
        match = re.fullmatch(r"#/(\$defs|definitions)/([^/]+)", reference)
        if match is None:
            raise ValueError(f"no grammar for the $ref {reference!r}: only #/$defs/… is followed")
        definitions = self._root.get(match[1], {})
        key = unquote(match[2]).replace("~1", "/").replace("~0", "~")
        if key not in definitions:
            raise ValueError(f"the $ref {reference!r} leads nowhere")
        return definitions[key]

    def _resolve(self, schema: Any) -> Schema:
        """Return what a schema refers to, itself where it refers to nothing."""
        for _ in range(MAX_SCHEMA_DEPTH):
            found = _mapping(schema)
            if "$ref" not in found:
                return found
            schema = self._definition(found["$ref"])
        raise ValueError("no grammar for a $ref that leads to another without end")

    def _scalar(self) -> str:
        self._rules.setdefault("string", _STRING)
        self._rules.setdefault("scalar", _SCALAR)
        return "scalar"

    def _array(self, name: str, schema: Schema) -> str:
        least, most = _bounds(schema, "minItems", "maxItems", MAX_ITEMS, 0)
        if schema.get("items") is False:
            if least:
                raise ValueError("no grammar for an array with items of which none is allowed")
            most = 0
        if not most:
            return '"[]"'
        item = self.rule(f"{name}-item", self._expression(f"{name}-item", schema.get("items", {})))
        return _array(item, least, most)

    def _object(self, name: str, schema: Schema) -> str:
        """Required properties come first and in order; any of the optional ones may follow, in order."""
        properties, required = schema.get("properties", {}), schema.get("required", ())
        missing = [key for key in required if key not in properties]
        if missing:
            raise ValueError(f"the required property {missing[0]!r} has no schema among the properties")
        more = schema.get("additionalProperties")
        if not properties and isinstance(more, Mapping) and more:
            return self._map(name, more)
        pairs = {key: self._pair(name, key, below) for key, below in properties.items()}
        first = [pair for key, pair in pairs.items() if key in required]
        others = [pair for key, pair in pairs.items() if key not in required]
        return f'"{{" {self.members(name, first, others)} "}}"'

    def members(
        self, name: str, required: Sequence[str], optional: Sequence[str], separator: str = '", "'
    ) -> str:
        """Return the expression of all required pairs, and then any of the optional ones, in order.

        Each optional pair has a rule for it and those after it: as many rules as pairs, not as subsets.
        `separator` is the expression of what stands between two.
        """
        rest = ""
        firsts = []
        for pair in reversed(optional):
            firsts.append(f"{pair} {rest}".rstrip())
            rest = self.rule(f"{name}-rest", f"({separator} {pair})? {rest}".rstrip())
        if required:
            return (f" {separator} ".join(required) + f" {rest}").rstrip()
        return f"({' | '.join(reversed(firsts))})?" if firsts else ""

    def _pair(self, name: str, key: str, schema: Any) -> str:
        rule = self.rule(f"{name}-{key}", self._expression(f"{name}-{key}", schema))
        return f"{literal(_json(key) + ': ')} {rule}"

    def _map(self, name: str, schema: Schema) -> str:
        self._scalar()
        pair = self.rule(f"{name}-pair", f'string ": " {self._expression(f"{name}-value", schema)}')
        return f'"{{" ({_listed(pair, 1, MAX_ITEMS)})? "}}"'


def _mapping(schema: object) -> Schema:
    """Return a schema as a mapping: `true` allows what an empty one does."""
    if isinstance(schema, Mapping):
        return schema
    if schema is True:
        return {}
    raise ValueError(f"no grammar for the schema {schema!r}")


def _only(schema: Schema, keywords: Collection[str], what: str) -> None:
    for key in schema:
        if key not in keywords and key not in _NOTES:
            raise ValueError(f"no grammar for {key!r} in a schema of {what}")


def _bounds(schema: Schema, low: str, high: str, most: int, least: int) -> tuple[int, int]:
    """Return how many at least and at most: of the schema's own bounds, `most` and, by default, `least`."""
    for key in (low, high):
        value = schema.get(key, 0)
        if not isinstance(value, int) or value < 0:
            raise ValueError(f"no grammar for the {key} {value!r}")
    most = min(schema.get(high, most), most)
    least = schema.get(low, min(least, most))
    if least > most:
        raise ValueError(f"no grammar for the {low} {least}: at most {most} can be written")
    return least, most


def string_bounds(schema: Schema) -> tuple[int, int]:
    """Return how many characters a string has at least and at most: not none unless the schema says so.

    Raises `ValueError` where no number fits.
    """
    return _bounds(schema, "minLength", "maxLength", MAX_STRING, 1)


def _string(schema: Schema) -> str:
    """Return a string, which is not empty unless the schema says that it may be."""
    least, most = string_bounds(schema)
    pattern = schema.get("pattern")
    if pattern is None:
        return rf'"\"" string-char{{{least},{most}}} "\""'
    least = max(1, least)
    if most < least:
        raise ValueError(f"no grammar for the pattern {pattern!r} in an empty string")
    return rf'"\"" {pattern_character(pattern)}{{{least},{most}}} "\""'


def _number(kind: str, schema: Schema) -> str:
    bounds = [key for key in _RANGE if key in schema]
    if not bounds:
        return kind
    whole = kind == "integer"
    for key in bounds:
        _check_bound(key, schema[key], whole=whole)
    low = max(math.ceil(schema.get("minimum", -LARGEST)), -LARGEST)
    high = min(math.floor(schema.get("maximum", LARGEST)), LARGEST)
    if not whole:
        return numbers(low, high)
    low = max(low, math.floor(schema.get("exclusiveMinimum", -LARGEST - 1)) + 1)
    high = min(high, math.ceil(schema.get("exclusiveMaximum", LARGEST + 1)) - 1)
    return integers(low, high)


def _check_bound(key: str, value: object, *, whole: bool) -> None:
    """Refuse what is no bound, and what the grammar of decimals could not keep exactly."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"no grammar for the {key} {value!r}")
    if not whole and (key.startswith("exclusive") or value != int(value)):
        raise ValueError(f"no grammar for the {key} {value!r} of a number: only whole, inclusive bounds")


def _array(item: str, least: int, most: int) -> str:
    if least:
        return f'"[" {_listed(item, least, most)} "]"'
    return f'"[" ({_listed(item, 1, most)})? "]"'


def _listed(item: str, least: int, most: int) -> str:
    """Return items with commas between, at least one of them."""
    return f'{item} (", " {item}){{{least - 1},{most - 1}}}'


def _either(expressions: Sequence[str]) -> str:
    different = list(dict.fromkeys(expressions))
    return different[0] if len(different) == 1 else f"({' | '.join(different)})"


def _json(value: Any) -> str:
    """Return a value as JSON; characters that UTF-8 has no bytes for are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() or _encodable(text) else json.dumps(value)


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
