"""Adds up the events of a turn, one at a time: the numbers of a running turn are those of a stored one."""

import math
from collections.abc import Iterable
from dataclasses import fields, replace

from agents.events import (
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallSkipped,
    CallStarted,
    ContextTrimmed,
    EngineFacts,
    Event,
    LimitReached,
    MeterRead,
    Rung,
    RungTaken,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import Purpose, Sampling
from sessions.answering import Answering, settled
from sessions.call_tally import ORIGIN_FIELDS, PURPOSE_FIELDS, CallTally
from sessions.records import CallRecord, TurnRecord, TurnRecords
from sessions.text import storable
from sessions.tool_tally import ToolTally, as_json


class TurnTally:
    """What a turn has cost so far. Feed it events in order, and read `records` whenever you like."""

    def __init__(self) -> None:
        self._turn = TurnRecord(turn="", session="", paradigm="", prompt="", started_at="")
        self._calls: dict[str, CallTally] = {}
        self._tools = ToolTally()
        self._answering = Answering()
        self._follows: str | None = None

    @property
    def records(self) -> TurnRecords:
        """The turn, its calls and its tool calls so far, as copies that later events leave alone."""
        turn = replace(self._turn)
        tallies = list(self._calls.values())
        answering = self._calls.get(self._answering.call(self._calls))
        answer = self._answering.purpose(answering) if answering else "answer"
        calls = [settled(tally, answer if tally is answering else None) for tally in tallies]
        _add_calls(turn, calls, tallies)
        self._tools.total(turn)
        if answering is not None:
            _add_answer(turn, answering, answer)
        if turn.joules is not None and turn.wall_s > 0:
            turn.mean_watts = turn.joules / turn.wall_s
        return TurnRecords(turn, calls, self._tools.records, self._follows)

    def add(self, event: Event) -> None:
        """Take one event into account."""
        if self._turn.status is None:
            self._turn.wall_s = max(self._turn.wall_s, event.t)
        match event:
            case CallStarted():
                self._call(event)
            case TextDelta():
                self._add_text(event)
            case CallFinished():
                self._finish(event)
            case ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolFinished():
                self._tools.add(self._turn.turn, event)
            case MeterRead():
                self._read_meter(event)
            case _:
                self._add_to_turn(event)

    def add_all(self, events: Iterable[Event]) -> None:
        """Take events into account, in order."""
        for event in events:
            self.add(event)

    def _add_to_turn(self, event: Event) -> None:
        turn = self._turn
        match event:
            case TurnStarted():
                self._start(event)
            case ContextTrimmed():
                turn.dropped_messages += event.dropped_messages
                turn.cut_observations += event.cut_observations
            case LimitReached():
                reached = [*turn.limit_reached.split(", "), event.limit]
                turn.limit_reached = ", ".join(dict.fromkeys(filter(None, reached)))
            case RungTaken():
                name = RUNG_FIELDS[event.rung]
                setattr(turn, name, getattr(turn, name) + 1)
            case CallSkipped():
                turn.calls_skipped += 1
                turn.est_skipped_prompt_tokens += event.prompt_tokens
                turn.est_skipped_new_tokens += event.new_tokens
            case AnswerChosen():
                self._answering.chosen = event
                turn.votes, turn.voters = event.votes, event.voters
            case TurnFinished():
                turn.status, turn.answer, turn.reason = event.status, event.answer, event.reason
                turn.wall_s = event.t
            case _:
                pass

    def _start(self, event: TurnStarted) -> None:
        turn = self._turn
        turn.turn, turn.session, turn.paradigm = event.turn, event.session, event.paradigm
        turn.prompt, turn.started_at = event.prompt, event.started_at
        turn.warm, turn.cold = event.warm, event.cold
        turn.beginning, turn.system = event.beginning, event.system
        turn.answer = event.beginning  # which the first words go on from
        self._follows, turn.parent = event.parent, event.parent or ""
        turn.factors = as_json({storable(name): storable(value) for name, value in event.factors.items()})
        for source in (event.engine, event.sampling):
            _copy_fields(source, turn)

    def _call(self, event: CallStarted | TextDelta | CallFinished) -> CallTally:
        """Return the tally of the event's call; a call whose start was lost begins here."""
        tally = self._calls.get(event.call)
        if tally is None:
            tally = CallTally(self._turn.turn, len(self._calls) + 1, event)
            self._calls[event.call] = tally
        return tally

    def _add_text(self, event: TextDelta) -> None:
        tally = self._call(event)
        tally.add_text(event)
        if event.purpose == "answer":
            self._note_answer(tally)

    def _finish(self, event: CallFinished) -> None:
        tally = self._call(event)
        tally.finish(event)
        if tally.wrote("answer"):  # also in tokens that no delta told of
            self._note_answer(tally)

    def _note_answer(self, tally: CallTally) -> None:
        """Take note that a call answers; what comes after the turn's end changes no answer."""
        if self._turn.status is None or not self._answering.last:
            self._answering.wrote(tally)

    def _read_meter(self, event: MeterRead) -> None:
        turn = self._turn
        turn.rss_bytes, turn.cpu_s = event.rss_bytes, event.cpu_s
        turn.peak_rss_bytes = max(turn.peak_rss_bytes or 0, event.peak_rss_bytes)
        turn.rss_anon_bytes, turn.rss_file_bytes = event.anon_bytes, event.file_bytes
        turn.energy_source, turn.energy_scope = event.source, event.scope
        turn.idle_watts = event.idle_watts
        turn.joules = None if event.source == "none" else event.joules


def records_of(events: Iterable[Event]) -> TurnRecords:
    """Return the records of a turn from its events, in order."""
    turn = TurnTally()
    turn.add_all(events)
    return turn.records


SUMMED_TOKENS = (
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    *PURPOSE_FIELDS.values(),
    *ORIGIN_FIELDS.values(),
)
SUMMED_SECONDS = ("queue_s", "template_s", "prefill_s", "decode_s", "sampling_s", "grammar_s")
"""The fields of a turn that are sums over its calls."""


RUNG_FIELDS: dict[Rung, str] = {
    "repair": "repairs",
    "reask": "reasks",
    "no_tools": "no_tools",
    "fallback": "fallbacks",
}
"""The field of a turn that counts how often a rung was taken."""


def _add_calls(turn: TurnRecord, calls: list[CallRecord], tallies: list[CallTally]) -> None:
    turn.calls = len(calls)
    for name in SUMMED_TOKENS:
        setattr(turn, name, sum(getattr(call, name) for call in calls))
    for name in SUMMED_SECONDS:
        setattr(turn, name, math.fsum(getattr(call, name) for call in calls))
    intervals = sum(max(call.output_tokens - 1, 0) for call in calls)
    if intervals and turn.decode_s > 0:
        turn.decode_tok_s = intervals / turn.decode_s
    turn.kv_bytes = _most(tally.kv_bytes for tally in tallies)
    turn.context_used = _most(tally.context_used for tally in tallies)
    turn.context_size = _most(tally.context_size for tally in tallies)


def _add_answer(turn: TurnRecord, answering: CallTally, purpose: Purpose) -> None:
    """Tell who answered and when, and until the turn has ended, what."""
    turn.answer_call = answering.record.call
    turn.ttft_s = answering.first_token_for(purpose)
    if turn.status is None:
        turn.answer = turn.beginning + answering.text_for(purpose)


def _most(numbers: Iterable[int | None]) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


def _copy_fields(source: EngineFacts | Sampling, turn: TurnRecord) -> None:
    for item in fields(source):
        setattr(turn, item.name, getattr(source, item.name))
