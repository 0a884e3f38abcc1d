"""One call of the model, as an agent makes it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.budget import Budget
from agents.events import CallFinished, CallStarted, Event, Mark, NamedChance, TextDelta
from agents.formats.spec import ToolSpec
from agents.message import Message, Purpose, Sampling
from agents.model import Model, ModelError, NamedSet, PurposeSwitch, Request
from agents.thoughts import prompt_opens_thoughts, thought_switches
from agents.turn import Turn

# Repetition is not penalised either: a call copies numbers, and numbers repeat their digits.
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


class TurnStopped(Exception):  # noqa: N818 - nothing went wrong: the user asked for it
    """The user stopped the turn."""


@dataclass(slots=True)
class ModelCall:
    """A call that is made by iterating over it: its events come out, and what it wrote is there at the end.

    With `greedy`, the likeliest token is taken whatever the turn's sampling, as befits a choice; another
    `sampling` may be given. With `triggers` the grammar is lazy. `then` names the agents that the turn
    may call after this call, and `budget` is spent besides the turn's.

    With a `beginning` the output goes on from it, without thoughts of its own before.

    `text` is what was written without special tokens, `raw` with them, `answer` what was written for the
    call's own purpose, and `mean_logprob` a token's log-probability where the call asked for them.
    `in_thoughts` says that the output began within the model's thoughts.
    Raises `ModelError` when the model could not answer, and `TurnStopped` when the user stopped it.
    """

    turn: Turn
    model: Model
    agent: str
    purpose: Purpose
    messages: tuple[Message, ...]
    max_tokens: int
    grammar: str | None = None
    switches: tuple[PurposeSwitch, ...] = ()
    triggers: tuple[str, ...] = ()
    greedy: bool = False
    then: tuple[str, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    named: NamedSet | None = None
    logprobs: bool = False
    sampling: Sampling | None = None
    beginning: str = ""
    budget: Budget | None = None
    id: str = field(default="", init=False)
    text: str = field(default="", init=False)
    raw: str = field(default="", init=False)
    answer: str = field(default="", init=False)
    choices: tuple[NamedChance, ...] = field(default=(), init=False)
    finished: CallFinished | None = field(default=None, init=False)
    in_thoughts: bool = field(default=False, init=False)
    _logprobs: list[float] = field(default_factory=list, init=False)

    @property
    def mean_logprob(self) -> float:
        """The mean natural log-probability of the drawn tokens; 0 where the call did not ask."""
        return sum(self._logprobs) / len(self._logprobs) if self._logprobs else 0.0

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Make the call."""
        model = self.model.for_agent(self.agent)
        request = self._request(model)
        self.id = request.call
        other = model.facts.model if model.facts != self.model.facts else ""
        yield CallStarted(
            t=self.turn.t,
            call=request.call,
            agent=self.agent,
            purpose=self.purpose,
            messages=self.messages,
            constrained=self.grammar is not None,
            max_tokens=request.max_tokens,
            greedy=self.greedy,
            model=other,
            tools=tuple(tool.name for tool in self.tools),
            beginning=self.beginning,
        )
        ending: tuple[Mark, ...] = ()
        async for event in model.stream(request, self.turn.stop):
            if isinstance(event, TextDelta):
                ending = self._take(event)
            yield event
            if isinstance(event, CallFinished):
                self._finish(event, ending)

    def _request(self, model: Model) -> Request:
        turn = self.turn
        sampling = self.sampling or turn.sampling
        # A grammar from the first token on leaves no room for thoughts, nor does an answer that has begun.
        free = (self.grammar is None or bool(self.triggers)) and not self.beginning
        thinking = turn.helps.think and free
        self.in_thoughts = free and prompt_opens_thoughts(model.format, thinking=thinking)
        thoughts = thought_switches(model.format, self.purpose, thinking=thinking) if free else ()
        return Request(
            call=turn.new_id(),
            agent=self.agent,
            purpose=self.purpose,
            messages=self.messages,
            sampling=GREEDY if self.greedy else sampling,
            max_tokens=max(1, self.max_tokens),
            started=turn.started,
            grammar=self.grammar,
            switches=(*thoughts, *self.switches),
            triggers=self.triggers,
            turn=turn.id,
            then=self.then,
            cold=turn.cold,
            logprobs=self.logprobs,
            named=self.named,
            tools=self.tools,
            thinking=thinking,
            beginning=self.beginning,
        )

    def _take(self, delta: TextDelta) -> tuple[Mark, ...]:
        """Take what was written, and return the special tokens that end it."""
        self.text += delta.text
        self.raw += with_marks(delta.text, delta.marks)
        if delta.purpose == self.purpose:
            self.answer += delta.text
        self._logprobs += delta.logprobs
        return tuple(mark for mark in delta.marks if mark.offset == len(delta.text))

    def _finish(self, event: CallFinished, ending: tuple[Mark, ...]) -> None:
        self.finished, self.choices = event, event.choices
        (self.budget or self.turn.budget).spend(tokens=event.output_tokens)
        if event.finish_reason == "stop" and ending:  # the token that ended the output is no part of it
            self.raw = self.raw.removesuffix(ending[-1].token)
        if event.finish_reason == "failed":
            raise ModelError(event.error)
        if event.finish_reason == "cancelled":
            raise TurnStopped


def with_marks(text: str, marks: tuple[Mark, ...]) -> str:
    """Return a text with the special tokens that stood in it, as text."""
    parts: list[str] = []
    at = 0
    for mark in marks:
        parts += [text[at : mark.offset], mark.token]
        at = mark.offset
    return "".join((*parts, text[at:]))
