"""How much of what was spent was not the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from agents.events import EnergySource
from sessions.attributing.cells import EnergyCell, InputCell, OutputCell, TimeCell

Measure = Literal["tokens", "nanoseconds", "nanojoules"]


@dataclass(frozen=True, slots=True)
class Overhead:
    """What was spent by one measure: `total`, of which `own` was the answer's own; the rest is overhead.

    The answer's own is what the call that answered needed for it: of tokens, the new ones of its prompt
    and those of the answer; of time and energy, its template, the part of its prefill that the new ones
    are of all that it read, and the part of decoding, sampling and grammar that the answer's tokens are of
    all that it wrote. So overhead is every other call, every tool, whatever was read again though once
    held, thoughts, queues and idle moments. Reused tokens cost nothing and count on neither side.

    `by_agent` splits the overhead; what no agent did stands under the empty name. It sums exactly.
    """

    measure: Measure
    source: EnergySource
    scope: str
    own: int
    total: int
    by_agent: dict[str, int]

    @property
    def overhead(self) -> int:
        """What was not the answer's own."""
        return self.total - self.own

    @property
    def share(self) -> float | None:
        """Overhead over total, 0 to 1; None where nothing was spent."""
        return self.overhead / self.total if self.total else None

    def share_of(self, agent: str) -> float | None:
        """An agent's overhead over the total of all; None where nothing was spent."""
        return self.by_agent.get(agent, 0) / self.total if self.total else None


def token_overhead(read: Iterable[InputCell], written: Iterable[OutputCell]) -> Overhead:
    """Return the overhead in tokens that were computed: read, and written."""
    rows = [(cell.agent, cell.prefilled, cell.own) for cell in read]
    rows += [(c.agent, c.tokens, c.tokens if c.purpose == "answer" else 0) for c in written]
    return _overhead("tokens", rows)


def time_overhead(cells: Iterable[TimeCell]) -> Overhead:
    """Return the overhead in nanoseconds."""
    return _overhead("nanoseconds", [(cell.agent, cell.nanoseconds, cell.own) for cell in cells])


def energy_overheads(cells: Iterable[EnergyCell]) -> tuple[Overhead, ...]:
    """Return the overhead in nanojoules, apart for each source and scope."""
    rows: dict[tuple[EnergySource, str], list[tuple[str, int, int]]] = {}
    for cell in cells:
        rows.setdefault((cell.source, cell.scope), []).append((cell.agent, cell.nanojoules, cell.own))
    return tuple(_overhead("nanojoules", found, *meter) for meter, found in rows.items())


def _overhead(
    measure: Measure, rows: Iterable[tuple[str, int, int]], source: EnergySource = "none", scope: str = ""
) -> Overhead:
    """Add up rows of agent, amount, and how much of it was the answer's own."""
    own, total = 0, 0
    by_agent: dict[str, int] = {}
    for agent, amount, needed in rows:
        own, total = own + needed, total + amount
        by_agent[agent] = by_agent.get(agent, 0) + amount - needed
    return Overhead(measure, source, scope, own, total, by_agent)
