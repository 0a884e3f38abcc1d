"""Grammars (GBNF) that a model's output is held to: tool calls, objects of a schema, JSON, free text."""

import json
from collections.abc import Iterable, Sequence

from agents.schema_grammar import GrammarBuilder
from agents.schema_values import Schema
from agents.string_grammar import literal
from tools.registry import Tool

__all__ = [
    "TEXT_GRAMMAR",
    "GrammarBuilder",
    "call_grammar",
    "json_value_grammar",
    "literal",
    "names_grammar",
    "names_of_calls_grammar",
    "object_grammar",
    "text_grammar",
]

# Free text that cannot be taken for a call: it does not begin with a brace, nor with space before one.
_TEXT = r"[^{\x00-\x20] [^\x00]*"

OPENING = '{"tool": "'


def text_grammar(text: str | None = None) -> str:
    """Return the grammar of free text that is not taken for a call, or of what the expression `text` says."""
    return f"root ::= {text or _TEXT}\n"


TEXT_GRAMMAR = text_grammar()


def names_grammar(names: Iterable[str]) -> str:
    """Return the grammar of one of several names, and nothing else."""
    return f"root ::= {' | '.join(literal(name) for name in names)}\n"


def names_of_calls_grammar(names: Iterable[str]) -> str:
    """Return the grammar of the beginning of a call, up to the end of its name."""
    return f"root ::= {literal(OPENING)} ({' | '.join(literal(_json(name)[1:]) for name in names)})\n"


def call_grammar(
    tools: Iterable[Tool], *, also: Sequence[str] = (), or_text: bool = False, text: str | None = None
) -> str:
    """Return the grammar of one call of one of `tools`: `{"tool": NAME, "arguments": {...}}`.

    Each name in `also` may stand as a tool without arguments: `{"tool": NAME}`. With `or_text`, any
    text that does not begin with a brace may be written instead, or what the expression `text` says.
    Raises `ValueError`, which names the tool, where a tool's parameters have no grammar.
    """
    grammar = GrammarBuilder()
    calls = []
    for tool in tools:
        try:
            arguments = grammar.schema(tool.name, tool.parameters)
        except ValueError as error:
            raise ValueError(f"the tool {tool.name}: {error}") from error
        head = literal(f'{{"tool": {_json(tool.name)}, "arguments": ')
        calls.append(grammar.rule(f"{tool.name}-call", f'{head} {arguments} "}}"'))
    calls += [literal(f'{{"tool": {_json(name)}}}') for name in also]
    if not calls and or_text:
        return text_grammar(text)
    if not calls:
        raise ValueError("a call needs at least one tool")
    call = grammar.rule("call", " | ".join(calls))
    grammar.rule("root", f"{call} | {text or _TEXT}" if or_text else call)
    return grammar.text()


def object_grammar(schema: Schema) -> str:
    """Return the grammar of one JSON object of a schema. Raises `ValueError` where it has none."""
    grammar = GrammarBuilder()
    expression = grammar.schema("value", schema)
    grammar.rule("root", expression)
    return grammar.text()


def json_value_grammar(depth: int = 3) -> str:
    """Return the grammar of any JSON value, its arrays and objects at most `depth` deep (from 0)."""
    grammar = GrammarBuilder()
    grammar.rule("root", grammar.json_value(depth))
    return grammar.text()


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
