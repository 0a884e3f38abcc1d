"""Asks the user before a tool writes or reaches out: a question goes to the chat, a decision comes back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.message_pump import MessagePump

from agents.events import Decision

if TYPE_CHECKING:
    from tools.registry import Tool


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a tool may be called with these arguments. `answer` is done as soon as nobody waits for it."""

    tool: str
    effect: str
    arguments: Mapping[str, Any]
    answer: asyncio.Future[Decision]


class ApprovalWanted(Message):
    """A running turn asks the user something."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


@dataclass(frozen=True, slots=True)
class ScreenApprover:
    """Asks through `target`. A turn that is stopped, or left, has its answer: no."""

    target: MessagePump
    stop: asyncio.Event

    async def ask(self, tool: "Tool", arguments: Mapping[str, Any]) -> Decision:
        """Return what the user says to a call of a tool."""
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        halt = asyncio.ensure_future(self.stop.wait())
        try:
            if self.stop.is_set() or not self.target.post_message(
                ApprovalWanted(Question(tool.name, tool.effect, dict(arguments), answer))
            ):
                return "no"
            waited: set[asyncio.Future[Any]] = {answer, halt}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() and not answer.cancelled() else "no"
        finally:
            halt.cancel()
            answer.cancel()  # a screen that still shows the question closes by it
