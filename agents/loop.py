"""The think–act–observe loop of one agent: choose a tool, call it, look at the result, go on or answer.

The first choice is held to a call by a grammar, `none` among the tools. After a result the model may
write another call or, as free text, the answer. Whatever ends the loop, a last call must answer.
"""

import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.call import ModelCall, TurnStopped
from agents.events import Event, LimitReached, ToolFinished, ToolStarted
from agents.examples import NO_TOOL, ExampleStore, Shown, as_turns, call_text, observation
from agents.grammar import TEXT_GRAMMAR, call_grammar
from agents.message import Message, Purpose
from agents.model import Model, PurposeSwitch
from agents.placement import with_examples
from agents.turn import Turn
from tools.registry import Toolbox

CALL_TOKENS = 200
_CALL_OPENS = PurposeSwitch("{", "call", opening=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """A call that a model wrote."""

    name: str
    arguments: dict[str, Any]


NOTHING = Choice(NO_TOOL, {})
CUT_OFF = Choice("", {})


def parse_choice(text: str) -> Choice:
    """Return the call in a text that begins as one: `CUT_OFF` when it does not end as one."""
    try:
        written = json.loads(text)
        return Choice(written["tool"], written.get("arguments", {}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return CUT_OFF


def _as_turns(examples: Iterable[Shown], before: int) -> tuple[Message, ...]:
    """Return examples as past calls of the agent."""
    return as_turns(
        examples,
        choice=lambda example: call_text(example.tool, example.arguments),
        report=lambda example: None if example.tool == NO_TOOL else observation(example.result).content,
        before=before,
    )


@dataclass(slots=True)
class ToolLoop:
    """One agent with tools, at work on one task. Iterating runs it; `answer` is there at the end.

    `before` precedes all else, and `history` is the conversation that examples are put into. `plain` is
    the prompt for an answer when no tool is wanted. `answer_purpose` is what the agent's last words are
    for: `answer`, or `handoff` when they go to another agent; `then` names the agents that come after it.
    """

    turn: Turn
    model: Model
    tools: Toolbox
    agent: str
    task: str
    before: tuple[Message, ...]
    plain: tuple[Message, ...]
    history: tuple[Message, ...] = ()
    answer_purpose: Purpose = "answer"
    then: tuple[str, ...] = ()
    answer: str = field(default="", init=False)
    _messages: tuple[Message, ...] = field(default=(), init=False)
    _text: str = field(default="", init=False)
    _last_grammar: str | None = field(default=None, init=False)
    _tokens: int = field(default=0, init=False)
    _made: list[Choice] = field(default_factory=list, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Run the loop. Raises as `ModelCall` does."""
        if self.tools.names:
            async for event in self._use_tools():
                yield event
        else:
            self._messages = self.plain
        if not self.answer:
            async for event in self._ask(self.answer_purpose, self._last_grammar, last=True):
                yield event
            self.answer = self._text

    async def _use_tools(self) -> AsyncGenerator[Event, None]:
        """Choose, call and observe until there is an answer, or until no more tool may be called."""
        examples = ExampleStore(self.tools)
        conversation = with_examples(self.history, self.task, examples.nearest, _as_turns)
        self._messages = (*self.before, *conversation, Message("user", self.task, "user"))
        async for event in self._ask("call", call_grammar(self.tools, also=(NO_TOOL,))):
            yield event
        while self._text.lstrip().startswith("{"):
            choice = parse_choice(self._text)
            if choice == NOTHING:
                self._messages = self.plain
                return
            if (limit := self._limit(choice)) is not None:
                yield limit
                self._last_grammar = TEXT_GRAMMAR
                return
            async for event in self._act(choice):
                yield event
            async for event in self._ask(self.answer_purpose, call_grammar(self.tools, or_text=True)):
                yield event
        self.answer = self._text

    async def _ask(
        self, purpose: Purpose, grammar: str | None, *, last: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Call the model over the messages so far; its text is then in `_text`."""
        left = max(1, self.turn.limits.max_tokens - self._tokens)
        call = ModelCall(
            self.turn, self.model, self.agent, purpose, self._messages,
            max_tokens=min(CALL_TOKENS, left) if purpose == "call" else left,
            grammar=grammar,
            greedy=purpose == "call",
            switches=(_CALL_OPENS,) if grammar is not None and purpose != "call" else (),
            then=self.then if last else (self.agent, *self.then),
        )  # fmt: skip
        async for event in call:
            yield event
        self._text = call.text
        self._tokens += call.output_tokens

    async def _act(self, choice: Choice) -> AsyncGenerator[Event, None]:
        """Call the tool, and put the call and its result behind the messages."""
        if self.turn.stop.is_set():
            raise TurnStopped
        self._made.append(choice)
        tool_call = self.turn.new_id()
        yield ToolStarted(self.turn.t, tool_call, self.agent, choice.name, choice.arguments)
        result = await self.tools.run(choice.name, choice.arguments)
        yield ToolFinished(
            self.turn.t, tool_call, self.agent, choice.name, result.text, result.status, result.seconds
        )
        written = Message("assistant", self._text, "history")
        self._messages = (*self._messages, written, observation(result.text))

    def _limit(self, choice: Choice) -> LimitReached | None:
        """Return why the loop must end here, or None."""
        limits, t = self.turn.limits, self.turn.t
        if choice == CUT_OFF or self._tokens >= limits.max_tokens:
            return LimitReached(t, self.agent, "tokens", f"a call was cut off after {self._tokens} tokens")
        if choice in self._made:
            detail = f"{choice.name} was called again with the same arguments"
            return LimitReached(t, self.agent, "repeat", detail)
        if len(self._made) >= limits.max_steps:
            return LimitReached(t, self.agent, "steps", f"{len(self._made)} tool calls were made")
        if t >= limits.max_seconds:
            return LimitReached(t, self.agent, "seconds", f"{t:.1f} s had passed")
        return None
