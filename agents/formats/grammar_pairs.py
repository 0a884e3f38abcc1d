"""GBNF for arguments that are written one by one."""

from collections.abc import Mapping
from typing import Any

from agents.formats.format import Arguments
from agents.formats.grammar_text import character_but, text_without
from agents.formats.patterns import filled, literal, split_at
from agents.formats.schema_types import allowed_types, branches, json_type
from agents.formats.spec import ToolSpec
from agents.formats.values import spelled, spelling_of
from agents.schema_grammar import MAX_ITEMS, GrammarBuilder, string_bounds
from agents.string_grammar import literal as quoted

MAX_DEPTH = 6
# What must be escaped between single quotes.
_ESCAPED = "'\\\n\t"
_TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")


class PairsGrammar:
    """Adds the rules for a format's arguments to a grammar."""

    def __init__(self, grammar: GrammarBuilder, arguments: Arguments) -> None:
        self._grammar, self._arguments = grammar, arguments
        self._definitions: dict[str, Any] = {}
        self._text = ""

    def of(self, tool: ToolSpec) -> str:
        """Return the expression of a tool's arguments, required ones first. Raises `ValueError`."""
        parameters = tool.parameters
        self._definitions = {key: parameters[key] for key in ("$defs", "definitions") if key in parameters}
        return self._members(tool.name, parameters, 0)

    def _members(self, name: str, schema: Mapping[str, Any], depth: int) -> str:
        properties = schema.get("properties") or {}
        required = [key for key in schema.get("required") or () if key in properties]
        pairs = {key: self._pair(name, key, below, depth) for key, below in properties.items()}
        separator = quoted(self._arguments.separator) if self._arguments.separator else ""
        return self._grammar.members(
            name,
            [pairs[key] for key in properties if key in required],
            [pairs[key] for key in properties if key not in required],
            separator,
        )

    def _pair(self, name: str, key: str, schema: object, depth: int) -> str:
        """Return the rule of one argument: a choice by type, where the tags say the type."""
        schema = schema if isinstance(schema, Mapping) else {}
        rule = f"{name}-{key}"
        marks: dict[str, list[str]] = {}
        for kind in self._kinds(schema):
            marks.setdefault(self._mark(kind), []).append(kind)
        choices = [
            self._tagged(key, mark, self._value(rule, schema, kinds, depth)) for mark, kinds in marks.items()
        ]
        return self._grammar.rule(rule, " | ".join(choices))

    def _kinds(self, schema: Mapping[str, Any]) -> list[str]:
        allowed = allowed_types(self._resolved(schema))
        kinds = [kind for kind in _TYPES if kind in allowed]
        if "number" in kinds and "integer" in kinds:
            kinds.remove("integer")
        return kinds or ["string"]

    def _mark(self, kind: str) -> str:
        return next((mark for known, mark in self._arguments.types if known == kind), "")

    def _tagged(self, key: str, mark: str, value: str) -> str:
        head, tail = split_at(self._arguments.pair, "value")
        before, behind = (filled(part, key=key, type=mark) for part in (head, tail))
        return " ".join(part for part in (_quoted(before), value, _quoted(behind)) if part)

    def _value(self, name: str, schema: Mapping[str, Any], kinds: list[str], depth: int) -> str:
        """Return the expression of a value of one of some types."""
        schema = self._resolved(schema)
        values = _fixed(schema, kinds)
        if values:
            return _either([quoted(spelled(value, self._arguments)) for value in values])
        return _either([self._of_kind(name, schema, kind, depth) for kind in self._readable(kinds)])

    def _readable(self, kinds: list[str]) -> list[str]:
        """Return the types that are told apart when read: between plain tags, whatever may be text is."""
        raw = "string" in kinds and spelling_of(self._arguments, "string") == "raw"
        return ["string"] if raw and not self._arguments.types else kinds

    def _of_kind(self, name: str, schema: Mapping[str, Any], kind: str, depth: int) -> str:
        schema = _branch(schema, kind)
        if kind == "string":
            return self._string(name, schema)
        if kind == "boolean":
            return _either([quoted(spelled(value, self._arguments)) for value in (True, False)])
        if kind == "null":
            return '"null"'
        if spelling_of(self._arguments, kind) in ("nested", "quoted"):
            return self._nested(name, schema, kind, depth)
        return self._grammar.schema(name, {**schema, "type": kind, **self._definitions})

    def _string(self, name: str, schema: Mapping[str, Any]) -> str:
        kind = spelling_of(self._arguments, "string")
        if kind == "json":
            return self._grammar.schema(name, {**schema, "type": "string"})
        if kind == "python":
            return self._python_string(name, schema)
        least, most = string_bounds(schema)
        text = f"{self._free_text()}{{{least},{most}}}"
        quote = quoted(self._arguments.quote) if kind == "quoted" else ""
        return f"{quote} {text} {quote}".strip()

    def _free_text(self) -> str:
        """Return the rule of text that ends before what closes a value."""
        if not self._text:
            closing = self._arguments.quote or literal(split_at(self._arguments.pair, "value")[1]).strip()
            self._text = text_without(self._grammar, "free-text", closing)
        return self._text

    def _python_string(self, name: str, schema: Mapping[str, Any]) -> str:
        """Return a string in either of Python's quotes, without escapes in the single ones."""
        least, most = string_bounds(schema)
        single = f'"\'" {character_but(_ESCAPED)}{{{least},{most}}} "\'"'
        return f"({self._grammar.schema(name, {**schema, 'type': 'string'})} | {single})"

    def _nested(self, name: str, schema: Mapping[str, Any], kind: str, depth: int) -> str:
        if depth >= MAX_DEPTH:
            raise ValueError(f"no grammar for arguments nested deeper than {MAX_DEPTH}")
        bracketed = not self._arguments.item
        if kind == "object":
            members = self._members(name, schema, depth + 1)
            return f'"{{" {members} "}}"' if bracketed else members or '""'
        items = schema.get("items")
        if not bracketed:
            return f"{self._pair(name, self._arguments.item, items, depth + 1)}{{1,{MAX_ITEMS}}}"
        schema = items if isinstance(items, Mapping) else {}
        item = self._grammar.rule(name, self._value(name, schema, self._kinds(schema), depth + 1))
        return f'"[" ({item} ("," {item}){{0,{MAX_ITEMS - 1}}})? "]"'

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the definition that a schema refers to, itself where it refers to none."""
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        found = self._definitions.get(reference.split("/")[1] if reference.startswith("#/") else "", {})
        target = found.get(reference.rpartition("/")[2]) if isinstance(found, Mapping) else None
        if isinstance(target, Mapping):
            return target
        raise ValueError(f"the $ref {reference!r} leads nowhere")


def _quoted(text: str) -> str:
    return quoted(text) if text else ""


def _either(expressions: list[str]) -> str:
    different = list(dict.fromkeys(expressions))
    return different[0] if len(different) == 1 else f"({' | '.join(different)})"


def _fixed(schema: Mapping[str, Any], kinds: list[str]) -> list[Any]:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if not isinstance(values, list):
        return []
    return [value for value in values if json_type(value) in kinds or "number" in kinds]


def _branch(schema: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Return the choice of a schema that allows a type, with its bounds."""
    found = next((branch for branch in branches(schema) if kind in allowed_types(branch)), schema)
    return {key: value for key, value in found.items() if key not in ("enum", "const")}
