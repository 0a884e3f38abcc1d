"""What a tool is, and the box of tools that an agent is given."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tools.arguments import complaint
from tools.plain_text import one_line, plain, quoted

JsonSchema = Mapping[str, Any]


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
    model got wrong. It must be safe to call from a thread, and bounded in time and memory.
    """

    name: str
    description: str
    parameters: JsonSchema
    examples: tuple[Example, ...]
    run: Callable[..., str]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered: text, whether it is an error, and the tool's own seconds."""

    text: str
    status: Literal["ok", "error"]
    seconds: float


class Toolbox:
    """The tools an agent may call, by name, in a fixed order.

    `timeout` is in seconds, by the event loop's clock; `max_chars` bounds a result. `clock` (seconds)
    is read from the thread in which a tool runs. Raises `ValueError` for two tools of one name.
    """

    def __init__(
        self,
        tools: Iterable[Tool],
        *,
        timeout: float = 10.0,
        max_chars: int = 2000,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are named {tool.name}")
            self._tools[tool.name] = tool
        self._timeout = timeout
        self._max_chars = max_chars
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
        chosen = [self._tools[name] for name in names if name in self._tools]
        return Toolbox(chosen, timeout=self._timeout, max_chars=self._max_chars, clock=self._clock)

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Run a tool in a thread and return what it said.

        Never raises for what the model got wrong, nor for a bug in a tool: both are error results.
        After a timeout the thread is left to end by itself, which every tool does: their work is bounded.
        """
        started = self._clock()
        tool = self._tools.get(name)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return self._result(f"There is no tool named {quoted(name)}. Tools: {known}.", "error", started)
        wrong = complaint(arguments, tool.parameters)
        if wrong:
            return self._result(wrong, "error", started)
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._call, tool, arguments), self._timeout)
        except TimeoutError:
            return self._result(f"{name} took longer than {self._timeout:g} s.", "error", started)

    def _call(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        started = self._clock()
        try:
            return self._result(tool.run(**arguments), "ok", started)
        except ToolError as error:
            return self._result(str(error), "error", started)
        except Exception as error:  # noqa: BLE001 - a bug in one tool must not end the turn
            text = f"{tool.name} failed ({type(error).__name__}: {one_line(str(error), 120)})."
            return self._result(text, "error", started)

    def _result(self, text: str, status: Literal["ok", "error"], started: float) -> ToolResult:
        text = plain(text)
        if len(text) > self._max_chars:
            text = text[: self._max_chars] + " … (cut)"
        return ToolResult(text, status, self._clock() - started)
