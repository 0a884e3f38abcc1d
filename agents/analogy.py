"""Expressions for a word problem, by analogy: what was computed in the problems most like it.

A solved problem's expression is taken over with this problem's numbers in place of its own, each number
where one of the same role stood. What comes out below zero is left out, and so is what does not come out
even, where there are only whole numbers.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.number_roles import Quantity, likeness, quantities
from agents.problem_words import problem_terms
from agents.retrieval import Bm25
from tools.calculator import calculate
from tools.registry import ToolError

NEIGHBOURS = 12
MOST_NUMBERS = 5
"""Numbers of a request up to which expressions are drafted: with more, there are too many ways."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHARPNESS = 3


@dataclass(frozen=True, slots=True)
class Solved:
    """A problem and the expression that answers it."""

    request: str
    expression: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An expression for a problem. Shares are positive, and add up to 1 over all drafts."""

    expression: str
    share: float


class Analogies:
    """Solved problems to be drawn on."""

    def __init__(self, solved: Sequence[Solved]) -> None:
        self._index = Bm25([each.request for each in solved], problem_terms)
        self._forms = [_form(each) for each in solved]

    def nearest(self, request: str, count: int) -> list[int]:
        """Return the indices of the `count` problems most like a request, the most like it first."""
        return self._index.nearest(request, count)

    def drafts(self, request: str) -> list[Draft]:
        """Return expressions for a request, the likeliest first: none where it has no or too many numbers."""
        given = tuple(each for each in quantities(request) if float(each.value))
        if not 0 < len(given) <= MOST_NUMBERS:
            return []
        scores = self._index.scores(request)
        shares: defaultdict[str, float] = defaultdict(float)
        for i in self._index.nearest(request, NEIGHBOURS):
            form, slots = self._forms[i]
            ways = list(_ways(form, slots, given))
            whole = sum(weight for _, weight in ways)
            for expression, weight in ways:
                shares[_in_order(expression, given)] += scores[i] ** _SHARPNESS * weight / whole
        total = sum(shares.values())
        likeliest = sorted(shares.items(), key=lambda each: -each[1])
        return [Draft(expression, share / total) for expression, share in likeliest if share]


def _form(solved: Solved) -> tuple[str, tuple[Quantity, ...]]:
    """Return an expression with its numbers left blank, and what stood there; constants stay."""
    given = list(quantities(solved.request))
    unused = list(given)
    slots: list[Quantity] = []

    def blank(match: re.Match[str]) -> str:
        known = [each for each in unused if each.value == match[0]]
        known += [each for each in given if each.value == match[0]]
        if not known:
            return match[0]
        if known[0] in unused:
            unused.remove(known[0])
        slots.append(known[0])
        return "{}"

    return _NUMBER.sub(blank, solved.expression), tuple(slots)


def _ways(form: str, slots: tuple[Quantity, ...], given: tuple[Quantity, ...]) -> Iterator[tuple[str, float]]:
    """Return each way to fill in the numbers that makes sense, with a weight above 0."""
    if not slots or len(slots) > len(given):
        return
    whole = all(float(each.value).is_integer() for each in given)
    for chosen in itertools.permutations(given, len(slots)):
        expression = form.format(*(each.value for each in chosen))
        if _makes_sense(expression, whole=whole):
            weight = 1.0
            for slot, each in zip(slots, chosen, strict=True):
                weight *= likeness(slot, each)
            yield expression, weight ** (_SHARPNESS / len(slots))


def _in_order(expression: str, given: tuple[Quantity, ...]) -> str:
    """Return a sum or a product of numbers alone with them in the request's order: 2 + 3 is 3 + 2."""
    for sign in (" + ", " * "):
        numbers = expression.split(sign)
        if len(numbers) > 1 and all(map(_NUMBER.fullmatch, numbers)):
            places = {each.value: n for n, each in enumerate(given)}
            return sign.join(sorted(numbers, key=lambda number: places.get(number, len(given))))
    return expression


def _makes_sense(expression: str, *, whole: bool) -> bool:
    value = _value(expression)
    return (
        value is not None and not value.startswith("-") and value != "0" and (not whole or "." not in value)
    )


@lru_cache(maxsize=4096)
def _value(expression: str) -> str | None:
    try:
        return calculate(expression)
    except ToolError:
        return None
