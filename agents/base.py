"""The base paradigm: the model alone. The conversation, one call."""

from collections.abc import AsyncGenerator

from agents.call import ModelCall
from agents.events import AgentStarted, Event
from agents.message import Message
from agents.model import Model
from agents.turn import Turn
from tools.registry import Toolbox

AGENT = "assistant"
SYSTEM = Message("system", "You are a helpful assistant.", "system")


async def base(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:  # noqa: ARG001
    """Answer with one call over the conversation; no tool is used."""
    yield AgentStarted(turn.t, AGENT, turn.prompt)
    async for event in ModelCall(turn, model, AGENT, "answer", conversation(turn), turn.limits.max_tokens):
        yield event


def conversation(turn: Turn) -> tuple[Message, ...]:
    """Return the conversation so far and the prompt, as every paradigm shows it to the model."""
    return (SYSTEM, *turn.history, Message("user", turn.prompt, "user"))
