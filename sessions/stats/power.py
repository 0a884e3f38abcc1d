"""The smallest difference in accuracy that so many paired items can show, and how many items one needs.

The test is McNemar's exact one, two-sided at alpha 0.05, and "show" means with 80 % power. Of the pairs
a share is discordant: one arm right, the other wrong. The others say nothing about the difference, so
what can be shown depends on that share; two arms of 200 items of which 20 % are discordant resolve
9 points. A difference cannot be larger than the share of discordant pairs, so that share is taken to be
at least the difference.
"""

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05
POWER = 0.8
DISCORDANT = 0.2
"""The share of discordant pairs that is assumed before a run."""

EXACT_UP_TO = 1_000
"""Above so many pairs the normal approximation is as good, and quicker."""

MOST = 10_000_000
"""Items above this are as good as infinitely many."""

Floats = NDArray[np.float64]


@lru_cache(maxsize=256)
def resolvable(n: int, discordant: float = DISCORDANT) -> float:
    """Return the smallest difference (0 to 1) that `n` paired items show; `inf` below six items.

    `discordant` is the share of pairs in which one arm alone is right. Power is exact up to 1,000 pairs
    (McNemar's exact test over the binomial number of discordant pairs: Duffy 1984), and by the normal
    approximation of Connor (1987) above.
    """
    if power(n, 1.0, discordant) < POWER:
        return math.inf
    low, high = 0.0, 1.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if power(n, middle, discordant) >= POWER else (middle, high)
    return high


def items_needed(difference: float, discordant: float = DISCORDANT) -> int | None:
    """Return how many paired items show a difference (0 to 1, or negative); None for no difference."""
    size = abs(difference)
    if size == 0 or power(MOST, size, discordant) < POWER:
        return None
    low, high = 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, size, discordant) >= POWER else (middle, high)
    return high


def power(n: int, difference: float, discordant: float = DISCORDANT) -> float:
    """Return the chance (0 to 1) that `n` paired items show a difference (0 to 1) as significant."""
    share = min(1.0, max(discordant, difference))
    if share == 0:
        return 0.0
    return _exact(n, difference, share) if n <= EXACT_UP_TO else _normal(n, difference, share)


def in_words(n: int, discordant: float = DISCORDANT) -> str:
    """Return what so many paired items can show, as a sentence to print before a run."""
    smallest = resolvable(n, discordant)
    items = f"{n} paired item{'s' * (n != 1)}"
    if math.isinf(smallest):
        return f"{items} cannot show any difference in accuracy; six is the least that can."
    return (
        f"{items} resolve a difference of {smallest * 100:.1f} points in accuracy (80 % power at alpha 0.05,"
        f" exact McNemar test, {discordant * 100:.0f} % of pairs discordant)."
    )


def _normal(n: int, difference: float, share: float) -> float:
    """Return the power by Connor's approximation (1987), which counts the likelier side alone."""
    normal = NormalDist()
    spread = math.sqrt(max(share - difference**2, 0.0))
    excess = difference * math.sqrt(n) - normal.inv_cdf(1 - ALPHA / 2) * math.sqrt(share)
    return normal.cdf(excess / spread) if spread else float(excess >= 0)


def _exact(n: int, difference: float, share: float) -> float:
    """Return the power over the number of discordant pairs, which is binomial."""
    counts = np.arange(n + 1)
    chances = np.exp(_log_binomial(n, counts, share))
    likely = counts[chances > 1e-12]
    one_way = (1 + difference / share) / 2
    rejected = [_rejection(int(m), one_way) for m in likely]
    return float(np.dot(chances[likely], rejected))


def _rejection(m: int, one_way: float) -> float:
    """Return the chance that the exact test on `m` discordant pairs is significant."""
    counts = np.arange(m + 1)
    tail = _critical(m)
    if tail < 0:
        return 0.0
    chances = np.exp(_log_binomial(m, counts, one_way))
    return float(chances[: tail + 1].sum() + chances[m - tail :].sum())


@lru_cache(maxsize=EXACT_UP_TO + 1)
def _critical(m: int) -> int:
    """Return the largest count of the rarer side of `m` discordant pairs that is significant, or -1."""
    total, count, limit = 0, -1, ALPHA / 2 * 2**m
    term = 1
    while total + term <= limit:
        total += term
        count += 1
        term = term * (m - count) // (count + 1)
    return count


@lru_cache(maxsize=1)
def _log_factorials() -> Floats:
    """Return log(k!) for k = 0 … `EXACT_UP_TO`."""
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, EXACT_UP_TO + 1)))))


def _log_binomial(n: int, counts: NDArray[np.int64], p: float) -> Floats:
    """Return the logs of the binomial probabilities of `counts` out of `n`, for 0 < p <= 1."""
    if p >= 1:
        return np.where(counts == n, 0.0, -np.inf)
    log_factorial = _log_factorials()
    ways: Floats = log_factorial[n] - log_factorial[counts] - log_factorial[n - counts]
    logs: Floats = ways + counts * math.log(p) + (n - counts) * math.log1p(-p)
    return logs
