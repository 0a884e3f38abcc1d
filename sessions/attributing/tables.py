"""The tables of a turn's ledger: tokens by origin and purpose, time and energy by state, the cache's part."""

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from agents.events import EnergySource
from agents.message import PURPOSES, Origin
from sessions.attributing.cells import (
    CacheCell,
    EnergyCell,
    InputCell,
    InputOrigin,
    OutputCell,
    State,
    TimeCell,
)
from sessions.attributing.facts import Facts
from sessions.attributing.sharing import Piece, apportion, nanos
from sessions.attributing.spans import WAITING, WRITING, Span
from sessions.call_tally import PURPOSE_FIELDS
from sessions.records import CallRecord

INPUT_ORIGINS: tuple[InputOrigin, ...] = (*get_args(Origin), "unknown")


def input_cells(facts: Facts) -> Iterator[InputCell]:
    """Yield the prompt tokens of each call by origin; what the events tell no origin of is `unknown`."""
    answering = facts.answering
    for call in facts.records.calls:
        parts = facts.origins.get(call.call, ())
        avoidable = min(call.avoidable_tokens, call.prefilled_tokens)
        columns = (
            _column([(part.origin, part.reused) for part in parts], call.reused_tokens),
            _column([(part.origin, part.prefilled - part.avoidable) for part in parts], _new(call)),
            _column([(part.origin, part.avoidable) for part in parts], avoidable),
        )
        for origin in INPUT_ORIGINS:
            reused, new, again = (column.get(origin, 0) for column in columns)
            yield InputCell(
                call.agent, call.call, origin, reused, new, again, new if call is answering else 0
            )


def output_cells(facts: Facts) -> Iterator[OutputCell]:
    """Yield the output tokens of each call by purpose, as its record has them."""
    for call in facts.records.calls:
        for purpose in PURPOSES:
            yield OutputCell(call.agent, call.call, purpose, getattr(call, PURPOSE_FIELDS[purpose]))


def time_cells(facts: Facts, spans: Iterable[Span], idle: Piece) -> Iterator[TimeCell]:
    """Yield the nanoseconds of each call and tool call by state, and what nothing covers."""
    answering = facts.answering
    for span in spans:
        amounts = _by_state(span, [piece.nanoseconds for piece in span.pieces])
        for state, amount in amounts.items():
            yield TimeCell(span.agent, span.id, state, amount, _own(state, amount, span.call, answering))
    yield TimeCell("", "", "idle", idle.nanoseconds)


def energy_cells(
    facts: Facts, spans: Iterable[Span], idle: Piece, source: EnergySource, scope: str
) -> Iterator[EnergyCell]:
    """Yield the nanojoules of each call and tool call by state, and of what nothing covers."""
    answering = facts.answering
    for span in spans:
        amounts = _by_state(span, [piece.nanojoules for piece in span.pieces])
        for state, amount in amounts.items():
            own = _own(state, amount, span.call, answering)
            yield EnergyCell(span.agent, span.id, state, source, scope, amount, own)
    yield EnergyCell("", "", "idle", source, scope, idle.nanojoules)


def cache_cells(facts: Facts) -> Iterator[CacheCell]:
    """Yield what the KV cache saved each call, and would have."""
    calls = facts.records.calls
    longest = max(calls, key=lambda call: call.prefilled_tokens, default=None)
    for call in calls:
        reused, avoidable = call.reused_tokens, call.prefilled_tokens - _new(call)
        yield CacheCell(
            call.agent, call.call, reused, avoidable, _read_ns(longest, reused), _read_ns(longest, avoidable)
        )


def _read_ns(longest: CallRecord | None, tokens: int) -> int:
    """Return how long reading so many tokens takes at the speed of the longest prefill; 0 without one."""
    if longest is None or not longest.prefilled_tokens:
        return 0
    return nanos(longest.prefill_s) * tokens // longest.prefilled_tokens


def _new(call: CallRecord) -> int:
    return max(0, call.prefilled_tokens - call.avoidable_tokens)


def _column(told: Sequence[tuple[Origin, int]], total: int) -> dict[InputOrigin, int]:
    """Return tokens by origin so that they sum to `total`.

    Where more are told of than there are, none is believed: a turn of an older slmtui does not tell which
    of the tokens that it read were avoidable.
    """
    amounts = [tokens for _, tokens in told]
    if sum(amounts) > total or min(amounts, default=0) < 0:
        return {"unknown": total}
    column: dict[InputOrigin, int] = {"unknown": total - sum(amounts)}
    for origin, tokens in told:
        column[origin] = column.get(origin, 0) + tokens
    return column


def _by_state(span: Span, amounts: Sequence[int]) -> dict[State, int]:
    """Return the amounts of a span's pieces, summed by state."""
    sums: dict[State, int] = {}
    for piece, amount in zip(span.pieces, amounts, strict=True):
        for state, part in piece.split(amount).items():
            sums[state] = sums.get(state, 0) + part
    return sums


def _own(state: State, amount: int, call: CallRecord | None, answering: CallRecord | None) -> int:
    """Return how much of what a call took in a state was the answer's own."""
    if call is None or call is not answering or state in WAITING:
        return 0
    if state == "prefill":
        return apportion(amount, (_new(call), call.prefilled_tokens - _new(call)))[0]
    if state in WRITING:
        return apportion(amount, (call.answer_tokens, call.output_tokens - call.answer_tokens))[0]
    return amount
