"""What passes between one agent and its model in a turn: messages, calls, and what they were held to."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from agents.budget import Budget
from agents.call import ModelCall
from agents.dialect import Dialect, Hold, Reply
from agents.events import Event
from agents.message import Message, Purpose, ToolCall
from agents.model import Model
from agents.turn import Turn

CALL_TOKENS = 200
"""The most that a call of a tool, and nothing else, may take."""

NOTHING = Reply("", "", ())


@dataclass(slots=True)
class Talk:
    """An agent's conversation with its model. `then` names the agents that come after it.

    After `ask` has been iterated over, `call` is what was made, `reply` what it says, and `truncated`
    whether it was cut off by its limit of tokens.
    """

    turn: Turn
    model: Model
    agent: str
    dialect: Dialect
    budget: Budget
    messages: tuple[Message, ...]
    then: tuple[str, ...] = ()
    call: ModelCall | None = field(default=None, init=False)
    reply: Reply = field(default=NOTHING, init=False)

    async def ask(self, purpose: Purpose, hold: Hold) -> AsyncGenerator[Event, None]:
        """Call the model over the messages so far. Raises as `ModelCall` does."""
        self.call = ModelCall(
            self.turn, self.model, self.agent, purpose, self.messages,
            max_tokens=self._tokens(purpose),
            grammar=hold.grammar,
            triggers=hold.triggers,
            greedy=purpose in ("call", "repair"),
            switches=hold.switches,
            then=(self.agent, *self.then),
            tools=self.dialect.specs,
            budget=self.budget,
        )  # fmt: skip
        async for event in self.call:
            yield event
        self.reply = self.dialect.read(self.call.raw, in_thoughts=self.call.in_thoughts)

    @property
    def truncated(self) -> bool:
        """Whether the last call was cut off."""
        ended = self.call.finished if self.call else None
        return ended is not None and ended.finish_reason == "length"

    def add_calls(self, calls: tuple[ToolCall, ...]) -> None:
        """Put what was written, as these calls, behind the messages."""
        self.messages = (*self.messages, self.dialect.said(self.reply, calls))

    def add_results(self, results: Sequence[tuple[ToolCall, str]]) -> None:
        """Put what the tools answered behind the messages; later calls may take arguments from it."""
        self.messages = (*self.messages, *self.dialect.answered(results))
        self.dialect = self.dialect.freed()

    def add(self, *messages: Message) -> None:
        """Put messages behind the others."""
        self.messages = (*self.messages, *messages)

    def _tokens(self, purpose: Purpose) -> int:
        left = self.budget.tokens_to_act
        return min(CALL_TOKENS, left) if purpose in ("call", "repair") else left
