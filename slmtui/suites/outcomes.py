"""What came of a turn, from its events."""

from collections.abc import Iterable

import msgspec

from agents.events import Event
from sessions.records import ToolCallRecord, TurnRecords
from sessions.tally import records_of
from slmtui.suites.item import Called, Outcome


def outcome_of(events: Iterable[Event]) -> Outcome:
    """Return what came of a turn's events, all of them, in order; one without an end was interrupted."""
    return outcome_of_records(records_of(events))


def outcome_of_records(records: TurnRecords) -> Outcome:
    """Return what came of a turn that was added up already."""
    turn = records.turn
    return Outcome(
        answer=turn.answer,
        status=turn.status or "interrupted",
        called=tuple(map(_called, records.tool_calls)),
        cut=any(c.call == turn.answer_call and c.finish_reason == "length" for c in records.calls),
    )


def _called(record: ToolCallRecord) -> Called:
    arguments = msgspec.json.decode(record.arguments)
    return Called(record.agent, record.name, arguments, record.result, record.status != "ok")
