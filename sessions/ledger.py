"""Adds up the events of a turn, one at a time: the numbers of a running turn are those of a stored one."""

import json
import math
from collections.abc import Iterable
from dataclasses import fields, replace

import msgspec

from agents.events import (
    CallFinished,
    CallStarted,
    ContextTrimmed,
    EngineFacts,
    Event,
    LimitReached,
    MeterRead,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import Sampling
from sessions.call_tally import PURPOSE_FIELDS, CallTally
from sessions.records import ToolCallRecord, TurnRecord, TurnRecords


class TurnLedger:
    """What a turn has cost so far. Feed it events in order, and read `records` whenever you like."""

    def __init__(self) -> None:
        self._turn = TurnRecord(turn="", session="", paradigm="", prompt="", started_at="")
        self._calls: dict[str, CallTally] = {}
        self._tool_calls: dict[str, ToolCallRecord] = {}
        self._answering = ""

    @property
    def records(self) -> TurnRecords:
        """The turn, its calls and its tool calls so far, as copies that later events leave alone."""
        turn = replace(self._turn)
        tallies = list(self._calls.values())
        tool_calls = [replace(tool_call) for tool_call in self._tool_calls.values()]
        _add_calls(turn, tallies)
        _add_tool_calls(turn, tool_calls)
        if turn.joules is not None and turn.wall_s > 0:
            turn.mean_watts = turn.joules / turn.wall_s
        return TurnRecords(turn, [replace(tally.record) for tally in tallies], tool_calls)

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
                self._call(event).finish(event)
            case ToolStarted() | ToolFinished():
                self._add_tool(event)
            case MeterRead():
                self._read_meter(event)
            case _:
                self._add_to_turn(event)

    def _add_to_turn(self, event: Event) -> None:
        turn = self._turn
        match event:
            case TurnStarted():
                self._start(event)
            case ContextTrimmed():
                turn.dropped_messages += event.dropped_messages
            case LimitReached():
                reached = [*turn.limit_reached.split(", "), event.limit]
                turn.limit_reached = ", ".join(dict.fromkeys(filter(None, reached)))
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
        self._call(event).add_text(event)
        if event.purpose != "answer":
            return
        if event.times and self._turn.ttft_s is None:
            self._turn.ttft_s = event.times[0]
        if self._turn.status is not None:
            return
        if event.call != self._answering:
            self._answering, self._turn.answer = event.call, ""
        self._turn.answer += event.text

    def _add_tool(self, event: ToolStarted | ToolFinished) -> None:
        record = self._tool_calls.get(event.tool_call)
        if record is None:
            record = ToolCallRecord(
                tool_call=event.tool_call,
                turn=self._turn.turn,
                position=len(self._tool_calls) + 1,
                agent=event.agent,
                name=event.name,
                arguments=_to_json(event.arguments if isinstance(event, ToolStarted) else {}),
                started_s=event.t,
            )
            self._tool_calls[event.tool_call] = record
        if isinstance(event, ToolFinished):
            record.result, record.status, record.seconds = event.result, event.status, event.seconds

    def _read_meter(self, event: MeterRead) -> None:
        turn = self._turn
        turn.rss_bytes, turn.cpu_s = event.rss_bytes, event.cpu_s
        turn.peak_rss_bytes = max(turn.peak_rss_bytes or 0, event.peak_rss_bytes)
        turn.energy_source = event.source
        turn.joules = None if event.source == "none" else event.joules


def ledger(events: Iterable[Event]) -> TurnRecords:
    """Return the records of a turn from its events, in order."""
    turn = TurnLedger()
    for event in events:
        turn.add(event)
    return turn.records


SUMMED_TOKENS = (
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    *PURPOSE_FIELDS.values(),
)
SUMMED_SECONDS = ("queue_s", "template_s", "prefill_s", "decode_s", "sampling_s", "grammar_s")
"""The fields of a turn that are sums over its calls."""


def _add_calls(turn: TurnRecord, tallies: list[CallTally]) -> None:
    calls = [tally.record for tally in tallies]
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


def _add_tool_calls(turn: TurnRecord, tool_calls: list[ToolCallRecord]) -> None:
    turn.tool_calls = len(tool_calls)
    turn.tool_errors = sum(tool_call.status == "error" for tool_call in tool_calls)
    turn.tool_s = math.fsum(tool_call.seconds for tool_call in tool_calls)


def _most(numbers: Iterable[int | None]) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


def _copy_fields(source: EngineFacts | Sampling, turn: TurnRecord) -> None:
    for item in fields(source):
        setattr(turn, item.name, getattr(source, item.name))


def _to_json(arguments: dict[str, object]) -> str:
    """Return arguments as JSON; half a surrogate pair, which a model may write, is escaped."""
    try:
        return msgspec.json.encode(arguments).decode()
    except UnicodeEncodeError:
        return json.dumps(arguments)
