"""The base paradigm: the model alone. The conversation, one call."""

from collections.abc import AsyncGenerator

from agents.call import ModelCall
from agents.events import AgentStarted, Event
from agents.message import Message
from agents.model import Model
from agents.prompts import system_of
from agents.think_first import ThinkFirst
from agents.turn import Turn
from tools.registry import Toolbox

AGENT = "assistant"


async def base(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:  # noqa: ARG001
    """Answer with one call over the conversation; no tool is used.

    A turn with a beginning goes on from it, at once: nothing is thought before an answer that has begun.
    Whatever paradigm had begun it, only this one can go on, for half an answer is no step of an agent.
    """
    yield AgentStarted(turn.t, AGENT, turn.prompt)
    first = ThinkFirst(turn, model, AGENT, conversation(turn))
    if not turn.beginning:
        async for event in first:
            yield event
    async for event in ModelCall(
        turn, model, AGENT, "answer", first.messages, turn.budget.tokens_left, beginning=turn.beginning
    ):
        yield event


def conversation(turn: Turn) -> tuple[Message, ...]:
    """Return the conversation so far and the prompt, as every paradigm shows it to the model."""
    return (system_of(turn.helps, turn.system), *turn.history, Message("user", turn.prompt, "user"))
