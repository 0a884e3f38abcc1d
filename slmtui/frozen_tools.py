"""The tools of a turn that runs again: what the stored turn was told is told again, and the rest is run.

A result is frozen by the hash of a call's name and arguments. Of several results of the same call the
first comes first, and the last comes again when they are used up: what was once written is not written
twice. A call that the stored turn did not make is run as ever, and asked about as ever.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.events import ApprovalGiven, Event, ToolFinished, ToolStarted
from sessions.steps import canonical
from tools.approval import Approver, Decision
from tools.registry import Tool, Toolbox, ToolResult


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call of a tool in a turn that runs again: `frozen` says that its result is the stored turn's."""

    name: str
    arguments: Mapping[str, Any]
    frozen: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    """What came back of a stored call, and whether the user had refused it."""

    result: ToolResult
    refused: bool


@dataclass(slots=True)
class FrozenTools:
    """The results of a stored turn's calls, made from its events; none of them are kept when all run live.

    `tell` hears of every call as it is made; `made` has them all, in order.
    """

    events: Iterable[Event]
    tell: Callable[[MadeCall], None] = lambda _made: None
    made: list[MadeCall] = field(default_factory=list, init=False)
    _stored: dict[str, list[_Stored]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for name, arguments, stored in _results(self.events):
            self._stored.setdefault(call_hash(name, arguments), []).append(stored)

    @property
    def frozen(self) -> int:
        """How many results came from the stored turn."""
        return sum(made.frozen for made in self.made)

    @property
    def live(self) -> int:
        """How many calls were run."""
        return len(self.made) - self.frozen

    def box(self, live: Toolbox) -> Toolbox:
        """Return a box of the same tools, whose results are the stored ones where there are any."""
        return _FrozenBox(live, self)

    def approver(self, live: Approver) -> Approver:
        """Return an approver that answers for stored calls as the user once did, and asks about others."""
        return _FrozenApprover(live, self)

    def refused(self, name: str, arguments: Mapping[str, Any]) -> bool | None:
        """Return whether the user had refused a call; None for one that the stored turn did not make."""
        stored = self._stored.get(call_hash(name, arguments))
        return stored[0].refused if stored else None

    def take(self, name: str, arguments: Mapping[str, Any]) -> ToolResult | None:
        """Return the next stored result of a call, and tell of it; None for a call that is to be run."""
        stored = self._stored.get(call_hash(name, arguments))
        self._tell(MadeCall(name, arguments, frozen=stored is not None))
        if stored is None:
            return None
        return (stored.pop(0) if len(stored) > 1 else stored[0]).result

    def _tell(self, made: MadeCall) -> None:
        self.made.append(made)
        self.tell(made)


def call_hash(name: str, arguments: Mapping[str, Any]) -> str:
    """Return the SHA-256 by which a call of a tool is known, in hexadecimal."""
    return hashlib.sha256(f"{name}\n{canonical(arguments)}".encode("utf-8", "surrogatepass")).hexdigest()


class _FrozenBox(Toolbox):
    """A box that asks the stored turn first."""

    def __init__(self, live: Toolbox, frozen: FrozenTools) -> None:
        super().__init__(live)
        self._live = live
        self._frozen = frozen

    def only(self, names: Iterable[str]) -> Toolbox:
        return _FrozenBox(self._live.only(names), self._frozen)

    def counted_by(self, count: Callable[[str], int], max_tokens: int | None = None) -> Toolbox:
        return _FrozenBox(self._live.counted_by(count, max_tokens), self._frozen)

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        return self._frozen.take(name, arguments) or await self._live.run(name, arguments)


@dataclass(frozen=True, slots=True)
class _FrozenApprover:
    live: Approver
    frozen: FrozenTools

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
        """Answer as the user did; allowing once is enough, so that no live call goes unasked after it."""
        refused = self.frozen.refused(tool.name, arguments)
        if refused is None:
            return await self.live.ask(tool, arguments)
        if refused:
            self.frozen.take(tool.name, arguments)  # a refused call is not run, so nobody else takes it
        return "no" if refused else "once"


def _results(events: Iterable[Event]) -> Iterator[tuple[str, Mapping[str, Any], _Stored]]:
    """Yield every call of a tool that came back, with what it came back with. It took no time this time."""
    called: dict[str, Mapping[str, Any]] = {}
    refused: set[str] = set()
    for event in events:
        match event:
            case ApprovalGiven(decision="no"):
                refused.add(event.tool_call)
            case ToolStarted():
                called[event.tool_call] = event.arguments
            case ToolFinished() if event.tool_call in called:
                result = ToolResult(event.result, event.status, 0.0, event.cut_tokens)
                stored = _Stored(result, event.tool_call in refused)
                yield event.name, called[event.tool_call], stored
            case _:
                pass
