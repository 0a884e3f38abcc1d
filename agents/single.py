"""The single agent: one agent with all the tools, in a think–act–observe loop."""

from collections.abc import AsyncGenerator

from agents.base import SYSTEM, conversation
from agents.events import AgentStarted, Event
from agents.loop import ToolLoop
from agents.model import Model
from agents.turn import Turn
from tools.registry import Toolbox

AGENT = "agent"


async def single(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Let one agent answer, with the tools that it chooses."""
    yield AgentStarted(turn.t, AGENT, turn.prompt)
    # The same system text as the base paradigm's, so that both continue the same KV cache.
    loop = ToolLoop(
        turn, model, tools, AGENT, turn.prompt,
        before=(SYSTEM,),
        history=turn.history,
        plain=conversation(turn),
    )  # fmt: skip
    async for event in loop:
        yield event
