"""Thinking before acting, for models that have no way of their own."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.budget import Budget
from agents.call import ModelCall
from agents.events import Event
from agents.message import Message, Sampling
from agents.model import Model
from agents.prompts import GO_ON, asked_to_think
from agents.thoughts import has_thoughts
from agents.turn import Turn

THINK_TOKENS = 160
"""The most that is thought before acting."""


@dataclass(slots=True)
class ThinkFirst:
    """Lets a model think about a conversation before it acts, if the turn's switches say so.

    Iterating makes the call; `messages` is then the conversation with the thoughts in it. Models that
    have thoughts of their own think within the next call, and need none. At most `tokens` are thought,
    counted by `budget` or the turn's.
    """

    turn: Turn
    model: Model
    agent: str
    messages: tuple[Message, ...]
    then: tuple[str, ...] = ()
    budget: Budget | None = None
    tokens: int = THINK_TOKENS
    sampling: Sampling | None = None
    _thoughts: str = field(default="", init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Think. Raises as `ModelCall` does."""
        if not self.turn.helps.think or has_thoughts(self.model.for_agent(self.agent).format):
            return
        *before, prompt = self.messages
        budget = self.budget or self.turn.budget
        call = ModelCall(
            self.turn, self.model, self.agent, "think", (*before, asked_to_think(prompt)),
            max_tokens=min(self.tokens, budget.tokens_to_act),
            then=(self.agent,),
            budget=budget,
            sampling=self.sampling,
        )  # fmt: skip
        async for event in call:
            yield event
        self._thoughts = call.text.strip()
        self.messages = self.after(self.messages)

    def after(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Return a conversation with what was thought behind its last prompt, if anything was."""
        if not self._thoughts:
            return messages
        *before, prompt = messages
        return (*before, asked_to_think(prompt), Message("assistant", self._thoughts, "history"), GO_ON)
