"""Grammars (GBNF) that a model's output is held to: tool calls from JSON Schema, choices, and answers.

Strings and arrays are bounded, since a small model can loop inside one. Spaces stand exactly where
`json.dumps` puts them, so that examples in a prompt and constrained output look the same.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.registry import Tool

MAX_STRING = 120
MAX_ITEMS = 8

# Free text that cannot be taken for a call: it does not begin with a brace, nor with space before one.
_TEXT = r"[^{\x00-\x20] [^\x00]*"

TEXT_GRAMMAR = f"root ::= {_TEXT}\n"

_SHARED = r"""
string-char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]
integer ::= "-"? ("0" | [1-9] [0-9]{0,14})
number ::= integer ("." [0-9]{1,12})?
boolean ::= "true" | "false"
"""


class GrammarBuilder:
    """Collects the rules of one grammar. The last word is `text()`."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}

    def rule(self, name: str, body: str) -> str:
        """Add a rule and return its name."""
        self._rules[name] = body
        return name

    def schema(self, name: str, schema: Mapping[str, Any]) -> str:
        """Return the expression of a JSON Schema: enum, string, number, integer, boolean, array, object.

        Raises `ValueError` for what no tool of ours needs, so that it is not silently unconstrained.
        """
        if "enum" in schema:
            return "(" + " | ".join(literal(json.dumps(value)) for value in schema["enum"]) + ")"
        match schema.get("type"):
            case "string":
                longest = min(int(schema.get("maxLength", MAX_STRING)), MAX_STRING)
                return rf'"\"" {_character(schema)}{{1,{longest}}} "\""'
            case "number" | "integer" | "boolean" as kind:
                return str(kind)
            case "array":
                return self._array(name, schema)
            case "object":
                return self._object(name, schema)
            case other:
                raise ValueError(f"no grammar for a schema of type {other!r}")

    def text(self) -> str:
        """Return the grammar."""
        return "\n".join(f"{name} ::= {body}" for name, body in self._rules.items()) + "\n" + _SHARED

    def _array(self, name: str, schema: Mapping[str, Any]) -> str:
        item = self.rule(f"{name}-item", self.schema(f"{name}-item", schema["items"]))
        more = min(int(schema.get("maxItems", MAX_ITEMS)), MAX_ITEMS) - 1
        return f'"[" ({item} (", " {item}){{0,{more}}})? "]"'

    def _object(self, name: str, schema: Mapping[str, Any]) -> str:
        """Required properties come first and in order; optional ones may follow, in order."""
        properties = schema.get("properties", {})
        required = [key for key in properties if key in schema.get("required", ())]
        optional = [key for key in properties if key not in required]
        parts = [self._pair(name, key, properties[key]) for key in required]
        body = ' ", " '.join(parts)
        for key in optional:
            pair = self._pair(name, key, properties[key])
            body += f' (", " {pair})?' if parts else f" {pair}?"
            parts.append(pair)
        return f'"{{" {body} "}}"'

    def _pair(self, name: str, key: str, schema: Mapping[str, Any]) -> str:
        rule = self.rule(f"{name}-{_rule_name(key)}", self.schema(f"{name}-{_rule_name(key)}", schema))
        return f"{literal(json.dumps(key) + ': ')} {rule}"


def _character(schema: Mapping[str, Any]) -> str:
    """Return what one character of a string may be: a pattern of one class, `^[...]+$`, or any."""
    pattern = schema.get("pattern")
    if pattern is None:
        return "string-char"
    if match := re.fullmatch(r"\^(\[[^\]\[\\\"]+\])\+\$", pattern):
        return match[1]
    raise ValueError(f"no grammar for the pattern {pattern!r}: write it as one class, ^[...]+$")


def literal(text: str) -> str:
    """Return a text as a GBNF literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _rule_name(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text)


def call_grammar(tools: Iterable[Tool], *, also: Sequence[str] = (), or_text: bool = False) -> str:
    """Return the grammar of one call of one of `tools`: `{"tool": NAME, "arguments": {...}}`.

    Each name in `also` may stand as a tool without arguments: `{"tool": NAME}`. With `or_text`, any
    text that does not begin with a brace may be written instead.
    """
    grammar = GrammarBuilder()
    calls = []
    for tool in tools:
        rule = _rule_name(tool.name)
        arguments = grammar.rule(f"{rule}-arguments", grammar.schema(rule, tool.parameters))
        head = literal(f'{{"tool": {json.dumps(tool.name)}, "arguments": ')
        calls.append(grammar.rule(f"{rule}-call", f'{head} {arguments} "}}"'))
    calls += [literal(json.dumps({"tool": name})) for name in also]
    grammar.rule("call", " | ".join(calls))
    grammar.rule("root", f"call | {_TEXT}" if or_text else "call")
    return grammar.text()


def object_grammar(schema: Mapping[str, Any]) -> str:
    """Return the grammar of one JSON object of a schema."""
    grammar = GrammarBuilder()
    grammar.rule("root", grammar.schema("value", schema))
    return grammar.text()
