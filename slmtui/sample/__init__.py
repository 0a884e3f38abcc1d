"""A recorded session that comes with slmtui: to see a replay before there is a model."""

from dataclasses import dataclass
from importlib.resources import files

import msgspec

from agents.events import Event
from sessions.event_json import decode
from sessions.records import TurnRecord
from sessions.tally import records_of

FILE = "session.jsonl"
TITLE = "Sample: two questions under three paradigms"


class Line(msgspec.Struct, frozen=True):
    """One line of the file: an event of a turn, its type by name and its fields."""

    turn: str
    event: str
    data: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Recording:
    """Turns that are in no store: nothing of them is listed, searched or compared."""

    title: str
    records: tuple[TurnRecord, ...]
    by_turn: dict[str, list[Event]]

    def events(self, turn: str) -> list[Event]:
        """Return the events of a turn, in order."""
        return self.by_turn[turn]


def read_sample() -> Recording:
    """Return the session that is in the package. It reads a file of some 100 kB."""
    by_turn: dict[str, list[Event]] = {}
    for line in (files("slmtui.sample") / FILE).read_bytes().splitlines():
        told = msgspec.json.decode(line, type=Line)
        by_turn.setdefault(told.turn, []).append(decode(told.event, bytes(told.data).decode()))
    return Recording(TITLE, tuple(records_of(events).turn for events in by_turn.values()), by_turn)
