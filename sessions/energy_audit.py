"""A look at energy figures before anyone believes them: what they cannot say, in words."""

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import TypeAlias

from agents.events import EnergySource

EnergyFigure: TypeAlias = tuple[float | None, float, float | None, EnergySource]
"""Joules, wall time and CPU time in seconds, and source of one turn; None where nothing was read."""

CONSTANT = 0.02
"""Implied watts that vary by less than this share of their mean tell no more than the clock does."""
ENOUGH = 3
"""With fewer turns, watts that agree are no surprise."""
MOST_WATTS = 3_000.0
"""More than a machine at one socket of a household draws."""

MODELLED = "modelled energy is a function of CPU time and wall time: it says nothing that these do not"


def energy_audit(
    turns: Sequence[EnergyFigure], *, idle_watts: float | None = None, most_watts: float = MOST_WATTS
) -> str | None:
    """Return what is to be held against the energy figures of turns, in words; None when there is nothing.

    Implied watts are joules / wall time. Where they are the same for every turn (coefficient of variation
    under 2 %), below `idle_watts` or above `most_watts`, it is said, and so it is of figures that are
    modelled. Turns without a figure or without time are left out.
    """
    known = [turn for turn in turns if turn[0] is not None and turn[1] > 0 and turn[3] != "none"]
    found = [MODELLED] if any(source == "modelled" for *_, source in known) else []
    if len({source for *_, source in known}) > 1:
        found.append("some figures are measured and others modelled: they must not be compared")
    # A modelled figure is by design what a measured one is suspected of.
    watts = [
        joules / wall_s for joules, wall_s, _, source in known if joules is not None and source == "measured"
    ]
    found += filter(None, (_constant(watts), _below(watts, idle_watts), _above(watts, most_watts)))
    return "; ".join(found) or None


def variation(values: Sequence[float]) -> float | None:
    """Return the coefficient of variation, population standard deviation / mean; None for a mean of 0."""
    mean = fmean(values) if values else 0.0
    return pstdev(values) / mean if mean > 0 else None


def _constant(watts: Sequence[float]) -> str:
    spread = variation(watts)
    if len(watts) < ENOUGH or spread is None or spread >= CONSTANT:
        return ""
    return (
        f"every turn implies {fmean(watts):.3g} W (they vary by {spread:.1%}): this energy is"
        " time × constant, and says nothing that the time does not"
    )


def _below(watts: Sequence[float], idle_watts: float | None) -> str:
    low = [each for each in watts if idle_watts is not None and each < idle_watts]
    if not low or idle_watts is None:
        return ""
    return (
        f"{_turns(len(low), len(watts))} less than the idle power, {min(low):.3g} W against"
        f" {idle_watts:.3g} W: the counter stood still in part of their time"
    )


def _above(watts: Sequence[float], most_watts: float) -> str:
    high = [each for each in watts if each > most_watts]
    if not high:
        return ""
    return (
        f"{_turns(len(high), len(watts))} up to {max(high):.4g} W, more than is plausible"
        f" ({most_watts:.4g} W): the counter jumped, or its unit is not what was taken"
    )


def _turns(some: int, of_all: int) -> str:
    return f"{some} of {of_all} turns imply" if some != 1 else f"1 of {of_all} turns implies"
