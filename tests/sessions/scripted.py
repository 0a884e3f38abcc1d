"""Turns that tests write by hand: short, whole, and told in as many events as are asked for."""

from collections.abc import Sequence

from agents.events import (
    CallFinished,
    CallStarted,
    Event,
    MeterRead,
    Status,
    TextDelta,
    TurnFinished,
    TurnStarted,
)
from agents.message import Message, Sampling
from tests.strategies import ENGINE


def turn_id(number: int) -> str:
    return f"01TURN{number:020d}"


def started(turn: str, session: str, prompt: str = "hello", paradigm: str = "base") -> TurnStarted:
    return TurnStarted(
        0.0, turn, session, paradigm, prompt, "2026-01-02T03:04:05+00:00", Sampling(seed=1), ENGINE, False
    )


def words(texts: Sequence[str], call: str = "c1") -> list[Event]:
    """Return an answer, one token a text, a quarter of a second each."""
    message = Message("user", "hello", "user")
    deltas = [
        TextDelta(0.25 * index, call, "assistant", "answer", text, (0.25 * index,))
        for index, text in enumerate(texts, 1)
    ]
    return [CallStarted(0.0, call, "assistant", "answer", (message,), False, 64), *deltas]


def call_finished(tokens: int, call: str = "c1") -> CallFinished:
    return CallFinished(
        t=0.25 * tokens + 0.125,
        call=call,
        agent="assistant",
        purpose="answer",
        finish_reason="stop",
        prompt_tokens=9,
        reused_tokens=4,
        prefilled_tokens=5,
        avoidable_tokens=0,
        output_tokens=tokens,
        origins=(),
        queue_s=0.0,
        template_s=0.0,
        prefill_s=0.125,
        ttft_s=0.25,
        decode_s=0.25 * (tokens - 1),
        sampling_s=0.0,
        grammar_s=0.0,
        context_used=9 + tokens,
        context_size=2048,
        kv_bytes=1024,
    )


def meter(joules: float | None, source: str = "measured") -> MeterRead:
    return MeterRead(0.25, 1000, 1000, 0.25, joules, source)


def whole_turn(
    turn: str,
    session: str,
    *,
    prompt: str = "hello",
    answer: Sequence[str] = ("Hi", " there"),
    paradigm: str = "base",
    status: Status = "ok",
    joules: float | None = None,
    source: str = "none",
) -> list[Event]:
    end = 0.25 * len(answer) + 0.5
    return [
        started(turn, session, prompt, paradigm),
        *words(answer),
        meter(joules, source),
        call_finished(len(answer)),
        TurnFinished(end, status, "".join(answer), "" if status == "ok" else "why not"),
    ]
