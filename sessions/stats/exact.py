"""Exact tests of paired right and wrong answers, and the correction for having made several."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mcnemar_exact(first: int, second: int) -> float:
    """Return the two-sided p of McNemar's exact test: the binomial test of the discordant pairs at 1/2.

    `first` and `second` count the pairs in which that one alone is right. 1.0 where there are none.
    """
    return sign_flip_exact([-1] * first + [1] * second)


def sign_flip_exact(differences: Iterable[int]) -> float:
    """Return the two-sided p of the exact sign-flip test of whole differences, one an item.

    An item's difference is how many of its repeats the second arm has right more than the first. Under
    the hypothesis that the arms are alike each is as likely with the other sign (Fisher 1935); p is the
    chance of a sum as far from 0, over all signs. Without repeats it is McNemar's exact test.
    """
    values = [each for each in differences if each]
    counts = Counter(map(abs, values))
    sums = np.ones(1)
    for size, number in counts.items():
        sums = np.convolve(sums, _signed_sums(size, number))
    middle = len(sums) // 2
    away = abs(sum(values))
    if not away:
        return 1.0
    return min(1.0, 2 * float(sums[middle + away :].sum()))


def holm(ps: Sequence[float]) -> list[float]:
    """Return the p values adjusted for there being so many, by Holm's step-down method (1979)."""
    adjusted = [0.0] * len(ps)
    least = 0.0
    for done, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - done) * ps[place]))
        adjusted[place] = least
    return adjusted


def _signed_sums(size: int, number: int) -> Floats:
    """Return the chances of the sums -size·number … size·number of `number` differences of that size."""
    chances = np.zeros(2 * size * number + 1)
    chances[:: 2 * size] = [_fair(number, heads) for heads in range(number + 1)]
    return chances


def _fair(n: int, heads: int) -> float:
    """Return the chance of so many heads of n tosses of a fair coin."""
    ways = math.lgamma(n + 1) - math.lgamma(heads + 1) - math.lgamma(n - heads + 1)
    return math.exp(ways - n * math.log(2))
