"""One call of the model, as a paradigm makes it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.events import CallFinished, CallStarted, Event, TextDelta
from agents.message import Message, Purpose, Sampling
from agents.model import Model, ModelError, PurposeSwitch, Request
from agents.turn import Turn

# Repetition is not penalised either: a call copies numbers, and numbers repeat their digits.
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


class TurnStopped(Exception):  # noqa: N818 - nothing went wrong: the user asked for it
    """The user stopped the turn."""


@dataclass(slots=True)
class ModelCall:
    """A call that is made by iterating over it: its events come out, and its `text` is there at the end.

    With `greedy`, the likeliest token is taken whatever the turn's sampling, as befits a choice. `then`
    names the agents that the turn may call after this call.
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
    greedy: bool = False
    then: tuple[str, ...] = ()
    text: str = field(default="", init=False)
    output_tokens: int = field(default=0, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Make the call."""
        request = Request(
            call=self.turn.new_id(),
            agent=self.agent,
            purpose=self.purpose,
            messages=self.messages,
            sampling=GREEDY if self.greedy else self.turn.sampling,
            max_tokens=max(1, self.max_tokens),
            started=self.turn.started,
            grammar=self.grammar,
            switches=self.switches,
            turn=self.turn.id,
            then=self.then,
            cold=self.turn.cold,
        )
        yield CallStarted(
            t=self.turn.t,
            call=request.call,
            agent=self.agent,
            purpose=self.purpose,
            messages=self.messages,
            constrained=self.grammar is not None,
            max_tokens=request.max_tokens,
            greedy=self.greedy,
        )
        written: list[str] = []
        async for event in self.model.stream(request, self.turn.stop):
            if isinstance(event, TextDelta):
                written.append(event.text)
            yield event
            if isinstance(event, CallFinished):
                self.text = "".join(written)
                self.output_tokens = event.output_tokens
                _raise_for(event)


def _raise_for(event: CallFinished) -> None:
    if event.finish_reason == "failed":
        raise ModelError(event.error)
    if event.finish_reason == "cancelled":
        raise TurnStopped
