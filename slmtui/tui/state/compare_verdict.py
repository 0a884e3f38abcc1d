"""What can be said of a comparison by hand, in words: with its rule and its spread, never of one answer."""

from collections.abc import Iterator, Sequence

from sessions.comparing.verdicts import MARGIN
from sessions.comparison import Comparison, Pair, PairedResource
from sessions.stats.power import ALPHA
from slmtui.tui import format as fmt

COSTS = {
    "wall_s": "seconds",
    "prefilled_tokens": "tokens read anew",
    "output_tokens": "tokens written",
    "joules": "joules",
}
"""The resources of which a verdict speaks, in words."""

OF_THE_MACHINE = frozenset({"wall_s", "joules"})
"""What neighbours add to: an estimate where arms answer at once."""

SHARED = "The arms answer at once: seconds and joules (~) hold the neighbours'."
ONE = "No verdict: one answer each. It takes two for what they cost, and"
AGAIN = "r runs this prompt again, and another prompt adds to the same comparison."
RULE = (
    f"The rule: one is more often right if p < {ALPHA:g} (exact McNemar test, by Holm over all pairs) and the"
    f" 95 % interval holds no 0; they tie if it lies within ±{MARGIN * 100:.0f} points. Ratios are of"
    " totals on the same rounds, with the 95 % interval of a paired bootstrap over prompts."
)


def least_marked(pairs: int) -> int:
    """Return the fewest prompts that could tell two arms apart: one alone right on each, over so many pairs.

    The exact test's two-sided p of n discordant prompts that all agree is 2 / 2**n.
    """
    needed = 1
    while 2 / 2**needed >= ALPHA / max(pairs, 1):
        needed += 1
    return needed


def verdict(comparison: Comparison | None, baseline: str, *, shared: bool) -> list[str]:
    """Return sentences on each arm against the baseline, or what is missing for any.

    `shared` says that arms answered beside each other, so that their seconds and joules tell little.
    """
    pairs = [] if comparison is None else [pair for pair in comparison.pairs if pair.first == baseline]
    if comparison is None or not pairs:
        return ["No verdict: it takes two arms that answered."]
    least = least_marked(len(comparison.pairs))
    if all(_rounds(pair) <= 1 and _marked(pair) <= 1 for pair in pairs):
        return [f"{ONE} {least} prompts with ✓ or ✗ on both for who is right. {AGAIN}"]
    said = [pair.text for pair in pairs if _marked(pair) > 1]
    said += _unmarked([pair for pair in pairs if _marked(pair) <= 1], least)
    said += _preferences(comparison, baseline)
    said += [words for pair in pairs if (words := _costs(pair, shared=shared))]
    return [*said, RULE, *((f"{SHARED} o runs them one by one.",) if shared else ())]


def _unmarked(pairs: Sequence[Pair], least: int) -> Iterator[str]:
    """Yield how much is missing for a verdict on who is right."""
    if pairs:
        told = ", ".join(f"{_marked(pair)} for {pair.second}" for pair in pairs)
        yield (
            f"No verdict on who is right: it takes {least} prompts at least with ✓ or ✗ on both. Against"
            f" {pairs[0].first} there {'is' if told.startswith('1 ') else 'are'} {told}."
        )


def _marked(pair: Pair) -> int:
    """Return of how many rounds both answers were said to be right or wrong."""
    return pair.n if pair.verdict is not None else 0


def _rounds(pair: Pair) -> int:
    """Return on how many rounds both arms have figures."""
    return max((each.n for each in pair.resources), default=pair.n)


def _costs(pair: Pair, *, shared: bool) -> str:
    """Return what one arm cost over what the other did, with the spread; nothing of one round."""
    found = [each for each in pair.resources if each.metric in COSTS and each.ratio is not None]
    if not found or _rounds(pair) <= 1:
        return ""
    spread = "" if any(each.ratio_interval for each in found) else " (no interval: that takes two prompts)"
    words = "; ".join(_cost(each, shared=shared) for each in found)
    return f"{pair.second} / {pair.first} over {_rounds(pair)} rounds{spread}: {words}."


def _cost(resource: PairedResource, *, shared: bool) -> str:
    words = COSTS[resource.metric] + (f" ({resource.source})" if resource.source else "")
    within = resource.ratio_interval
    spread = f" ({within.low:.2f} to {within.high:.2f})" if within is not None else ""
    mark = "~" if shared and resource.metric in OF_THE_MACHINE else ""
    return f"{mark}×{resource.ratio:.2f} {words}{spread}"


def _preferences(comparison: Comparison, baseline: str) -> Iterator[str]:
    """Yield how often each of two answers was said to be better."""
    for each in comparison.preferences:
        if each.first != baseline:
            continue
        said = each.first_better + each.second_better + each.ties
        if said < 2:
            continue
        chance = "" if each.p is None else f", p = {each.p:.3f} (exact sign test)"
        yield (
            f"Better: {each.second} {each.second_better}, {each.first} {each.first_better}, neither"
            f" {fmt.count(each.ties)} of {said} rounds{chance}."
        )
