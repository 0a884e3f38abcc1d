"""Adds up what a turn's calls of tools went through: asked about, started, finished."""

import json
import math
from dataclasses import replace
from typing import TypeAlias

import msgspec

from agents.events import ApprovalAsked, ApprovalGiven, ToolFinished, ToolStarted
from sessions.records import ToolCallRecord, TurnRecord

ToolEvent: TypeAlias = ApprovalAsked | ApprovalGiven | ToolStarted | ToolFinished


class ToolTally:
    """The records of a turn's calls of tools while their events come in."""

    def __init__(self) -> None:
        self._records: dict[str, ToolCallRecord] = {}
        self._asked = 0

    @property
    def records(self) -> list[ToolCallRecord]:
        """The records so far, as copies."""
        return [replace(record) for record in self._records.values()]

    def add(self, turn: str, event: ToolEvent) -> None:
        """Take an event into account. A call that the user was asked about begins with the question."""
        record = self._record(turn, event)
        match event:
            case ApprovalAsked():
                self._asked += 1
                record.approval = record.approval or "asked"
            case ApprovalGiven():
                record.approval = event.decision
            case ToolFinished():
                record.result, record.status, record.seconds = event.result, event.status, event.seconds
                record.cut_tokens = event.cut_tokens
            case ToolStarted():
                # What runs may differ from what was asked about: the row tells what ran, and when.
                record.arguments, record.started_s = as_json(event.arguments), event.t

    def total(self, turn: TurnRecord) -> None:
        """Write the sums over the calls of tools into the record of their turn."""
        records = self._records.values()
        turn.tool_calls = len(records)
        turn.tool_errors = sum(record.status == "error" for record in records)
        turn.tool_s = math.fsum(record.seconds for record in records)
        turn.cut_tokens = sum(record.cut_tokens for record in records)
        turn.approvals_asked = self._asked
        turn.approvals_refused = sum(record.approval == "no" for record in records)

    def _record(self, turn: str, event: ToolEvent) -> ToolCallRecord:
        record = self._records.get(event.tool_call)
        if record is None:
            record = ToolCallRecord(
                tool_call=event.tool_call,
                turn=turn,
                position=len(self._records) + 1,
                agent=event.agent,
                name=event.name,
                arguments=as_json(event.arguments if isinstance(event, ToolStarted | ApprovalAsked) else {}),
                started_s=event.t,
            )
            self._records[event.tool_call] = record
        return record


def as_json(value: object) -> str:
    """Return a value as JSON; half a surrogate pair, which a model may write, is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)
