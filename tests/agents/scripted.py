"""A model that says what it is told to, and remembers what it was asked."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.events import CallFinished, EngineFacts, Event, FinishReason, TextDelta
from agents.message import Message, Sampling
from agents.model import CallEvent, Model, Request
from agents.turn import Limits, Paradigm, Turn
from tools.registry import Toolbox

FACTS = EngineFacts("scripted", "0" * 64, "F32", "none", 1, 2048, 1, 0, "0", "here", "0")


@dataclass
class ScriptedModel:
    """Answers the calls with `replies`, in order. A reply that is an exception's text fails its call."""

    replies: list[str]
    fail: str = ""
    asked: list[Request] = field(default_factory=list)
    facts: EngineFacts = FACTS

    async def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        self.asked.append(request)
        if stop.is_set():
            yield finished(request, 0, "cancelled")
            return
        if not self.replies:
            yield finished(request, 0, "failed", self.fail)
            return
        text = self.replies.pop(0)
        opening = [s.purpose for s in request.switches if s.opening and text.startswith(s.marker)]
        purpose = opening[0] if opening else request.purpose
        for n, part in enumerate((text[: len(text) // 2], text[len(text) // 2 :])):
            yield TextDelta(n + 1.0, request.call, request.agent, purpose, part, (n + 1.0,))
        yield finished(request, 2, "stop")


def finished(request: Request, output: int, reason: FinishReason, error: str = "") -> CallFinished:
    return CallFinished(
        3.0, request.call, request.agent, request.purpose, reason,
        10, 4, 6, 0, output, (), 0.0, 0.0, 0.5, 1.0, 1.0, 0.0, 0.0, 12, 2048, 0, error,
    )  # fmt: skip


def turn(prompt: str, *history: Message, limits: Limits | None = None) -> Turn:
    ids, seconds = itertools.count(1), itertools.count(0)
    return Turn(
        prompt=prompt,
        history=history,
        sampling=Sampling(seed=7),
        limits=limits or Limits(),
        clock=lambda: float(next(seconds)),
        started=0.0,
        new_id=lambda: f"id-{next(ids)}",
    )


async def run(paradigm: Paradigm, asked: Turn, model: Model, tools: Toolbox) -> list[Event]:
    return [event async for event in paradigm(asked, model, tools)]


def answer(events: list[Event]) -> str:
    """Return the text of the last call that wrote for the purpose `answer`."""
    deltas = [e for e in events if isinstance(e, TextDelta) and e.purpose == "answer"]
    return "".join(e.text for e in deltas if e.call == deltas[-1].call)
