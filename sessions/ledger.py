"""The ledger: where every token, nanosecond and nanojoule of a turn went, from the turn's events alone.

Every table sums exactly to its total: prompt tokens, output tokens, the turn's wall time, its energy as
far as its last reading. Ledgers of turns add up to that of a session or of a run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from agents.events import EnergySource, Event
from sessions.attributing.adding import added_up, without_zeros
from sessions.attributing.cells import (
    NANO,
    CacheCell,
    EnergyCell,
    FailureCell,
    InputCell,
    OutputCell,
    PathCell,
    TimeCell,
)
from sessions.attributing.energy import energy_of
from sessions.attributing.facts import facts_of
from sessions.attributing.failures import failure_cells
from sessions.attributing.overhead import Overhead, energy_overheads, time_overhead, token_overhead
from sessions.attributing.path import path_of
from sessions.attributing.sharing import nanos, share_out
from sessions.attributing.spans import spans_of
from sessions.attributing.tables import cache_cells, energy_cells, input_cells, output_cells, time_cells


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one turn cost, or `turns` of them together; cells that are all zero are left out.

    One of those of energy stays where a meter was read and told of no joules: that is not "no meter".

    `wall_ns` is the turns' wall time. Within one turn the cells tell their call; added up, they do not.
    `path` is the critical path of a turn, in order, or the sum of several.
    """

    turns: int = 0
    wall_ns: int = 0
    input: tuple[InputCell, ...] = ()
    output: tuple[OutputCell, ...] = ()
    time: tuple[TimeCell, ...] = ()
    energy: tuple[EnergyCell, ...] = ()
    path: tuple[PathCell, ...] = ()
    cache: tuple[CacheCell, ...] = ()
    failures: tuple[FailureCell, ...] = ()

    @property
    def wall_s(self) -> float:
        """The turns' wall time in seconds."""
        return self.wall_ns / NANO

    @property
    def prompt_tokens(self) -> int:
        """All prompt tokens: reused, new and avoidable."""
        return sum(cell.prompt for cell in self.input)

    @property
    def output_tokens(self) -> int:
        """All output tokens."""
        return sum(cell.tokens for cell in self.output)

    @property
    def meters(self) -> tuple[tuple[EnergySource, str], ...]:
        """The source and scope of every meter that energy was read from; their joules are never added."""
        return tuple(dict.fromkeys((cell.source, cell.scope) for cell in self.energy))

    def joules(self, source: EnergySource, scope: str = "") -> float | None:
        """Return the energy of one meter in joules; None where nothing was read from it."""
        found = [cell.nanojoules for cell in self.energy if (cell.source, cell.scope) == (source, scope)]
        return sum(found) / NANO if found else None

    @property
    def overheads(self) -> tuple[Overhead, ...]:
        """What was not the answer: in tokens, in time, and in the energy of each meter."""
        spent = token_overhead(self.input, self.output), time_overhead(self.time)
        return *spent, *energy_overheads(self.energy)


def ledger_of(events: Iterable[Event]) -> Ledger:
    """Return the ledger of a turn from its events, in order; of a turn that is cut off, as far as they go."""
    facts = facts_of(events)
    wall = nanos(facts.records.turn.wall_s)
    spans = spans_of(facts, wall)
    source, scope, curve = energy_of(facts, wall)
    idle = share_out([piece for span in spans for piece in span.pieces], curve, wall)
    energy = () if source == "none" else tuple(energy_cells(facts, spans, idle, source, scope))
    return Ledger(
        turns=1,
        wall_ns=wall,
        input=without_zeros(input_cells(facts)),
        output=without_zeros(output_cells(facts)),
        time=without_zeros(time_cells(facts, spans, idle)),
        energy=without_zeros(energy) or energy[-1:],
        path=path_of(spans, wall),
        cache=without_zeros(cache_cells(facts)),
        failures=added_up(failure_cells(facts, spans, source, scope)),
    )


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """Return the sum of ledgers, by agent; the energy of different meters stays apart."""
    parts = list(ledgers)
    return Ledger(
        turns=sum(part.turns for part in parts),
        wall_ns=sum(part.wall_ns for part in parts),
        input=added_up(chain.from_iterable(part.input for part in parts)),
        output=added_up(chain.from_iterable(part.output for part in parts)),
        time=added_up(chain.from_iterable(part.time for part in parts)),
        energy=added_up(chain.from_iterable(part.energy for part in parts)),
        path=added_up(chain.from_iterable(part.path for part in parts)),
        cache=added_up(chain.from_iterable(part.cache for part in parts)),
        failures=added_up(chain.from_iterable(part.failures for part in parts)),
    )
