"""The single agent: one agent with all the tools, in a think–act–observe loop."""

from collections.abc import AsyncGenerator

from agents.base import conversation
from agents.events import AgentStarted, Event
from agents.fallback import or_base
from agents.loop import ToolLoop
from agents.model import Model
from agents.prompts import system_of
from agents.turn import Turn
from tools.registry import Toolbox

AGENT = "agent"


async def single(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Let one agent answer, with the tools that it chooses."""
    yield AgentStarted(turn.t, AGENT, turn.prompt)
    # The same system text as the base paradigm's, so that both continue the same KV cache.
    loop = ToolLoop(
        turn, model, tools, AGENT, turn.prompt,
        before=(system_of(turn.helps, turn.system),),
        history=turn.history,
        plain=conversation(turn),
    )  # fmt: skip
    async for event in or_base(turn, model, tools, AGENT, loop):
        yield event
