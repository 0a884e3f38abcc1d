"""What a tool is, and the box of tools that an agent is given."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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
    """The tools an agent may call, by name, in a fixed order."""

    def __init__(
        self,
        tools: Iterable[Tool],
        *,
        timeout: float = 10.0,
        max_chars: int = 2000,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._timeout = timeout
        self._max_chars = max_chars
        self._clock = clock

    def __iter__(self) -> Any:
        return iter(self._tools.values())

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
        """Run a tool in a thread and return what it said. Never raises for what the model got wrong."""
        started = self._clock()
        try:
            tool = self._tools[name]
        except KeyError:
            known = ", ".join(self._tools) or "none"
            return ToolResult(f"There is no tool named {name!r}. Tools: {known}.", "error", 0.0)
        try:
            text = await asyncio.wait_for(asyncio.to_thread(tool.run, **arguments), self._timeout)
        except ToolError as error:
            return ToolResult(str(error), "error", self._clock() - started)
        except TypeError as error:
            return ToolResult(f"{name} was called with wrong arguments: {error}", "error", self._clock() - started)
        except TimeoutError:
            return ToolResult(f"{name} took longer than {self._timeout:g} s.", "error", self._clock() - started)
        if len(text) > self._max_chars:
            text = text[: self._max_chars] + " … (cut)"
        return ToolResult(text, "ok", self._clock() - started)
