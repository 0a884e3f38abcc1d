"""What came of a turn, from its events: the answer, the calls of tools, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from agents.events import AgentStarted, Event, HandOff, LimitReached, RungTaken, TurnStarted
from agents.message import PURPOSES
from sessions.tally import records_of
from sessions.records import CallRecord, ToolCallRecord, TurnRecord

FIGURES = (
    "calls", "tool_calls", "tool_errors", "prompt_tokens", "reused_tokens", "prefilled_tokens",
    "avoidable_tokens", "output_tokens", *(f"{purpose}_tokens" for purpose in PURPOSES), "dropped_messages",
    "wall_s", "ttft_s", "queue_s", "prefill_s", "decode_s", "grammar_s", "tool_s", "cpu_s", "joules",
)  # fmt: skip
"""The fields of a turn's record that are kept of it."""


@dataclass(frozen=True)
class Called:
    """A call of a tool, and what came back."""

    agent: str
    name: str
    arguments: dict[str, Any]
    result: str
    error: bool


@dataclass(frozen=True)
class Outcome:
    """What a turn did. `routed` are the agents that were handed a task, `cut` the purposes of cut calls.

    `limits` and `rungs` are named as in the events; `detail` tells of each of them, in order. `written`
    is what every call wrote, and `factors` what the arm and its switches amount to.
    """

    answer: str
    status: str
    reason: str
    called: tuple[Called, ...] = ()
    routed: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    rungs: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    figures: dict[str, float | None] = field(default_factory=dict)
    factors: dict[str, str] = field(default_factory=dict)


def outcome_of(events: Iterable[Event]) -> Outcome:
    """Return what came of a turn's events, all of them, in order."""
    events = list(events)
    records = records_of(events)
    turn = records.turn
    limits = [e for e in events if isinstance(e, LimitReached)]
    rungs = [e for e in events if isinstance(e, RungTaken)]
    return Outcome(
        answer=turn.answer,
        status=turn.status or "interrupted",
        reason=turn.reason,
        called=tuple(map(_called, records.tool_calls)),
        routed=tuple(_routed(events)),
        limits=tuple(e.limit for e in limits),
        rungs=tuple(e.rung for e in rungs),
        detail=tuple(e.detail for e in events if isinstance(e, LimitReached | RungTaken)),
        cut=tuple(_last_purpose(call) for call in records.calls if call.finish_reason == "length"),
        written=tuple(f"{call.agent}, {call.purpose}: {call.text}" for call in records.calls),
        figures=_figures(turn),
        factors=next((e.factors for e in events if isinstance(e, TurnStarted)), {}),
    )


def _figures(turn: TurnRecord) -> dict[str, float | None]:
    return {name: getattr(turn, name) for name in FIGURES}


def _called(record: ToolCallRecord) -> Called:
    arguments = msgspec.json.decode(record.arguments)
    return Called(record.agent, record.name, arguments, record.result, record.status != "ok")


def _routed(events: Iterable[Event]) -> Iterable[str]:
    """Yield the agents that were handed a task by another, but for one that had begun before."""
    begun: set[str] = set()
    for event in events:
        if isinstance(event, AgentStarted):
            begun.add(event.agent)
        elif isinstance(event, HandOff) and event.target not in begun:
            yield event.target


def _last_purpose(call: CallRecord) -> str:
    """Return what a call's last tokens were for, as far as the counts tell: a call of a tool, or its own."""
    return "call" if call.call_tokens or call.repair_tokens else call.purpose
