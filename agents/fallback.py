"""Falling back: an agent that fails its turn leaves the answer to the base model, and both are charged."""

from collections.abc import AsyncGenerator, AsyncIterable

from agents.base import base
from agents.events import AnswerChosen, CallStarted, Event, RungTaken, TextDelta
from agents.model import Model, ModelError
from agents.turn import Turn
from tools.registry import Toolbox


async def or_base(
    turn: Turn, model: Model, tools: Toolbox, agent: str, events: AsyncIterable[Event]
) -> AsyncGenerator[Event, None]:
    """Yield an agent's events; where it could not go on, or said nothing, the base model's after them.

    Thoughts and calls are no answer. Raises `ModelError` where the base model fails too, or the switch
    is off.
    """
    said: dict[str, bool] = {}
    answering, problem = "", ""
    try:
        async for event in events:
            if isinstance(event, CallStarted | AnswerChosen):
                answering = event.call
            elif isinstance(event, TextDelta) and event.purpose in ("answer", "handoff"):
                said[event.call] = said.get(event.call, False) or bool(event.text.strip())
            yield event
    except ModelError as error:
        if not turn.helps.fallback:
            raise
        problem = str(error) or "the model failed"
    if turn.helps.fallback and (problem or not said.get(answering)):
        yield RungTaken(turn.t, agent, answering, "fallback", problem or "the agent said nothing")
        async for event in base(turn, model, tools):
            yield event
