"""The examples that show a model what to do: those nearest to the request become earlier turns.

A model of a few hundred million parameters cannot use a list of tools, but it can do again what was
done a moment ago. An example is a request, the choice made for it, what came back, and the answer.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agents.chat_examples import CHAT_EXAMPLES
from agents.message import Message
from agents.retrieval import Bm25
from tools.registry import Tool

NO_TOOL = "none"
SHOWN = 4

# Above the numbers of past turns: examples are left out after them.
_FIRST_GROUP = 1_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An example of any tool, or of none: `tool` is then `NO_TOOL`, and there is no result."""

    request: str
    tool: str
    arguments: Mapping[str, Any]
    result: str
    answer: str


class ExampleStore:
    """The examples of some tools, and those where no tool is right."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        # Chat comes first: where nothing in a request is like any example, equal scores choose it.
        self._examples = [Shown(request, NO_TOOL, {}, "", answer) for request, answer in CHAT_EXAMPLES]
        for tool in tools:
            self._examples += [
                Shown(e.request, tool.name, e.arguments, e.result, e.answer) for e in tool.examples
            ]
        self._index = Bm25([example.request for example in self._examples])

    def nearest(self, request: str, count: int = SHOWN) -> list[Shown]:
        """Return the examples most like a request, the nearest last: next to the request itself."""
        return [self._examples[i] for i in reversed(self._index.nearest(request, count))]


def call_text(name: str, arguments: Mapping[str, Any]) -> str:
    """Return a call as a model writes it, and as the grammar of `agents.grammar` spells it."""
    if name == NO_TOOL:
        return json.dumps({"tool": name})
    return json.dumps({"tool": name, "arguments": arguments}, ensure_ascii=False)


def observation(text: str) -> Message:
    """Return what a tool said, as the model is told it."""
    return Message("user", f"Result: {text}", "tool_result")


def as_turns(
    examples: Iterable[Shown],
    choice: Callable[[Shown], str],
    report: Callable[[Shown], str | None],
    before: int = 0,
) -> tuple[Message, ...]:
    """Return examples as earlier turns: the request, its choice, and after a report, the answer.

    `before` is the number of examples that stand in the conversation already.
    """
    messages: list[Message] = []
    for group, example in enumerate(examples, _FIRST_GROUP + before):
        said: list[tuple[Any, str]] = [("user", example.request), ("assistant", choice(example))]
        if (reported := report(example)) is not None:
            said += [("user", reported), ("assistant", example.answer)]
        messages += [Message(role, text, "example", group) for role, text in said]
    return tuple(messages)
