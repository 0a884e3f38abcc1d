"""Intervals of a rate, of the difference of two paired rates, and of a statistic over resamples."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95

TAIL = 0.025
"""The share of resamples beyond each end of a percentile interval, where there are many units to draw."""

VALUED = 0.95
"""The share of resamples that must have a value."""


def wilson(right: float, n: float, level: float = LEVEL) -> tuple[float, float] | None:
    """Return Wilson's score interval (1927) of `right` out of `n`; None where n is 0.

    Both may be fractions: with repeats of the same items, n is the number of items.
    """
    if n <= 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = right / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(max(share * (1 - share), 0.0) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return max((middle - half) / below, 0.0), min((middle + half) / below, 1.0)


def newcombe(
    both: float, first: float, second: float, neither: float, level: float = LEVEL
) -> tuple[float, float] | None:
    """Return the score interval of (rate of the second - rate of the first) over the same items.

    `first` and `second` are the discordant pairs, in which that one alone is right. Method 10 of Newcombe
    (1998, Statistics in Medicine 17, 2635-2650), which has a width even when all pairs are alike. None
    where there are no pairs.
    """
    n = both + first + second + neither
    one, two = wilson(both + first, n, level), wilson(both + second, n, level)
    if one is None or two is None:
        return None
    p, q = (both + first) / n, (both + second) / n
    phi = _correlation(both, first, second, neither)
    low = _hypotenuse(q - two[0], one[1] - p, phi)
    high = _hypotenuse(two[1] - q, p - one[0], phi)
    return max(q - p - low, -1.0), min(q - p + high, 1.0)


def percentile(resampled: NDArray[np.float64], tail: float = TAIL) -> tuple[float, float] | None:
    """Return the percentile interval of a statistic over resamples (Efron 1979), `tail` beyond each end.

    Resamples without a value (NaN) are left out; with more than one in twenty of them the interval is None,
    as it is where an end is infinite.
    """
    valued = resampled[~np.isnan(resampled)]
    if not len(valued) or len(valued) < VALUED * len(resampled):
        return None
    low, high = np.quantile(valued, [tail, 1 - tail], method="inverted_cdf")
    return (float(low), float(high)) if math.isfinite(low) and math.isfinite(high) else None


def expanded_tail(units: int, strata: int = 1, tail: float = TAIL) -> float | None:
    """Return the tail at which percentiles of so many drawn units hold the truth as often as they say.

    Resamples vary less than samples do, by (n - 1) / n, and know no Student's t: with few units percentile
    intervals are too narrow. This is the expanded percentile interval (Hesterberg 2015, The American
    Statistician 69, 371-386); units are drawn within so many strata, each of which costs a degree of
    freedom. None without a degree of freedom, where resamples say nothing.
    """
    freedom = units - strata
    if freedom < 1:
        return None
    return NormalDist().cdf(-student(freedom, tail) * math.sqrt(units / freedom))


def student(freedom: int, tail: float) -> float:
    """Return the value that Student's t exceeds with this chance: the series of Abramowitz and Stegun 26.7.5.

    Within 1 % from three degrees of freedom on, within 0.01 % from ten.
    """
    z = -NormalDist().inv_cdf(tail)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / float(freedom) ** power for power, term in enumerate(terms, 1))


def _hypotenuse(one: float, two: float, phi: float) -> float:
    return math.sqrt(max(one * one - 2 * phi * one * two + two * two, 0.0))


def _correlation(both: float, first: float, second: float, neither: float) -> float:
    """Return the correlation of the two, corrected for continuity as Newcombe does; 0 for an empty margin."""
    n = both + first + second + neither
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    if margins <= 0:
        return 0.0
    excess = both * neither - first * second
    return (max(excess - n / 2, 0.0) if excess > 0 else excess) / math.sqrt(margins)
