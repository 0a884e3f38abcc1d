"""What can be said of two arms that answered the same items: one is better, a tie, or not enough to tell."""

import math
from dataclasses import dataclass, replace

from sessions.comparison import Interval, Verdict
from sessions.stats.power import ALPHA, items_needed, resolvable

MARGIN = 0.03
"""Two arms tie if the interval of their difference lies within ± this: three points of accuracy."""

SPREAD = (
    "The test takes items to be independent; over the data sets the difference varies so much that the"
    " interval holds 0. More data sets are needed."
)
UNSCORED = "Nothing was scored: only what the two cost can be compared."


@dataclass(frozen=True, slots=True)
class Tally:
    """Two arms on the pairs (items and repeats) that both have: of `n`, so many both or one alone right.

    `effective` is the number of items that would tell as much without repeats (`effective_size`).
    """

    first: str
    second: str
    items: int
    effective: float
    n: int
    both: int
    first_only: int
    second_only: int

    @property
    def neither(self) -> int:
        """Pairs of which neither is right."""
        return self.n - self.both - self.first_only - self.second_only

    @property
    def difference(self) -> float | None:
        """The accuracy of the second - that of the first; None without pairs."""
        return (self.second_only - self.first_only) / self.n if self.n else None

    @property
    def turned(self) -> "Tally":
        """The same two arms the other way round."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            first_only=self.second_only,
            second_only=self.first_only,
        )

    @property
    def discordant(self) -> float:
        """The share of pairs of which one alone is right."""
        return (self.first_only + self.second_only) / self.n if self.n else 0.0

    @property
    def resolvable(self) -> float | None:
        """The smallest difference that so many items with such a share show; None where they show none."""
        smallest = resolvable(round(self.effective), round(self.discordant, 4))
        return smallest if math.isfinite(smallest) else None


def verdict(tally: Tally, interval: Interval | None, p_holm: float | None) -> Verdict:
    """Return what can be said: of a difference if test and interval both show it, of a tie if neither could.

    A difference needs p < 0.05 by Holm and an interval without 0, a tie an interval within ± `MARGIN`.
    """
    difference = tally.difference
    if difference is None or interval is None:
        return "not enough items to tell"
    if _significant(p_holm) and not interval.low <= 0 <= interval.high:
        return "second is better" if difference > 0 else "first is better"
    if interval.low >= -MARGIN and interval.high <= MARGIN:
        return "tie"
    return "not enough items to tell"


def in_words(tally: Tally, interval: Interval | None, p: float | None, p_holm: float | None) -> str:
    """Return the verdict as a sentence with its figures."""
    if tally.difference is None or interval is None:
        return f"{tally.first} and {tally.second} have no scored item in common."
    said = verdict(tally, interval, p_holm)
    if said == "tie":
        within = f"the interval lies within ±{MARGIN * 100:.0f} points"
        return f"{tally.first} and {tally.second} tie: {_figures(tally, interval, p, p_holm)}; {within}."
    if said == "not enough items to tell":
        untold = f"Not enough items to tell {tally.first} and {tally.second} apart"
        more = SPREAD if _significant(p_holm) else _needed(tally)
        return f"{untold}: {_figures(tally, interval, p, p_holm)}. {more}"
    if said == "first is better":  # what is said first is the better one, and its difference above 0
        tally, interval = tally.turned, Interval(-interval.high, -interval.low, interval.level)
    small = f", by less than {MARGIN * 100:.0f} points" if abs(tally.difference or 0.0) < MARGIN else ""
    figures = _figures(tally, interval, p, p_holm, second_first=True)
    return f"{tally.second} is more often right than {tally.first}{small}: {figures}."


def points(share: float, *, signed: bool = False) -> str:
    """Return a difference of shares in points: +3.2, −1.0."""
    number = f"{abs(share) * 100:.1f}"
    if number == "0.0":
        return number
    sign = "−" if share < 0 else "+" if signed else ""
    return sign + number


def about(items: int) -> str:
    """Return a number of items with two digits that mean something."""
    scale = 10 ** max(len(str(items)) - 2, 0)
    return f"{math.ceil(items / scale) * scale:,}".replace(",", " ")


def _figures(
    tally: Tally, interval: Interval, p: float | None, p_holm: float | None, *, second_first: bool = False
) -> str:
    right = (tally.both + tally.first_only, tally.both + tally.second_only)[:: -1 if second_first else 1]
    counts = f"{right[0]} and {right[1]} of {tally.n} right"
    within = f"{points(interval.low, signed=True)} to {points(interval.high, signed=True)}"
    difference = points(tally.difference or 0.0, signed=True)
    by_holm = f" ({p_value(p_holm)} by Holm)" if p_holm != p else ""
    return f"{counts}, a difference of {difference} points (95 % interval {within}), {p_value(p)}{by_holm}"


def _significant(p_holm: float | None) -> bool:
    return p_holm is not None and p_holm < ALPHA


def p_value(p: float | None) -> str:
    """Return a p value as it is written: p = 0.031, p < 0.001."""
    if p is None:
        return "no p"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _needed(tally: Tally) -> str:
    """Return what so many items could have shown, and how many the difference that was seen would take."""
    items = f"{tally.items} item{'s' * (tally.items != 1)}"
    if tally.n > tally.items:
        items += f" with {tally.n} attempts"
    discordant = f"{tally.discordant * 100:.0f} % of pairs discordant"
    smallest = tally.resolvable
    could = (
        f"With {discordant}, {items} resolve {points(smallest)} points"
        if smallest is not None
        else f"{items} cannot show any difference"
    )
    seen = tally.difference or 0.0
    needed = items_needed(seen, tally.discordant)
    if needed is None or abs(seen) < MARGIN:
        needed, seen = items_needed(MARGIN, tally.discordant), MARGIN
    if needed is not None and needed <= tally.effective:
        return f"{could}. By itself this difference might do; among so many pairs it does not."
    return f"{could}; {points(abs(seen))} points would take about {about(needed or 0)} items."
