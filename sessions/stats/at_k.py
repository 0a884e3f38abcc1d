"""Over repeats of an item: is one of k tries right, and are all of them?"""

from collections.abc import Iterable
from math import comb


def pass_at(n: int, right: int, k: int) -> float:
    """Return the chance that one of k tries is right, from `right` of n: 1 - C(n-c, k) / C(n, k).

    Chen et al. 2021, arXiv:2107.03374. Needs 1 <= k <= n.
    """
    return 1 - comb(n - right, k) / comb(n, k)


def pass_hat(n: int, right: int, k: int) -> float:
    """Return the chance that all of k tries are right, from `right` of n: C(c, k) / C(n, k).

    Yao et al. 2024, arXiv:2406.12045. Needs 1 <= k <= n.
    """
    return comb(right, k) / comb(n, k)


def over_items(tries: Iterable[tuple[int, int]], k: int) -> tuple[float, float] | None:
    """Return the means of `pass_at` and `pass_hat` over items, each given as (tries, right ones).

    Items with fewer than k tries are left out; None where none is left.
    """
    counted = [(n, right) for n, right in tries if n >= k]
    if not counted:
        return None
    at = sum(pass_at(n, right, k) for n, right in counted)
    hat = sum(pass_hat(n, right, k) for n, right in counted)
    return at / len(counted), hat / len(counted)
