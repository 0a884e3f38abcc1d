"""What the figures of a comparison themselves show to be wrong or empty, in words."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from sessions.comparing.grid import Grid, Key
from sessions.comparing.verdicts import points
from sessions.comparison import ArmFigures, Pair
from sessions.energy_audit import EnergyFigure, energy_audit
from sessions.observation import Observation

RATES = (
    "Tokens/s is tokens ÷ latency by construction: it says nothing that these two do not, and an arm that"
    " writes more looks faster by it. Joules per token likewise."
)
FORMAT_GAP = 0.05
MOST = 0.5
NEAR_LIMIT, LONG_TOKENS = 0.95, 64
"""An answer of so much of the arm's longest, if that is so long, ran about as far as it could."""
ALIKE = 0.02


def audits(grid: Grid, arms: Sequence[ArmFigures], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield every finding, a sentence or two each."""
    if any(arm.strict.n for arm in arms):
        yield from _states(arms)
        yield from _floors(arms, pairs)
        yield from filter(None, map(_format_gap, arms))
        yield from _carried(pairs)
    for place, arm in enumerate(arms):
        observed = grid.of_arm(place)
        yield from filter(None, (_limit(arm, observed), _repeats(arm, observed), _energy(arm, observed)))
    yield from filter(None, (_memory(grid),))
    if {"wall_s", "output_tokens"} <= set(grid.metrics):
        yield RATES


def _states(arms: Sequence[ArmFigures]) -> Iterator[str]:
    """Yield whether the states of each arm sum to its attempts."""
    wrong = [arm for arm in arms if sum(arm.states.values()) != arm.strict.n]
    if not wrong:
        yield "Every scored attempt ended in exactly one state: the states of each arm sum to its attempts."
    for arm in wrong:
        total = sum(arm.states.values())
        yield f"{arm.arm}: the states of {arm.strict.n} scored attempts sum to {total}. Do not use this."


def _floors(arms: Sequence[ArmFigures], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the arms that are right too seldom for anything to be divided by it."""
    for note in dict.fromkeys(pair.ratio_note for pair in pairs if pair.ratio_note):
        yield f"{note}: ratios of accuracy to it are refused; read the paired differences."
    for arm in arms:
        if arm.strict.n and not arm.strict.count:
            yield f"{arm.arm} has no right answer: what one costs is not defined."


def _format_gap(arm: ArmFigures) -> str:
    strict, flexible = arm.strict.share, arm.flexible.share
    if strict is None or flexible is None or flexible - strict < FORMAT_GAP:
        return ""
    return (
        f"{arm.arm}: {(flexible - strict) * 100:.1f} % of its answers are right by the flexible reading"
        " alone: they hold the right one, but not where it was asked for. That gap is format, not ability."
    )


def _carried(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the data sets that carry a difference, a sentence a pair."""
    for pair in pairs:
        moved = [
            f"{points(each.without, signed=True)} without {each.data_set}"
            for each in pair.by_data_set
            if each.flagged and each.without is not None
        ]
        if moved and pair.difference is not None:
            yield (
                f"{pair.first} and {pair.second}: one data set moves their difference by more than half. It"
                f" is {points(pair.difference, signed=True)} points, but {', '.join(moved)}."
            )


def _limit(arm: ArmFigures, observed: Sequence[Observation]) -> str:
    """Return whether most answers ran as far as they could: then their cost is that of the limit."""
    cut = sum(each.state == "cut" for each in observed)
    if cut > MOST * len(observed):
        return (
            f"{arm.arm}: {cut} of {len(observed)} answers ran into their limit of tokens. What they cost is"
            " the limit: a stop or an instruction to be short is missing."
        )
    written = [tokens for each in observed if (tokens := each.values.get("output_tokens")) is not None]
    longest = max(written, default=0)
    near = sum(tokens >= NEAR_LIMIT * longest for tokens in written)
    if longest < LONG_TOKENS or near <= MOST * len(written) or len(written) < 5:
        return ""
    return (
        f"{arm.arm}: {near} of {len(written)} answers are about as long as its longest ({longest:.0f}"
        " tokens). They may have run into a limit: a stop or an instruction to be short may be missing."
    )


def _repeats(arm: ArmFigures, observed: Sequence[Observation]) -> str:
    """Return whether the repeats of every item came out alike, as those of a greedy model do."""
    kinds: dict[tuple[str, str], Counter[tuple[object, ...]]] = {}
    for each in observed:
        kind = (each.state, each.strict, each.flexible, each.values.get("output_tokens"))
        kinds.setdefault((each.data_set, each.item), Counter())[kind] += 1
    repeated = [counts for counts in kinds.values() if counts.total() > 1]
    if not repeated or any(len(counts) > 1 for counts in repeated):
        return ""
    return (
        f"{arm.arm}: the repeats of every item came out alike, as those of greedy sampling do. They say no"
        " more than one of them."
    )


def _energy(arm: ArmFigures, observed: Sequence[Observation]) -> str:
    said = energy_audit([_energy_figure(each) for each in observed])
    return f"Energy of {arm.arm}: {said}." if said else ""


def _energy_figure(observed: Observation) -> EnergyFigure:
    values = observed.values
    return values.get("joules"), values.get("wall_s") or 0.0, values.get("cpu_s"), observed.energy_source


def _memory(grid: Grid) -> str:
    """Return whether all arms had the same peak memory: that of one process, which served them all."""
    if "peak_rss_bytes" not in grid.metrics or len(grid.arms) < 2:
        return ""
    peaks = grid.values(Key("peak_rss_bytes"))
    means = [float(row[~np.isnan(row)].mean()) for row in peaks if not np.isnan(row).all()]
    if len(means) < 2 or max(means) - min(means) > ALIKE * max(means):
        return ""
    return (
        "The arms have the same peak memory: it is that of one engine's process, which served them all. What"
        " sets them apart is in kv_bytes."
    )
