"""What the figures of a comparison themselves show to be wrong or empty, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of an arm: `text` by itself, and `of_many` where several arms share it.

    These are then named with their `figures`.
    """

    arm: str
    text: str
    of_many: str
    figures: str = ""

    @property
    def named(self) -> str:
        """The arm with its figures in brackets."""
        return f"{self.arm} ({self.figures})" if self.figures else self.arm


def told(remarks: Iterable[Remark | None], before: str = "") -> Iterator[str]:
    """Yield remarks, in one sentence where several arms share one; `before` stands before their names."""
    kinds: dict[str, list[Remark]] = {}
    for each in filter(None, remarks):
        kinds.setdefault(each.of_many, []).append(each)
    for of_many, found in kinds.items():
        if len(found) == 1:
            yield f"{before}{found[0].arm}: {found[0].text}"
        else:
            yield f"{before}{', '.join(each.named for each in found)}: {of_many}"


def audits(grid: Grid, arms: Sequence[ArmFigures], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield every finding, a sentence or two each."""
    if any(arm.strict.n for arm in arms):
        yield from _states(arms)
        yield from _floors(arms, pairs)
        yield from told(map(_format_gap, arms))
        yield from _carried(pairs)
    observed = {arm.arm: grid.of_arm(place) for place, arm in enumerate(arms)}
    yield from told(_limit(name, each) for name, each in observed.items())
    yield from told(_repeats(name, each) for name, each in observed.items())
    yield from told((_energy(name, each) for name, each in observed.items()), before="Energy of ")
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
    notes = list(dict.fromkeys(pair.ratio_note for pair in pairs if pair.ratio_note))
    if notes:
        those = "it" if len(notes) == 1 else "them"
        yield f"{'; '.join(notes)}: ratios of accuracy to {those} are refused; read the paired differences."
    none = [arm.arm for arm in arms if arm.strict.n and not arm.strict.count]
    if none:
        have = "has" if len(none) == 1 else "have"
        yield f"{', '.join(none)} {have} no right answer: what one costs is not defined."


def _format_gap(arm: ArmFigures) -> Remark | None:
    strict, flexible = arm.strict.share, arm.flexible.share
    if strict is None or flexible is None or flexible - strict < FORMAT_GAP:
        return None
    share = f"{(flexible - strict) * 100:.1f} %"
    right = (
        "answers are right by the flexible reading alone: they hold the right one, but not where it was"
        " asked for. That gap is format, not ability."
    )
    return Remark(arm.arm, f"{share} of its {right}", f"so many of their {right}", share)


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


def _limit(arm: str, observed: Sequence[Observation]) -> Remark | None:
    """Return whether most answers ran as far as they could: then their cost is that of the limit."""
    cut = sum(each.state == "cut" for each in observed)
    if cut > MOST * len(observed):
        figures = f"{cut} of {len(observed)}"
        limit = (
            "answers ran into their limit of tokens. What they cost is the limit: it is too tight for them,"
            " or a stop or an instruction to be short is missing."
        )
        return Remark(arm, f"{figures} {limit}", f"most {limit}", figures)
    written = [tokens for each in observed if (tokens := each.values.get("output_tokens")) is not None]
    return _near_longest(arm, written)


def _near_longest(arm: str, written: Sequence[float]) -> Remark | None:
    """Return whether most answers are about as long as the longest, though none says that it was cut."""
    longest = max(written, default=0)
    near = sum(tokens >= NEAR_LIMIT * longest for tokens in written)
    if longest < LONG_TOKENS or near <= MOST * len(written) or len(written) < 5:
        return None
    figures, tokens = f"{near} of {len(written)}", f"{longest:.0f} tokens"
    limit = "They may have run into a limit: a stop or an instruction to be short may be missing."
    return Remark(
        arm,
        f"{figures} answers are about as long as its longest ({tokens}). {limit}",
        f"most answers are about as long as the arm's longest. {limit}",
        f"{figures}, {tokens}",
    )


def _repeats(arm: str, observed: Sequence[Observation]) -> Remark | None:
    """Return whether the repeats of every item came out alike, as those of a greedy model do."""
    kinds: dict[tuple[str, str], Counter[tuple[object, ...]]] = {}
    for each in observed:
        kind = (each.state, each.strict, each.flexible, each.values.get("output_tokens"))
        kinds.setdefault((each.data_set, each.item), Counter())[kind] += 1
    repeated = [counts for counts in kinds.values() if counts.total() > 1]
    if not repeated or any(len(counts) > 1 for counts in repeated):
        return None
    said = (
        "the repeats of every item came out alike, as those of greedy sampling do. They say no more than"
        " one of them."
    )
    return Remark(arm, said, said)


def _energy(arm: str, observed: Sequence[Observation]) -> Remark | None:
    said = energy_audit([_energy_figure(each) for each in observed])
    return Remark(arm, f"{said}.", f"{said}.") if said else None


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
