"""The examples that show a model what to do: those nearest to the request become earlier turns.

A model of a few hundred million parameters cannot use a list of tools, but it can do again what was
done a moment ago. An example is a request, the choice made for it, what came back, and the answer.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from agents.chat_examples import CHAT_EXAMPLES
from agents.message import Message
from agents.offers import offers
from agents.retrieval import Bm25, terms, terms_and_surface
from agents.surface import OPERATION
from agents.word_problems import CALCULATOR, analogies, word_problems
from tools.calculator import calculate
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
    """The examples of some tools, and those where no tool is right.

    The calculator's are more than its own: word problems come from `agents.word_problems`.
    """

    def __init__(self, tools: Iterable[Tool]) -> None:
        # Chat comes first: where nothing in a request is like any example, equal scores choose it.
        self._examples = [Shown(request, NO_TOOL, {}, "", answer) for request, answer in CHAT_EXAMPLES]
        self._tools = tuple(tools)
        for tool in self._tools:
            self._examples += [
                Shown(e.request, tool.name, e.arguments, e.result, e.answer) for e in tool.examples
            ]
        self._calculates = any(
            tool.name == CALCULATOR and "expression" in tool.parameters.get("properties", ())
            for tool in self._tools
        )
        if self._calculates:
            self._examples += [_solved(each.request, each.expression) for each in word_problems()]
        self._requests = tuple(example.request for example in self._examples)

    def nearest(self, request: str, count: int = SHOWN, *, similar: bool = True) -> list[Shown]:
        """Return the examples most like a request, the nearest last: next to the request itself.

        With `similar`, a request is like another in what it holds (dates, numbers, units, files), and a
        word problem in its structure too, and no example is of a tool that the request cannot be for;
        otherwise it is like another in its words alone.
        """
        ranked = _index(self._requests, similar).nearest(request, len(self._requests))
        fitting = {NO_TOOL, *(tool.name for tool in self._tools if not similar or offers(tool, request))}
        found = [e for i in ranked if (e := self._examples[i]).tool in fitting][:count]
        if similar and self._calculates and _is_problem(request, found):
            found = _with_problems(request, found)
        return found[::-1]


@lru_cache(maxsize=8)
def _index(requests: tuple[str, ...], similar: bool) -> Bm25:
    return Bm25(requests, terms_and_surface if similar else terms)


def _solved(request: str, expression: str) -> Shown:
    result = _result(expression)
    return Shown(request, CALCULATOR, {"expression": expression}, result, f"The answer is {result}.")


@lru_cache(maxsize=1024)
def _result(expression: str) -> str:
    return calculate(expression)


def _is_problem(request: str, found: list[Shown]) -> bool:
    """Whether most of what was found is for the calculator, and the arithmetic is told in words."""
    tools = Counter(example.tool for example in found)
    return tools[CALCULATOR] * 2 >= len(found) and not OPERATION.search(request)


def _with_problems(request: str, found: list[Shown]) -> list[Shown]:
    """Put the problems of the most similar structure in the places of what was found for the calculator."""
    problems = (word_problems()[i] for i in analogies().nearest(request, len(found)))
    solved = (_solved(each.request, each.expression) for each in problems)
    return [next(solved) if example.tool == CALCULATOR else example for example in found]


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
