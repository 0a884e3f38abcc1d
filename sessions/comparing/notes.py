"""What a reader should know about the observations of a comparison before believing its figures."""

import math
from collections.abc import Iterator, Mapping, Sequence

from sessions.comparing.grid import Grid
from sessions.comparison import ArmFigures
from sessions.differences import CONDITIONS, Arm, notes_on_factors
from sessions.stats.bootstrap import CLUSTERS


def notes(grid: Grid, figures: Sequence[ArmFigures], arms: Sequence[Arm]) -> Iterator[str]:
    """Yield what differs among the observations, and how intervals were made."""
    yield from _on_pairing(grid)
    yield from _on_scores(figures)
    yield from _on_marks(grid)
    yield from _on_energy(figures)
    yield from _on_conditions(arms)
    yield from _on_reuse(grid, arms)
    yield from notes_on_factors(arms)
    yield from _on_intervals(grid)
    yield from _on_grid(figures)


def _on_pairing(grid: Grid) -> Iterator[str]:
    if len(grid.arms) > 1 and (grid.row < 0).any():
        shared = int((grid.row >= 0).all(axis=0).sum())
        yield (
            "The arms did not answer the same items: two are compared on those that both have. All have"
            f" {shared} of {grid.row.shape[1]} in common."
        )


def _on_scores(figures: Sequence[ArmFigures]) -> Iterator[str]:
    unscored = {arm.arm: arm.attempts - arm.strict.n for arm in figures}
    if any(arm.strict.n for arm in figures) and any(unscored.values()):
        counts = ", ".join(f"{count} of {name}" for name, count in unscored.items() if count)
        yield f"Attempts that are not scored yet count in the spreads alone: {counts}."


def _on_marks(grid: Grid) -> Iterator[str]:
    """Yield that a person said what is right, or better."""
    by_hand = [each for each in grid.observations if each.by_hand]
    if any(each.strict is not None for each in by_hand):
        yield (
            "Right and wrong were judged by hand: one mark is the strict and the flexible reading. What"
            " nobody judged is not scored, but an answer that failed, is empty or was cut counts as not"
            " right beside a judged one to the same prompt."
        )
    if any(each.preferred is not None for each in by_hand):
        yield (
            "Which answer is better was judged by hand. Whoever sees which arm answered may be led by it; p"
            " is that of each pair by itself, and takes every judgement for one of its own."
        )


def _on_energy(figures: Sequence[ArmFigures]) -> Iterator[str]:
    sources = {each.source for arm in figures for each in arm.spreads if each.metric == "joules"}
    if len(sources) > 1:
        yield f"Energy has several sources ({', '.join(sorted(sources))}): each has figures of its own."


def _on_conditions(arms: Sequence[Arm]) -> Iterator[str]:
    for name in CONDITIONS:
        values = sorted({value for arm in arms for value in arm.conditions.get(name, ())}, key=_in_order)
        if len(values) > 1:
            yield f"Turns of several kinds are compared: {name} is {', '.join(values)}."


def _in_order(value: str) -> tuple[float, str]:
    """Return a key that sorts numbers as such."""
    try:
        return float(value), value
    except ValueError:
        return float("inf"), value


def _on_reuse(grid: Grid, arms: Sequence[Arm]) -> Iterator[str]:
    """Yield that turns which were not cold reused each other's work, and may have run side by side."""
    warm = [arm.name for arm in arms if "no" in _cold(arm)]
    reused = _any(grid, "reused_tokens") or _any(grid, "queue_s")
    if warm and reused:
        yield (
            f"The turns of {', '.join(warm)} were not cold: they reused what the KV cache held, of one"
            " another too, and may have run several at once. Seconds and prefilled tokens depend on that, and"
            " an answer may, by the last bits of a logit. --cold runs each alone."
        )


def _cold(arm: Arm) -> Mapping[str, object]:
    return arm.conditions.get("cold", {})


def _any(grid: Grid, metric: str) -> bool:
    return any(each.values.get(metric) for each in grid.observations)


def _on_intervals(grid: Grid) -> Iterator[str]:
    number = len(set(grid.data_sets))
    if not number:
        return
    if number >= CLUSTERS:
        drawn = f"whole data sets, of which there are {number}"
    else:
        drawn = "items" + (f" within each of the {number} data sets" if number > 1 else "")
        drawn += ", each with all its attempts"
    yield (
        f"Intervals (95 %) are of a bootstrap that draws {drawn}; that of a rate is Wilson's, that of a"
        " difference of rates nowhere narrower than Newcombe's, and that of what a right answer costs nowhere"
        " narrower than Wilson's of the rate allows."
    )


def _on_grid(figures: Sequence[ArmFigures]) -> Iterator[str]:
    """Yield that more than one pair was tested: what that does to which of the figures."""
    scored = sum(bool(arm.strict.n) for arm in figures)
    if scored > 2:
        yield (
            f"{scored} arms make {math.comb(scored, 2)} pairs, for which their p are corrected by Holm's"
            " method. Intervals, and what so many items resolve, are those of one pair by itself: among"
            " several it takes more."
        )
