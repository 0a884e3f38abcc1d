"""The control `vote`: several answers of the base model, and the one that most of them agree on.

Wang et al., Self-Consistency Improves Chain of Thought Reasoning (2023). It gives the base model the
tokens that an agent spends: a difference that is left is not one of spending more.
"""

import re
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from agents.base import AGENT, conversation
from agents.call import ModelCall
from agents.events import AgentStarted, AnswerChosen, Event
from agents.message import Purpose, Sampling
from agents.model import Model
from agents.think_first import THINK_TOKENS, ThinkFirst
from agents.thoughts import thinks
from agents.together import together
from agents.turn import Turn
from tools.registry import Toolbox

TEMPERATURE = 0.7
"""Where the turn is greedy: equal answers would not be votes."""

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@dataclass(slots=True)
class _Sample:
    """One vote: what base does, with so many `tokens`. Iterating makes it."""

    turn: Turn
    model: Model
    tokens: int
    sampling: Sampling
    call: ModelCall | None = field(default=None, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        turn = self.turn
        thought = min(THINK_TOKENS, self.tokens // 2)
        think = ThinkFirst(
            turn, self.model, AGENT, conversation(turn), tokens=thought, sampling=self.sampling
        )
        async for event in think:
            yield event
        left = self.tokens - (thought if think.messages != conversation(turn) else 0)
        self.call = ModelCall(
            turn, self.model, AGENT, self._purpose, think.messages, left, sampling=self.sampling
        )
        async for event in self.call:
            yield event

    @property
    def _purpose(self) -> Purpose:
        """Until the votes are counted none is the answer; but thoughts are told apart from answers alone."""
        fmt = self.model.for_agent(AGENT).format
        return "answer" if thinks(fmt, thinking=self.turn.helps.think) else "think"

    @property
    def vote(self) -> str:
        """What it votes for; empty for no vote."""
        return agreed(self.call.answer) if self.call else ""


async def vote(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:  # noqa: ARG001
    """Let the samples share the turn's tokens, and answer with the first of those that most agree with."""
    yield AgentStarted(turn.t, AGENT, turn.prompt)
    count = min(max(1, turn.helps.votes), turn.budget.limits.max_tokens)
    tokens = turn.budget.limits.max_tokens // count
    samples = [_Sample(turn, model, tokens, _sampling(turn.sampling, n)) for n in range(count)]
    async for event in together(samples):
        yield event
    votes = Counter(sample.vote for sample in samples if sample.vote)
    chosen = max(samples, key=lambda sample: votes[sample.vote])
    most = votes[chosen.vote]
    assert chosen.call is not None
    yield AnswerChosen(turn.t, AGENT, chosen.call.id, f"{most} of {count} agree", most, count)


def _sampling(sampling: Sampling, n: int) -> Sampling:
    """Return the sampling of the n-th sample: a seed of its own, and a temperature that makes it differ."""
    return replace(sampling, temperature=sampling.temperature or TEMPERATURE, seed=sampling.seed + n)


def agreed(text: str) -> str:
    """Return what two answers must share to agree: the last number in them, else all their words."""
    numbers = _NUMBER.findall(text)
    if numbers:
        last: str = numbers[-1].replace(",", "")
        return last.rstrip("0").rstrip(".") if "." in last else last
    return " ".join(re.findall(r"\w+", text.lower()))
