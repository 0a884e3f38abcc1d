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


Meter = tuple[str, str]
"""What energy was read from: its source, and what the joules are of."""

NO_METER: Meter = ("", "")
MIXED: Meter = ("mixed", "")


@dataclass(frozen=True, slots=True)
class Cost:
    """One column of the stored and the new turns; None where there was nothing to measure.

    `meters` are those of energy: joules of two are never set against each other.
    """

    column: str
    was: float | None
    now: float | None
    meters: tuple[Meter, Meter] = (NO_METER, NO_METER)

    @property
    def difference(self) -> float | None:
        """What the new turns cost more, in the column's unit; None where that cannot be told."""
        if self.was is None or self.now is None or self.meters[0] != self.meters[1]:
            return None
        return self.now - self.was

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The column with both figures and their difference, as they are read."""
        difference = self.difference
        told = NONE
        if difference is not None:
            figure = self._figure(abs(difference), self.meters[0])
            sign = "" if not difference or figure.startswith("<") else "+" if difference > 0 else "−"
            told = sign + figure
        return (
            self.column,
            self._figure(self.was, self.meters[0]),
            self._figure(self.now, self.meters[1]),
            told,
        )

    def _figure(self, value: float | None, meter: Meter) -> str:
        if self.column == "joules":
            return NONE if meter == MIXED else energy(value, meter[0])
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
    if any(_warmed_otherwise(each) for each in found):
        yield (
            "One of two turns found sequences in the engine and the other did not: what they reused,"
            " prefilled and waited for is not like for like. A repetition with nothing changed tells how much"
            " of the difference that is; with --cold the new turns reuse nothing."
        )
    at_once = max(each.at_once for each in found)
    if at_once > 1:
        yield (
            f"The stored run made up to {at_once} attempts at once: their seconds, and what a meter counted,"
            " hold one another's, and an answer may differ by the last bits of a logit. The new turns ran"
            " alone."
        )
    if any(each.limited for each in found):
        yield (
            "A turn of a chat does not record its limits, and one here ran into one: the new turns have"
            " those of the settings now. --set limits.max_tokens=N sets another."
        )
    if any(each.record.frozen and each.was.tool_s for each in found):
        yield "Frozen results of tools took no time: the stored turn ran its tools."
    meters = {_meter([turn]) for each in found for turn in (each.was, each.now)}
    if len({meter for meter in meters if meter[0] != "none"}) > 1:
        yield "The energy is of several meters, whose joules are not set against each other."


def _warmed_otherwise(each: WhatIf) -> bool:
    return each.was.warm != each.now.warm and not each.was.cold and not each.now.cold


def _cost(name: str, was: Sequence[TurnRecord], now: Sequence[TurnRecord]) -> Cost:
    meters = (_meter(was), _meter(now)) if name == "joules" else (NO_METER, NO_METER)
    return Cost(name, _sum(name, was, meters[0]), _sum(name, now, meters[1]), meters)


def _sum(name: str, turns: Sequence[TurnRecord], meter: Meter) -> float | None:
    values = [getattr(turn, name) for turn in turns]
    if meter == MIXED or any(value is None for value in values):
        return None
    return values[0] if len(values) == 1 else math.fsum(values)


def _meter(turns: Sequence[TurnRecord]) -> Meter:
    """Return the meter of the turns, or `MIXED` where they have several."""
    meters = {(turn.energy_source, turn.energy_scope) for turn in turns}
    return meters.pop() if len(meters) == 1 else MIXED
