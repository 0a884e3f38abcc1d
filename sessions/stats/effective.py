"""How many independent tries are repeats of the same items worth?"""

import numpy as np
from numpy.typing import NDArray


def effective_size(values: NDArray[np.float64], items: NDArray[np.int64]) -> float:
    """Return the number of independent values that have the standard error of these, clustered by item.

    The variance of a value / the clustered variance of the mean (Miller 2024, arXiv:2411.00640, appendix
    A, times C / (C - 1) for C items, without which few items make it too small), kept between the number
    of items, as if all repeats of one were alike, and the number of values. Without any spread nothing is
    known of repeats, and it is the number of items.
    """
    if not len(values):
        return 0.0
    away = values - values.mean()
    of_items = np.bincount(np.unique(items, return_inverse=True)[1], away)
    fewest, most = float(len(of_items)), float(len(values))
    clustered = float((of_items**2).sum()) / most**2 * fewest / max(fewest - 1, 1.0)
    if clustered <= 0:
        return most if away.any() else fewest
    return min(max(float((away**2).mean()) / clustered, fewest), most)
