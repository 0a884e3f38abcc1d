"""The energy of each call of a turn, as the ledger splits it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.events import EnergySource, Event
from sessions.attributing.cells import NANO, EnergyCell
from sessions.ledger import ledger_of
from sessions.otel import names as n
from sessions.otel.span import Attributes
from sessions.records import TurnRecord


@dataclass(slots=True)
class Energies:
    """Nanojoules by the ids of a turn's calls and calls of tools. The `idle` ones no call took.

    `source` is the meter's: `none` without one.
    """

    source: EnergySource
    calls: dict[str, int] = field(default_factory=dict)
    tools: dict[str, int] = field(default_factory=dict)
    idle: int = 0

    def of_turn(self) -> Attributes:
        """Return what the turn's span tells of it beside the turn's own joules."""
        return {} if self.source == "none" else {n.IDLE_JOULES: self.idle / NANO}

    def of_call(self, call: str) -> Attributes:
        """Return what the span of a call of the model tells of it."""
        return self._told(self.calls.get(call, 0))

    def of_tool(self, tool_call: str) -> Attributes:
        """Return what the span of a call of a tool tells of it."""
        return self._told(self.tools.get(tool_call, 0))

    def add(self, cell: EnergyCell) -> None:
        """Add a cell of the turn's ledger."""
        if not cell.call:
            self.idle += cell.nanojoules
        else:
            of = self.tools if cell.state == "tool" else self.calls
            of[cell.call] = of.get(cell.call, 0) + cell.nanojoules

    def _told(self, nanojoules: int) -> Attributes:
        if self.source == "none":
            return {}
        return {n.JOULES: nanojoules / NANO, n.ENERGY_SOURCE: self.source}


def energies_of(turn: TurnRecord, events: Iterable[Event]) -> Energies:
    """Return the energy of a turn's calls from its events; they and the idle joules sum to the turn's."""
    energies = Energies("none" if turn.joules is None else turn.energy_source)
    for cell in ledger_of(events).energy:
        energies.add(cell)
    return energies
