"""Makes the arguments of foreign tools fit the grammars that models are held to."""

import dataclasses

from agents.grammar import object_grammar
from tools.foreign_schema import anything, loosened
from tools.registry import JsonSchema, Tool


def fitting(tool: Tool) -> Tool | None:
    """Return a tool whose arguments have a grammar: itself, or looser than it was; None where there is none.

    The tool itself still says what it does not take.
    """
    if has_grammar(tool.parameters):
        return tool
    loose = loosened(tool.parameters)
    for name, schema in loose["properties"].items():
        alone = {"type": "object", "properties": {name: schema}, "required": [name]}
        if not has_grammar(alone):
            loose["properties"][name] = anything(schema)
    return dataclasses.replace(tool, parameters=loose) if has_grammar(loose) else None


def has_grammar(schema: JsonSchema) -> bool:
    """Whether a grammar can hold what a schema allows."""
    try:
        object_grammar(schema)
    except (ValueError, TypeError, AttributeError, KeyError):  # a foreign schema may be no schema at all
        return False
    return True
