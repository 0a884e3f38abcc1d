"""Stored turns, read a page at a time: a long session opens as fast as a short one."""

from collections.abc import Sequence
from typing import Protocol

from agents.events import Event
from sessions.records import TurnRecord
from slmtui.tui.state.live_turn import LiveTurn, finished_turn

PAGE = 20
"""How many turns are drawn at once when a session opens, and how many each load adds."""
AT_FIRST = 5
"""How many of them are drawn before the others: they fill the view of most terminals."""


class EventSource(Protocol):
    """Where the events of a turn are kept."""

    def events(self, turn: str) -> list[Event]:
        """Return the events of a turn, in order."""
        ...


def page(source: EventSource, records: Sequence[TurnRecord], end: int, size: int = PAGE) -> list[LiveTurn]:
    """Return up to `size` turns that come before position `end`, oldest first, drawn from their events."""
    return [stored_turn(source, record) for record in records[max(0, end - size) : end]]


def stored_turn(source: EventSource, record: TurnRecord) -> LiveTurn:
    """Return a turn from its stored events, one that was cut short with an end."""
    return finished_turn(source.events(record.turn))
