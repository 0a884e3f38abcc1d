"""The probabilities of names at a place in the output: a router's choice as a distribution."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from agents.events import NamedChance
from slmtui.engine.token_index import TokenIndex


def named_chances(
    names: tuple[str, ...], logits: npt.NDArray[np.float32], index: TokenIndex
) -> tuple[NamedChance, ...]:
    """Return the probability of each name, given that one of them comes next; likeliest first.

    `logits` has the shape (vocabulary,). A name has the probability, at temperature 1, of every token
    that it can begin with. What a token gives to several names alike is an entry of its own.
    """
    beginnings: defaultdict[int, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        for token in index.prefixes(name):
            beginnings[token].append(name)
    if not beginnings:
        return ()
    tokens = np.array(list(beginnings), np.int32)
    weights = logits[tokens].astype(np.float64)
    weights = np.exp(weights - weights.max())
    chances: defaultdict[str, float] = defaultdict(float)
    for token, weight in zip(beginnings, weights / weights.sum(), strict=True):
        chances["|".join(beginnings[token])] += float(weight)
    ordered = sorted(chances.items(), key=lambda entry: -entry[1])
    return tuple(NamedChance(name, chance) for name, chance in ordered)
