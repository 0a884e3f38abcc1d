"""Turns written by hand for the ledger, in milliseconds: calls with an exact account, tools, readings."""

from collections.abc import Sequence
from dataclasses import replace

from agents.events import (
    CallFinished,
    CallStarted,
    Event,
    FinishReason,
    MeterRead,
    OriginTokens,
    TextDelta,
    ToolFinished,
    ToolStarted,
    ToolStatus,
    TurnFinished,
)
from agents.message import Purpose
from sessions.ledger import Ledger, ledger_of
from tests.sessions.scripted import call_finished, started

MS = 1_000_000
"""Nanoseconds in a millisecond."""


def call(
    name: str,
    start: int,
    end: int,
    *,
    agent: str = "assistant",
    purpose: Purpose = "answer",
    template: int = 0,
    queue: int = 0,
    prefill: int = 0,
    tokens: Sequence[int] = (),
    sampling: int = 0,
    grammar: int = 0,
    prompt: tuple[int, int, int] = (0, 0, 0),
    origins: tuple[OriginTokens, ...] = (),
    reason: FinishReason = "stop",
    max_tokens: int = 64,
    received: int | None = None,
) -> list[Event]:
    """Return the events of a call: `tokens` are the moments of its output, `prompt` is reused, new, again."""
    reused, new, again = prompt
    got = start if received is None else received
    times = tuple(moment / 1000 for moment in tokens)
    delta = [TextDelta(times[-1], name, agent, purpose, "x" * len(times), times)] if times else []
    done: CallFinished = replace(
        call_finished(len(times), name), t=end / 1000, agent=agent, purpose=purpose, finish_reason=reason,
        prompt_tokens=reused + new + again, reused_tokens=reused, prefilled_tokens=new + again,
        avoidable_tokens=again, origins=origins, template_s=template / 1000, queue_s=queue / 1000,
        prefill_s=prefill / 1000, ttft_s=(tokens[0] - got) / 1000 if tokens else None,
        decode_s=(tokens[-1] - tokens[0]) / 1000 if tokens else 0.0,
        sampling_s=sampling / 1000, grammar_s=grammar / 1000,
    )  # fmt: skip
    return [CallStarted(start / 1000, name, agent, purpose, (), False, max_tokens), *delta, done]


def tool(
    name: str, start: int, end: int, *, agent: str = "assistant", status: ToolStatus = "ok"
) -> list[Event]:
    return [
        ToolStarted(start / 1000, name, agent, "calculator", {}),
        ToolFinished(end / 1000, name, agent, "calculator", "2", status, (end - start) / 1000),
    ]


def reading(t: int, joules: float) -> Event:
    return MeterRead(t / 1000, 1, 1, 0.0, joules, "measured", "package")


def told(*parts: list[Event] | Event, end: int | None = None) -> list[Event]:
    """Return a turn of these parts, in the order of their times; with an `end`, it ended then."""
    events = [event for part in parts for event in (part if isinstance(part, list) else [part])]
    last = [] if end is None else [TurnFinished(end / 1000, "ok", "")]
    return [started("T", "S"), *sorted(events, key=lambda event: event.t), *last]


def times(ledger: Ledger, name: str = "") -> dict[str, float]:
    """Return the milliseconds of a call, or of nobody, by state."""
    return {cell.state: cell.nanoseconds / MS for cell in ledger.time if cell.call == name}


def ledger(*parts: list[Event] | Event, end: int | None = None) -> Ledger:
    return ledger_of(told(*parts, end=end))
