"""The control `cascade`: the base model first, and the agent only where it was not sure of its answer."""

from collections.abc import AsyncGenerator

from agents.base import AGENT as BASE
from agents.base import conversation
from agents.call import ModelCall
from agents.events import AgentStarted, AnswerChosen, Event, HandOff
from agents.model import Model
from agents.single import AGENT, single
from agents.think_first import ThinkFirst
from agents.turn import Turn
from tools.registry import Toolbox


async def cascade(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Answer with the base model where its tokens are likely enough on average, else with the agent."""
    yield AgentStarted(turn.t, BASE, turn.prompt)
    think = ThinkFirst(turn, model, BASE, conversation(turn), (BASE,))
    async for event in think:
        yield event
    first = ModelCall(
        turn, model, BASE, "answer", think.messages, turn.budget.tokens_to_act,
        logprobs=True,
        then=(AGENT,),
    )  # fmt: skip
    async for event in first:
        yield event
    sure = first.mean_logprob
    if sure >= turn.helps.unsure and first.answer.strip():
        yield AnswerChosen(turn.t, BASE, first.id, f"the base model was sure ({sure:.2f} nats a token)")
        return
    yield HandOff(turn.t, BASE, AGENT, turn.prompt)
    async for event in single(turn, model, tools):
        yield event
