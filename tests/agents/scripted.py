"""A model that says what it is told to, and remembers what it was asked."""

import asyncio
import itertools
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from agents.budget import Limits
from agents.events import CallFinished, EngineFacts, Event, FinishReason, Mark, NamedChance, TextDelta
from agents.formats.format import GENERIC, CallFormat
from agents.helps import Helps
from agents.message import Message, Purpose, Sampling
from agents.model import CallEvent, Model, Request
from agents.turn import Paradigm, Turn
from slmtui.engine.text import PurposeTracker
from tools.registry import Toolbox

FACTS = EngineFacts("scripted", "0" * 64, "F32", "none", 1, 2048, 1, 0, "0", "here", "0")
T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """A reply with more than its text. `error` makes the call fail."""

    text: str
    finish: FinishReason = "stop"
    tokens: int = 2
    logprob: float = -0.1
    error: str = ""
    chances: tuple[NamedChance, ...] | None = None


@dataclass
class ScriptedModel:
    """Answers the calls with `replies`, in order, and fails without one.

    `sure` is the chance of a route. `special` are the texts that are special tokens: they come as marks.
    `others` are the models of agents that have their own.
    """

    replies: Sequence[str | Said]
    fail: str = ""
    sure: float = 0.95
    asked: list[Request] = field(default_factory=list)
    facts: EngineFacts = FACTS
    format: CallFormat = GENERIC
    special: tuple[str, ...] = ()
    others: dict[str, "ScriptedModel"] = field(default_factory=dict)

    def for_agent(self, agent: str) -> Model:
        return self.others.get(agent, self)

    async def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        self.asked.append(request)
        if stop.is_set():
            yield finished(request, 0, "cancelled")
            return
        if len(self.asked) > len(self.replies):
            yield finished(request, 0, "failed", self.fail)
            return
        reply = self.replies[len(self.asked) - 1]
        said = reply if isinstance(reply, Said) else Said(reply)
        if said.error:
            yield finished(request, 0, "failed", said.error)
            return
        for delta in self._deltas(request, said):
            await asyncio.sleep(0)
            yield delta
        reason = "length" if self._is_cut(said.text) else said.finish
        yield replace(finished(request, said.tokens, reason), choices=self._choices(request, said))

    def _choices(self, request: Request, said: Said) -> tuple[NamedChance, ...]:
        if request.named is None or said.chances is not None:
            return said.chances or ()
        return (NamedChance(said.text, self.sure), NamedChance("else", 1 - self.sure))

    def _deltas(self, request: Request, said: Said) -> Iterable[TextDelta]:
        tracker = PurposeTracker(request.purpose, request.switches)
        for n, part in enumerate(self._parts(said.text)):
            marks = (Mark(0, part),) if part in self.special else ()
            text = "" if marks else part
            purpose: Purpose = tracker.push(part)
            logprobs = (said.logprob,) if request.logprobs else ()
            yield TextDelta(n + 1.0, request.call, request.agent, purpose, text, (n + 1.0,), marks, logprobs)

    def _parts(self, text: str) -> list[str]:
        if not any(token in text for token in self.special):
            return [text[: len(text) // 2], text[len(text) // 2 :]]
        return [part for part in re.split(f"({'|'.join(map(re.escape, self.special))})", text) if part]

    def _is_cut(self, text: str) -> bool:
        return text.startswith("{") and not text.endswith("}")


def finished(request: Request, output: int, reason: FinishReason, error: str = "") -> CallFinished:
    return CallFinished(
        3.0, request.call, request.agent, request.purpose, reason,
        10, 4, 6, 0, output, (), 0.0, 0.0, 0.5, 1.0, 1.0, 0.0, 0.0, 12, 2048, 0, error,
    )  # fmt: skip


def turn(
    prompt: str,
    *history: Message,
    limits: Limits | None = None,
    helps: Helps | None = None,
    clock: Callable[[], float] | None = None,
) -> Turn:
    ids, seconds = itertools.count(1), itertools.count(0)
    return Turn(
        prompt=prompt,
        history=history,
        sampling=Sampling(seed=7),
        limits=limits or Limits(),
        clock=clock or (lambda: float(next(seconds))),
        started=0.0,
        new_id=lambda: f"id-{next(ids)}",
        helps=helps or Helps(),
    )


async def run(paradigm: Paradigm, asked: Turn, model: Model, tools: Toolbox) -> list[Event]:
    return [event async for event in paradigm(asked, model, tools)]


def of(events: Iterable[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def answer(events: list[Event]) -> str:
    """Return the text of the last call that wrote for the purpose `answer`."""
    deltas = [e for e in events if isinstance(e, TextDelta) and e.purpose == "answer"]
    return "".join(e.text for e in deltas if e.call == deltas[-1].call)
