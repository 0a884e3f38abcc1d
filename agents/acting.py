"""Calling a tool for an agent: the user's leave where it is needed, the call, and what came back."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agents.call import TurnStopped
from agents.events import ApprovalAsked, ApprovalGiven, Decision, Event, ToolFinished, ToolStarted
from agents.message import ToolCall
from agents.turn import Turn
from tools.registry import Toolbox, ToolResult

T = TypeVar("T")
REFUSED = ToolResult("The user did not allow this call.", "error", 0.0)


@dataclass(slots=True)
class Acting:
    """One call of a tool. Iterating makes it, and `result` is there at the end. Raises `TurnStopped`.

    `waited` is how many seconds the user took to allow it.
    """

    turn: Turn
    agent: str
    tools: Toolbox
    call: ToolCall
    result: ToolResult = field(default=REFUSED, init=False)
    waited: float = field(default=0.0, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Ask the user if need be, and call the tool."""
        turn, name, arguments = self.turn, self.call.name, self.call.arguments
        if turn.stop.is_set():
            raise TurnStopped
        tool_call, tool = turn.new_id(), self.tools.get(name)
        decision: Decision = "once"
        if turn.approvals.needed(tool):
            yield ApprovalAsked(turn.t, tool_call, self.agent, name, arguments)
            asked = turn.t
            decision = await self._unless_stopped(turn.approver.ask(tool, arguments))
            self.waited = turn.t - asked
            if decision == "session":
                turn.approvals.allow(name)
            yield ApprovalGiven(turn.t, tool_call, self.agent, name, decision)
        yield ToolStarted(turn.t, tool_call, self.agent, name, arguments)
        if decision != "no":
            self.result = await self._unless_stopped(self.tools.run(name, arguments))
        result = self.result
        yield ToolFinished(
            turn.t, tool_call, self.agent, name, result.text, result.status, result.seconds, result.cut_tokens
        )

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of some work, unless the turn is stopped before."""
        working = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self.turn.stop.wait())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if self.turn.stop.is_set():
                raise TurnStopped
            return working.result()
        finally:
            for each in (working, stopped):
                each.cancel()
            await asyncio.gather(working, stopped, return_exceptions=True)
