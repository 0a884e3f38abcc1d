"""The stored examples nearest to a request, by BM25 over words whose numbers and dates are made alike.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with k1 = 1.2
and b = 0.75.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

_K1, _B = 1.2, 0.75

_DATE = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?\b"
    r"|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:,? \d{4})?\b",
    re.IGNORECASE,
)
_OPERATORS = {"times": "*", "multiplied": "*", "plus": "+", "minus": "-", "divided": "/", "over": "/"}
_UNIT = re.compile(
    r"(?:kilo|centi|milli|square|cubic)?(?:met(?:er|re)|gram|lit(?:er|re)|byte)|k?[cm]?m|kg|g|lb|oz|l|ml|[kmgt]b"
    r"|mile|yard|foot|feet|inch(?:e)?|pound|ounce|stone|ton(?:ne)?|gallon|pint|cup|mph|hectare|acre"
    r"|celsiu?|fahrenheit|kelvin|degree|second|minute|hour|joule|calorie|watt|knot"
)
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)")
_WORD = re.compile(r"<date>|<number>|[^\W\d_]+|[-+*/^%=$€£°]")


def terms(text: str) -> list[str]:
    """Return the terms of a text: words, operators, and one term each for any number, date and unit.

    A unit counts as its own word and as a unit, since a request is like another in that it converts.
    """
    text = _DATE.sub(" <date> ", text.lower())
    text = _NUMBER.sub(" <number> ", _TIMES.sub(" * ", text))
    found: list[str] = []
    for written in _WORD.findall(text):
        word = _OPERATORS.get(written) or _stem(written)
        found.append(word)
        if _UNIT.fullmatch(word):
            found.append("<unit>")
    return found


def _stem(word: str) -> str:
    """Cut a plural's s; a stemmer would help no further on texts this short."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class Bm25:
    """An index over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        documents = [terms(text) for text in texts]
        self._counts = [Counter(document) for document in documents]
        self._lengths = [len(document) for document in documents]
        self._mean = sum(self._lengths) / max(1, len(documents))
        holders = Counter(term for counts in self._counts for term in counts)
        self._weights = {
            term: math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for term, n in holders.items()
        }

    def scores(self, query: str) -> list[float]:
        """Return the score of each text for a query, in the order of the texts."""
        wanted = Counter(terms(query))
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
