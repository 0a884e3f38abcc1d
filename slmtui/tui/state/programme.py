"""What a replay plays: turns of a session, of an item of a run, or of the sample that comes with slmtui."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agents.events import Event
from sessions.records import TurnRecord
from slmtui.tui.state.pages import EventSource


@dataclass(frozen=True, slots=True)
class Programme:
    """Turns to play, one after another.

    `told` says of a turn, by its id, whose it is and how it was scored. `beside` gives what comes a number
    of places before or after this one, None at an end; where there is no other, it is None itself.
    """

    title: str
    records: Sequence[TurnRecord]
    source: EventSource
    told: Mapping[str, str] = field(default_factory=dict)
    beside: "Callable[[int], Programme | None] | None" = None


@dataclass(frozen=True, slots=True)
class KeptEvents:
    """The events of turns in memory, by the id of the turn."""

    by_turn: dict[str, list[Event]] = field(default_factory=dict)

    def events(self, turn: str) -> list[Event]:
        """Return the events of a turn, in order."""
        return self.by_turn[turn]


async def read_events(
    programme: Programme, kept: KeptEvents, clock: Callable[[], float], slice_s: float
) -> AsyncIterator[int]:
    """Read the events of every turn into `kept`; yields how many turns were read, every `slice_s` seconds.

    Between two readings whoever waits may draw. Raises what the source raises.
    """
    began = clock()
    for number, record in enumerate(programme.records, 1):
        kept.by_turn[record.turn] = programme.source.events(record.turn)
        if clock() - began >= slice_s:
            yield number
            began = clock()
