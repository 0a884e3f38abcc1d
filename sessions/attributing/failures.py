"""What failures and repairs cost a turn: the work that came to nothing by them.

- A call that was asked again (`reask`), or given up (`no_tools`), came to nothing, and so did one that
  was cut off, cancelled, failed, or not heard to end. A mended call (`repair`) did not.
- By a `fallback`, everything that the turn had done until then came to nothing.
- By an error of a tool, the tool's run and the call that asked for it did.
- By a limit, the last call of the agent whose loop it ended did.
- A prompt that was trimmed cost no call, but lost tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from agents.events import (
    CallFinished,
    ContextTrimmed,
    EnergySource,
    FinishReason,
    LimitReached,
    RungTaken,
    ToolFinished,
)
from sessions.attributing.cells import FailureCell, FailureKind
from sessions.attributing.facts import Facts, Trouble
from sessions.attributing.spans import Span

CHOICE = 1
"""A call that may write so many tokens makes a choice, and is not cut off by its limit."""

ENDS: dict[FinishReason, FailureKind] = {"length": "cut", "cancelled": "cancelled", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class _Failure:
    """What went wrong with whom, and what came to nothing by it."""

    kind: FailureKind
    agent: str
    lost: Sequence[Span] = ()
    trimmed: int = 0


@dataclass(slots=True)
class _Bill:
    """Charges failures, each call once for a kind."""

    source: EnergySource
    scope: str
    charged: dict[FailureKind, set[Span]] = field(default_factory=dict)

    def charge(self, failure: _Failure, kind: FailureKind) -> FailureCell:
        seen = self.charged.setdefault(kind, set())
        lost = [span for span in failure.lost if span not in seen]
        seen.update(lost)
        calls = [span.call for span in lost if span.call is not None]
        return FailureCell(
            kind=kind,
            agent=failure.agent,
            source=self.source,
            scope=self.scope,
            times=1,
            calls=len(calls),
            tool_calls=len(lost) - len(calls),
            prefilled=sum(call.prefilled_tokens for call in calls),
            output=sum(call.output_tokens for call in calls),
            nanoseconds=sum(span.nanoseconds for span in lost),
            nanojoules=sum(span.nanojoules for span in lost),
            trimmed=failure.trimmed,
        )


def failure_cells(
    facts: Facts, spans: Sequence[Span], source: EnergySource, scope: str
) -> Iterator[FailureCell]:
    """Yield a cell for every failure of a turn, and one of `any` kind beside it."""
    bill = _Bill(source, scope)
    for failure in (*_told(facts, spans), *_unfinished(facts, spans)):
        yield bill.charge(failure, failure.kind)
        yield bill.charge(failure, "any")


def _told(facts: Facts, spans: Sequence[Span]) -> Iterator[_Failure]:
    calls = [span for span in spans if span.call is not None]
    tools = [span for span in spans if span.run is not None]
    for event, begun, run in facts.troubles:
        failure = _judged(event, facts, begun, calls, tools)
        if failure is not None and failure.kind == "fallback":
            yield _Failure("fallback", failure.agent, (*islice(calls, begun), *islice(tools, run)))
        elif failure is not None:
            yield failure


def _judged(
    event: Trouble, facts: Facts, begun: int, calls: Sequence[Span], tools: Sequence[Span]
) -> _Failure | None:
    """Return what went wrong by an event, before which `begun` calls had begun; None where nothing did."""
    match event:
        case RungTaken():
            lost = () if event.rung == "repair" else _named(calls, event.call)
            return _Failure(event.rung, event.agent, lost)
        case LimitReached():
            kind = cast("FailureKind", f"limit_{event.limit}")
            return _Failure(kind, event.agent, _named(calls, facts.last_call_of(event.agent, begun)))
        case ToolFinished() if event.status == "error":
            ran = _named(tools, event.tool_call)
            asked_by = [call for span in ran if span.run for call in _named(calls, span.run.asked_by)]
            return _Failure("tool_error", event.agent, (*ran, *asked_by))
        case ContextTrimmed():
            agent = next((span.agent for span in _named(calls, event.call)), "")
            return _Failure("trimmed", agent, trimmed=max(0, event.tokens_before - event.tokens_after))
        case CallFinished() if (end := _end(event, facts)) is not None:
            return _Failure(end, event.agent, _named(calls, event.call))
        case _:
            return None


def _end(event: CallFinished, facts: Facts) -> FailureKind | None:
    """Return how a call ended, where not well."""
    if event.finish_reason == "length" and facts.begun.get(event.call) == CHOICE:
        return None
    return ENDS.get(event.finish_reason)


def _unfinished(facts: Facts, spans: Sequence[Span]) -> Iterator[_Failure]:
    """Yield what was not heard to end, unless the turn goes on."""
    if facts.records.turn.status is None:
        return
    for span in spans:
        if (span.call and span.call.finish_reason is None) or (span.run and span.run.end is None):
            yield _Failure("unfinished", span.agent, (span,))


def _named(spans: Sequence[Span], ident: str) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.id == ident)
