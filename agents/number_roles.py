"""What a number is in a word problem: of the thing asked for or of another, each, gained, lost, the largest.

Numbers of two problems that have the same role stand at the same place of the expression that answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from agents.problem_words import FUNCTION_WORDS, KINDS, Problem, is_number, read_problem, stem
from agents.surface import NUMBER_WORDS

_STOPS = frozenset((".", ",", "|"))
_BEFORE = ("had", "have", "was", "is", "there", "times")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a request, as it is written in an expression, and what is known of it."""

    value: str
    roles: frozenset[str]


@lru_cache(maxsize=1024)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a request in order, with their roles."""
    problem = read_problem(text)
    tokens = (*problem.told, "|", *problem.question)
    places = [i for i, word in enumerate(tokens) if is_number(word)]
    values = [NUMBER_WORDS.get(tokens[i], tokens[i].replace(",", "")) for i in places]
    sizes = [float(value) for value in values]
    close = [_closeness(problem, tokens, place) for place in places]
    found = []
    for n, (place, value) in enumerate(zip(places, values, strict=True)):
        roles = set(_roles(problem, tokens, place))
        roles.add("most asked about" if close[n] == max(close) else "less asked about")
        roles.add("first" if n == 0 else "last" if n == len(places) - 1 else "between")
        size = float(value)
        roles.add("largest" if size == max(sizes) else "smallest" if size == min(sizes) else "middle")
        found.append(Quantity(value, frozenset(roles)))
    return tuple(found)


def likeness(one: Quantity, other: Quantity) -> float:
    """Return how alike the roles of two numbers are: from 0.05 to 1.05, by Jaccard's index."""
    return len(one.roles & other.roles) / len(one.roles | other.roles) + 0.05


def _roles(problem: Problem, tokens: Sequence[str], place: int) -> Iterator[str]:
    after = list(takewhile(_goes_on, tokens[place + 1 : place + 5]))
    before = list(takewhile(_goes_on, reversed(tokens[max(0, place - 5) : place])))
    nouns = [stem(word) for word in after]
    money = "$" in (*before[:1], *after[:1]) or nouns[:1] == ["dollar"]
    if problem.asked and (problem.asked in nouns[:3] or (problem.asked == "$" and money)):
        yield "asked"
    else:
        yield "named" if problem.named & set(nouns) else "other"
    if money:
        yield "money"
    yield (
        "of who is asked about" if _subject(tokens, place) & problem.named - {problem.asked} else "of others"
    )
    yield from (f"after {KINDS[word]}" for word in before if word in KINDS)
    yield from (f"before {KINDS[word]}" for word in after if word in KINDS)
    yield from (f"after {word}" for word in _BEFORE if word in before)
    if "times" in after[:1] or "as" in after[:2]:
        yield "times as many"
    yield "in the question" if place > tokens.index("|") else "told"


def _closeness(problem: Problem, tokens: Sequence[str], place: int) -> int:
    """Return how many of the question's words stand by a number, up to the numbers next to it."""
    after = takewhile(lambda word: word != "." and not is_number(word), tokens[place + 1 : place + 9])
    return len({stem(word) for word in after} & problem.named)


def _goes_on(word: str) -> bool:
    return word not in _STOPS and not is_number(word)


def _subject(tokens: Sequence[str], place: int) -> set[str]:
    """Return the nouns and names of the sentence that a number stands in."""
    start = max((i for i in range(place) if tokens[i] in ".|"), default=-1) + 1
    sentence = takewhile(lambda word: word not in ".|", tokens[start:])
    return {stem(t) for t in sentence if t not in KINDS and t not in FUNCTION_WORDS and not is_number(t)}
