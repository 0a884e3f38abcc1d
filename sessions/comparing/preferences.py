"""Which of two answers to the same prompt a person liked better, counted and tested."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from sessions.comparison import Preference
from sessions.observation import Observation
from sessions.stats.exact import mcnemar_exact

Round = Mapping[str, bool | None]
"""What was said of each arm's answer to one prompt, in one repeat."""


def preferences(observations: Sequence[Observation], arms: Sequence[str]) -> Iterator[Preference]:
    """Yield, for every two arms of which one was preferred to the other or tied with it, how often."""
    rounds = _rounds(observations)
    for first, second in combinations(arms, 2):
        told = [_better(each, first, second) for each in rounds if first in each and second in each]
        one, two, ties = told.count(first), told.count(second), told.count("")
        if one + two + ties:
            yield Preference(first, second, one, two, ties, mcnemar_exact(one, two))


def _rounds(observations: Sequence[Observation]) -> list[Round]:
    """Return the rounds in which anything was said."""
    rounds: dict[tuple[str, str, int], dict[str, bool | None]] = {}
    for each in observations:
        rounds.setdefault((each.data_set, each.item, each.repeat), {})[each.arm] = each.preferred
    return [each for each in rounds.values() if any(value is not None for value in each.values())]


def _better(said: Round, first: str, second: str) -> str | None:
    """Return the arm that was liked better, empty for a tie, or None where nothing tells.

    Two that were both chosen are a tie, and so are two that were both passed over, unless a third arm was
    chosen: how those two compare was not said then.
    """
    one, two = said[first], said[second]
    if one and two:
        return ""
    if one or two:
        return first if one else second
    return "" if one is two is False and not any(said.values()) else None
