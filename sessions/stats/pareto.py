"""The Pareto front over something to have more of, and something to have less of."""

import numpy as np
from numpy.typing import NDArray


def on_front(gains: NDArray[np.float64], costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which options no other dominates, of shape (…, options) like both arguments.

    One dominates another if it is at least as good in both and better in one: alike, neither does.
    """
    gain, other_gain = gains[..., :, None], gains[..., None, :]
    cost, other_cost = costs[..., :, None], costs[..., None, :]
    as_good = (other_gain >= gain) & (other_cost <= cost)
    better = (other_gain > gain) | (other_cost < cost)
    front: NDArray[np.bool_] = ~np.any(as_good & better, axis=-1)
    return front
