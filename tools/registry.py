"""What a tool is, and the box of tools that an agent is given."""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tools.arguments import complaint
from tools.cutting import TokenCounter, cut_to_tokens, estimated_tokens
from tools.plain_text import one_line, plain, quoted
from tools.threads import in_thread

JsonSchema = Mapping[str, Any]
Effect = Literal["none", "writes", "reaches out"]
"""What a tool does beside answering: it changes something of the user's, or it runs or asks others."""

MAX_TOKENS = 500
# No tokenizer has tokens that are longer on average; what is far beyond any limit is not even cleaned.
_MAX_CHARACTERS_PER_TOKEN = 64


class ToolError(Exception):
    """A tool could not answer. The text is for the model: one sentence that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request with the call that serves it, and the answer to give from the tool's `result`."""

    request: str
    arguments: Mapping[str, Any]
    result: str
    answer: str


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it does, its arguments as a JSON Schema object, and how it runs.

    `run` takes the arguments by name, returns text, and raises `ToolError` for anything that the
    model got wrong. It must be safe to call from a thread, and bounded in time and memory. A tool with an
    `effect` is called only after the user was asked. `source` is who made it, for people. `timeout` is in
    seconds, where it differs from the box's.
    """

    name: str
    description: str
    parameters: JsonSchema
    examples: tuple[Example, ...]
    run: Callable[..., str]
    effect: Effect = "none"
    source: str = "slmtui"
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered: text, whether it is an error, and the tool's own seconds.

    `cut_tokens` is how many tokens of it were left out (0: none).
    """

    text: str
    status: Literal["ok", "error"]
    seconds: float
    cut_tokens: int = 0


class Toolbox:
    """The tools an agent may call, by name, in a fixed order.

    `timeout` is in seconds, by the event loop's clock. A result has at most `max_tokens` tokens as `count`
    counts them. `clock` (seconds) is read from the thread in which a tool runs. Raises `ValueError` for
    two tools of one name.
    """

    def __init__(
        self,
        tools: Iterable[Tool],
        *,
        timeout: float = 10.0,
        count: TokenCounter = estimated_tokens,
        max_tokens: int = MAX_TOKENS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are named {tool.name}")
            self._tools[tool.name] = tool
        self._timeout = timeout
        self._count = count
        self._max_tokens = max_tokens
        self._clock = clock

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tools, in order."""
        return tuple(self._tools)

    def get(self, name: str) -> Tool:
        """Return the tool of that name. Raises `KeyError`."""
        return self._tools[name]

    def only(self, names: Iterable[str]) -> "Toolbox":
        """Return a box with those of the named tools that this one has."""
        return self._with([self._tools[name] for name in names if name in self._tools])

    def counted_by(self, count: TokenCounter, max_tokens: int | None = None) -> "Toolbox":
        """Return a box of the same tools whose results are cut by another count of tokens."""
        return self._with(self, count, max_tokens)

    def _with(
        self, tools: Iterable[Tool], count: TokenCounter | None = None, max_tokens: int | None = None
    ) -> "Toolbox":
        return Toolbox(
            tools,
            timeout=self._timeout,
            count=count or self._count,
            max_tokens=max_tokens or self._max_tokens,
            clock=self._clock,
        )

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Run a tool in a thread and return what it said. Whether it may be run, the caller has asked.

        Never raises for what the model got wrong, nor for a bug in a tool: both are error results.
        After a timeout the thread is left to end by itself; it keeps nobody from ending the program.
        """
        started = self._clock()
        tool = self._tools.get(name)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return self._result(f"There is no tool named {quoted(name)}. Tools: {known}.", "error", started)
        wrong = complaint(arguments, tool.parameters)
        if wrong:
            return self._result(wrong, "error", started)
        seconds = self._timeout if tool.timeout is None else tool.timeout
        try:
            return await asyncio.wait_for(in_thread(lambda: self._call(tool, arguments), name), seconds)
        except TimeoutError:
            return self._result(f"{name} took longer than {seconds:g} s.", "error", started)

    def _call(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        started = self._clock()
        try:
            return self._result(tool.run(**arguments), "ok", started)
        except ToolError as error:
            return self._result(str(error), "error", started)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a bug in one tool must not end the turn
            text = f"{tool.name} failed ({type(error).__name__}: {one_line(str(error), 120)})."
            return self._result(text, "error", started)

    def _result(self, text: str, status: Literal["ok", "error"], started: float) -> ToolResult:
        """Return a result without anything that a terminal or a model might obey, and cut to its tokens."""
        seconds = self._clock() - started
        head = text[: self._max_tokens * _MAX_CHARACTERS_PER_TOKEN]
        kept, missing = cut_to_tokens(plain(head), self._max_tokens, self._count)
        if len(head) < len(text):
            shown = self._count(kept)
            missing = max(1, math.ceil((missing + shown) * len(text) / len(head)) - shown)
        if missing:
            kept += f" … ({missing} more tokens cut)"
        return ToolResult(kept, status, seconds, missing)
