"""The texts nearest to a query, by BM25 over words whose numbers and dates are made alike.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with k1 = 1.2
and b = 0.75.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from agents.surface import DATE, UNIT, surface_terms

_K1, _B = 1.2, 0.75

_OPERATORS = {"times": "*", "multiplied": "*", "plus": "+", "minus": "-", "divided": "/", "over": "/"}
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)")
_WORD = re.compile(r"<date>|<number>|[^\W\d_]+|[-+*/^%=$€£°]")


def terms(text: str) -> list[str]:
    """Return the terms of a text: words, operators, and one term each for any number, date and unit.

    A unit counts as its own word and as a unit, since a request is like another in that it converts.
    """
    text = DATE.sub(" <date> ", text.lower())
    text = _NUMBER.sub(" <number> ", _TIMES.sub(" * ", text))
    found: list[str] = []
    for written in _WORD.findall(text):
        word = _OPERATORS.get(written) or _stem(written)
        found.append(word)
        if UNIT.fullmatch(word):
            found.append("<unit>")
    return found


def terms_and_surface(text: str) -> list[str]:
    """Return the terms of a text, and others for what it holds: so many dates, numbers, units, files."""
    found = terms(text)
    return [*found, *surface_terms(text, found.count("<unit>"))]


def _stem(word: str) -> str:
    """Cut a plural's s; a stemmer would help no further on texts this short."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class Bm25:
    """An index over a fixed list of texts, each taken for the terms that `terms_of` finds in it."""

    def __init__(self, texts: Sequence[str], terms_of: Callable[[str], list[str]] = terms) -> None:
        documents = [terms_of(text) for text in texts]
        self._terms_of = terms_of
        self._counts = [Counter(document) for document in documents]
        self._lengths = [len(document) for document in documents]
        self._mean = sum(self._lengths) / max(1, len(documents))
        holders = Counter(term for counts in self._counts for term in counts)
        self._weights = {
            term: math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for term, n in holders.items()
        }

    def scores(self, query: str) -> list[float]:
        """Return the score of each text for a query, in the order of the texts."""
        wanted = Counter(self._terms_of(query))
        return [self._score(wanted, i) for i in range(len(self._counts))]

    def nearest(self, query: str, count: int) -> list[int]:
        """Return the indices of the `count` best texts, best first; equal scores keep their order."""
        scores = self.scores(query)
        return sorted(range(len(scores)), key=lambda i: -scores[i])[:count]

    def _score(self, wanted: Counter[str], i: int) -> float:
        counts = self._counts[i]
        damping = _K1 * (1 - _B + _B * self._lengths[i] / self._mean)
        return sum(
            self._weights[term] * counts[term] * (_K1 + 1) / (counts[term] + damping)
            for term in wanted
            if term in counts
        )
