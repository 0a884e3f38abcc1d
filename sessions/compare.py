"""Arms side by side on the same items: who is right, what it costs, and what can be said of it.

Everything is paired: two arms are compared on the items and repeats that both have, and every interval
is of the same resamples of items. What two arms differ in is told beside the figures
(`sessions.differences`), for a difference in figures is no effect of any one thing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from sessions.comparing.arms import arm_figures
from sessions.comparing.audits import audits
from sessions.comparing.fronts import fronts
from sessions.comparing.grid import Grid
from sessions.comparing.notes import notes
from sessions.comparing.pairs import over_grid, pair_figures
from sessions.comparing.preferences import preferences
from sessions.comparing.resampling import Columns
from sessions.comparison import Comparison
from sessions.differences import Arm, differences
from sessions.observation import Observation
from sessions.observing import BASE, arms_of_turns, observations_of_turns
from sessions.records import TurnRecord

RESAMPLES = 2000


def compare(
    observations: Sequence[Observation], arms: Sequence[Arm], *, resamples: int = RESAMPLES, seed: int = 0
) -> Comparison:
    """Compare the arms, base first and the others in the order given.

    `arms` tell what each arm's turns were; an arm without observations has figures of nothing. All
    observations have the same `values`. Equal observations, in any order, give equal figures.
    """
    known = {arm.name: arm for arm in arms}
    names = dict.fromkeys([*known, *(each.arm for each in observations)])
    ordered = [known.get(name, Arm(name)) for name in sorted(names, key=lambda name: name != BASE)]
    grid = Grid(observations, [arm.name for arm in ordered])
    columns = Columns(grid)
    of_arms = [arm_figures(grid, place, columns) for place in range(len(ordered))]
    of_pairs = [pair_figures(grid, *both, columns) for both in combinations(range(len(ordered)), 2)]
    of_fronts = fronts(grid, columns)
    totals = columns.draw(resamples, seed)
    figures = tuple(each(totals) for each in of_arms)
    pairs = over_grid([each(totals) for each in of_pairs])
    return Comparison(
        arms=figures,
        pairs=pairs,
        pareto=tuple(each(totals) for each in of_fronts),
        differences=differences(ordered),
        audits=tuple(audits(grid, figures, pairs)),
        notes=tuple(notes(grid, figures, ordered)),
        scored=any(each.strict.n for each in figures),
        resamples=resamples,
        seed=seed,
        preferences=tuple(preferences(observations, grid.arms)),
    )


def compare_turns(turns: Sequence[TurnRecord], *, resamples: int = RESAMPLES, seed: int = 0) -> Comparison:
    """Compare the turns of sessions, unscored: by paradigm, paired by prompt.

    Figures are over the turns that ended ok and began their own answer; the others are counted in notes.
    An answer that was made again is one more repeat of its prompt.
    """
    found = compare(observations_of_turns(turns), arms_of_turns(turns), resamples=resamples, seed=seed)
    return replace(found, notes=(*_notes_on_turns(turns), *found.notes))


def _notes_on_turns(turns: Sequence[TurnRecord]) -> list[str]:
    left_out = Counter(turn.paradigm for turn in turns if turn.status != "ok")
    gone_on = sum(turn.status == "ok" and bool(turn.beginning) for turn in turns)
    said = []
    if left_out:
        counts = ", ".join(f"{count} of {paradigm}" for paradigm, count in left_out.items())
        said.append(f"Turns that did not end ok are left out of the figures: {counts}.")
    if gone_on:
        said.append(
            f"{gone_on} that went on with a stopped answer {'is' if gone_on == 1 else 'are'} left out too:"
            " what they cost is of half an answer."
        )
    if any(turn.position > 1 for turn in turns):
        said.append("Turns are paired by prompt; what was said before them may differ.")
    return said
