"""What turns that ran again cost beside the stored ones, in the store's own columns."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.message import PURPOSES
from sessions.columns import UNITS
from sessions.records import TurnRecord
from slmtui.cli.output import table
from slmtui.tui.format import NONE, count, duration, energy
from slmtui.whatif import WhatIf

SUMMED = (
    "wall_s",
    "cpu_s",
    "joules",
    "calls",
    "tool_calls",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    *(f"{purpose}_tokens" for purpose in PURPOSES),
    "prefill_s",
    "decode_s",
    "tool_s",
)
"""The columns that add up over turns."""

COSTS = (SUMMED[0], "ttft_s", *SUMMED[1:])
"""The columns that two turns are set side by side in."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One column of the stored and the new turns; None where there was nothing to measure.

    `sources` are those of energy: joules of two sources are never set against each other.
    """

    column: str
    was: float | None
    now: float | None
    sources: tuple[str, str] = ("", "")

    @property
    def difference(self) -> float | None:
        """What the new turns cost more, in the column's unit; None where that cannot be told."""
        if self.was is None or self.now is None or self.sources[0] != self.sources[1]:
            return None
        return self.now - self.was

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The column with both figures and their difference, as they are read."""
        difference = self.difference
        told = NONE
        if difference is not None:
            figure = self._figure(abs(difference), self.sources[0])
            sign = "" if not difference or figure.startswith("<") else "+" if difference > 0 else "−"
            told = sign + figure
        return (
            self.column,
            self._figure(self.was, self.sources[0]),
            self._figure(self.now, self.sources[1]),
            told,
        )

    def _figure(self, value: float | None, source: str) -> str:
        if self.column == "joules":
            return energy(value, source)
        return duration(value) if UNITS[self.column] == "s" else count(value)


def costs(found: Sequence[WhatIf]) -> list[Cost]:
    """Return the cost of one pair of turns in every column, or of several in those that add up."""
    names = COSTS if len(found) == 1 else SUMMED
    return [_cost(name, [each.was for each in found], [each.now for each in found]) for name in names]


def cost_table(found: Sequence[WhatIf]) -> str:
    """Return the costs as a table, without the columns that are nought on both sides."""
    rows = [cost.row for cost in costs(found) if cost.was or cost.now]
    return table(("COST", "STORED", "WHAT IF", "DIFFERENCE"), rows, right=(1, 2, 3))


def cost_notes(found: Sequence[WhatIf]) -> Iterator[str]:
    """Yield what to know before reading the costs of two turns against each other."""
    if any(each.was.warm and not each.was.cold and not each.now.warm for each in found):
        yield (
            "A stored turn found the engine warm and its repetition did not: what it reused, prefilled and"
            " waited for is not like for like. A repetition with nothing changed tells how much of the"
            " difference that is."
        )
    if any(each.record.frozen and each.was.tool_s for each in found):
        yield "Frozen results of tools took no time: the stored turn ran its tools."
    sources = {source for each in found for source in _sources(each)}
    if len(sources - {"none"}) > 1:
        yield "The energy of the two has different sources, which are not set against each other."


def _cost(name: str, was: Sequence[TurnRecord], now: Sequence[TurnRecord]) -> Cost:
    sources = ("", "")
    if name == "joules":
        sources = (_source(was), _source(now))
    return Cost(name, _sum(name, was, sources[0]), _sum(name, now, sources[1]), sources)


def _sum(name: str, turns: Sequence[TurnRecord], source: str) -> float | None:
    values = [getattr(turn, name) for turn in turns]
    if source == "mixed" or any(value is None for value in values):
        return None
    return values[0] if len(values) == 1 else math.fsum(values)


def _source(turns: Sequence[TurnRecord]) -> str:
    sources = {turn.energy_source for turn in turns}
    return sources.pop() if len(sources) == 1 else "mixed"


def _sources(each: WhatIf) -> tuple[str, str]:
    return each.was.energy_source, each.now.energy_source
