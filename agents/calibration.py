"""A choice among tools, weighed against what the model would choose for no request at all.

Zhao et al., Calibrate Before Use (2021): a small model favours the names that its prompt has made
likely. Dividing each name's probability by that after an empty request takes this out.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.budget import Budget
from agents.call import ModelCall
from agents.events import Event, NamedChance
from agents.examples import NO_TOOL
from agents.grammar import OPENING, names_of_calls_grammar
from agents.message import Message
from agents.model import Model, NamedSet
from agents.turn import Turn
from tools.registry import Tool

_TOKENS = 32


@dataclass(slots=True)
class CalibratedChoice:
    """Makes the two calls; `names` is then the tool that won, or several that begin alike.

    `asked` is the conversation up to the request, and `empty` the same up to an empty one.
    """

    turn: Turn
    model: Model
    agent: str
    tools: tuple[Tool, ...]
    budget: Budget
    asked: tuple[Message, ...]
    empty: tuple[Message, ...]
    names: tuple[str, ...] = field(default=(), init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Ask about both. Raises as `ModelCall` does."""
        chances = []
        for messages in (self.empty, self.asked):
            call = self._call(messages)
            async for event in call:
                yield event
            chances.append(call.choices)
        self.names = calibrated(*chances) or (*(tool.name for tool in self.tools), NO_TOOL)

    def _call(self, messages: tuple[Message, ...]) -> ModelCall:
        names = (*(tool.name for tool in self.tools), NO_TOOL)
        return ModelCall(
            self.turn, self.model, self.agent, "call", messages, _TOKENS,
            grammar=names_of_calls_grammar(names),
            greedy=True,
            then=(self.agent,),
            named=NamedSet(OPENING, names),
            budget=self.budget,
        )  # fmt: skip


def calibrated(empty: tuple[NamedChance, ...], asked: tuple[NamedChance, ...]) -> tuple[str, ...]:
    """Return the names whose chance grew most over that for an empty request; none where nothing is known."""
    before = {chance.name: chance.probability for chance in empty}
    grown = [(chance.probability / max(before.get(chance.name, 0.0), 1e-6), chance.name) for chance in asked]
    return tuple(max(grown)[1].split("|")) if grown else ()
