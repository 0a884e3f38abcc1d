"""Tools for tests of agents."""

from dataclasses import replace
from typing import Any

from agents.formats.format import CallFormat, Reasoning, Tools
from agents.message import ToolCall
from tools.registry import Effect, Example, Tool, Toolbox, ToolError


def add(a: float, b: float) -> str:
    if a > 1e6:
        raise ToolError("a is too large")
    return f"{a + b:g}"


NUMBERS: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
    "required": ["a", "b"],
}
NOTHING: dict[str, Any] = {"type": "object", "properties": {}}
TEXT: dict[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}

CALCULATOR = Tool(
    "calculator",
    "adds",
    NUMBERS,
    (
        Example("What is 1 + 2?", {"a": 1, "b": 2}, "3", "1 + 2 is 3."),
        Example("How much is 4 + 5?", {"a": 4, "b": 5}, "9", "It is 9."),
    ),
    add,
)
TODAY = Tool(
    "today",
    "tells the date",
    NOTHING,
    (Example("What day is it?", {}, "Monday", "Monday."),),
    lambda: "Monday",
)


def writer_tool(kept: list[str], effect: Effect = "writes") -> Tool:
    """Return a tool that keeps texts, and asks first."""

    def keep(text: str) -> str:
        kept.append(text)
        return f"kept {len(kept)}"

    examples = (Example("Keep the word milk", {"text": "milk"}, "kept 1", "It is kept."),)
    return Tool("keep_text", "keeps a text", TEXT, examples, keep, effect)


BOX = Toolbox([CALCULATOR])
BOTH = Toolbox([CALCULATOR, TODAY])

CALL = '{"tool": "calculator", "arguments": {"a": 20, "b": 3}}'
NONE = '{"tool": "none"}'

HERMES = CallFormat(
    kind="json",
    call='<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>',
    separator="\n",
    reasoning=Reasoning("<think>", "</think>"),
    tools=Tools(variable="tools"),
)
"""A format with tags around each call, whose model may think first."""
HERMES_TOKENS = ("<tool_call>", "</tool_call>", "<think>", "</think>", "<|im_end|>")


def native(*calls: str) -> str:
    """Return calls, each the JSON of its object, as a model of the format `HERMES` writes them."""
    return "\n".join(f"<tool_call>\n{call}\n</tool_call>" for call in calls)


THINKER = replace(HERMES, reasoning=Reasoning("<think>", "</think>", switch="thinking", on=True, off=False))

NATIVE = '{"name": "calculator", "arguments": {"a": 20, "b": 3}}'
CALLED = ToolCall("calculator", {"a": 20, "b": 3})
