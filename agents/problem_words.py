"""Word problems seen for their structure: words of one kind are one term, and nouns only matter if asked for.

What is asked, `How many pens …`, gives nouns their roles: `<asked>` for the thing asked for, `<named>`
for others that the question names, `<other>` for the rest. So problems about boats and about pens are
alike when the same is done with them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.surface import LONGEST, NUMBER_WORDS

_KINDS: dict[str, str] = {
    "<gain>": "get got gets getting buy buys bought find finds found receive received pick picked collect "
    "collected earn earned add added bring brought join joined come came arrive arrived gain gained learn "
    "learned plant planted win won grow grew rise rose build built borrow borrowed",
    "<lose>": "lose lost give gave given gives giving eat ate eaten sell sold selling spend spent pay paid "
    "use used break broke burst leave throw threw remove removed drink drank donate donated drop dropped "
    "delete deleted fall fell fly flew run ran move moved away die died cook cooked finish finished cut",
    "<each>": "each every per apiece",
    "<total>": "altogether total together all both",
    "<left>": "left remain remains remaining rest still",
    "<start>": "start beginning begin begins before first originally initially",
    "<share>": "equally evenly equal same split share shared divided divide",
    "<less>": "fewer less lower shorter younger lighter slower",
    "<more>": "more longer taller older farther further faster heavier higher additional extra another",
    "<time>": "day days week weeks hour hours minute minutes month months year years",
    "<cost>": "cost costs price",
    "<need>": "need needs must want wants",
    "$": "$ dollar dollars",
    "was": "was were",
    "is": "is are",
    "can": "can could",
    "do": "do does",
}
KINDS: Mapping[str, str] = {word: kind for kind, words in _KINDS.items() for word in words.split()}
"""The kind of a word that says what happens to a number, or how numbers are compared."""

_FUNCTION_WORDS = """
how many much what than to in on at of and if then but so now some with for from into by as the a an there
it only already number difference times twice half dozen other others who which not after when while
until would will have has had was is do did can old tall long far away off up down out back
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_TOKEN = re.compile(r"\$|%|\d[\d,]*(?:\.\d+)?|[a-z]+(?:-[a-z]+)?|[?.,]")
_ASKING = frozenset(("many", "much", "far", "long", "old", "tall"))
_BEFORE_NOUN = frozenset(("more", "fewer", "less", "of", "the", "other"))
_MONEY_WORDS = "money cost costs spend spent pay paid earn earned price change dollars dollar save saved"
_OF_MONEY = frozenset(_MONEY_WORDS.split())
_MONEY = "$"


@dataclass(frozen=True, slots=True)
class Problem:
    """A request in words: `told` before the question (and after it), `question`, and the noun `asked` for."""

    told: tuple[str, ...]
    question: tuple[str, ...]
    asked: str
    named: frozenset[str]


@lru_cache(maxsize=1024)
def read_problem(text: str) -> Problem:
    """Split a request into what it tells and what it asks: from `how many` on, or else its last sentence."""
    sentences: list[list[str]] = [[]]
    for word in _TOKEN.findall(text[:LONGEST].lower()):
        if word in ".?":
            sentences.append([])
        else:
            sentences[-1].append(word)
    sentences = [sentence for sentence in sentences if sentence] or [[]]
    at, begin = next(
        ((n, i) for n, words in enumerate(sentences) if (i := _question_at(words)) is not None),
        (len(sentences) - 1, 0),
    )
    question = sentences[at][begin:]
    others = [*sentences[:at], sentences[at][:begin], *sentences[at + 1 :]]
    told = [word for sentence in others if sentence for word in (*sentence, ".")]
    named = frozenset(map(stem, question)) - FUNCTION_WORDS
    return Problem(tuple(told), tuple(question), _asked(question), named)


def _question_at(words: list[str]) -> int | None:
    pairs = pairwise(words)
    return next((i for i, (how, much) in enumerate(pairs) if how == "how" and much in _ASKING), None)


def _asked(question: list[str]) -> str:
    if question[:2] == ["how", "many"]:
        return next((stem(word) for word in question[2:] if word not in _BEFORE_NOUN), "")
    return _MONEY if question[:2] == ["how", "much"] and _OF_MONEY & set(question) else ""


def is_number(word: str) -> bool:
    """Whether a word is a number, in digits or as a word from two on."""
    return word[0].isdigit() or word in NUMBER_WORDS


def stem(word: str) -> str:
    """Return a noun without the s of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith("es") and word[-3] in "sxhz":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def problem_terms(text: str) -> list[str]:
    """Return the terms of a problem's structure, one and two in a row: what is told, and what is asked."""
    problem = read_problem(text)
    told = _shaped(problem.told, problem)
    asked = ["^", *_shaped(problem.question, problem), "$$"]
    found = [
        f"{part}:{' '.join(run)}"
        for part, terms in (("told", told), ("asked", asked))
        for size in (1, 2)
        for run in zip(*(terms[i:] for i in range(size)), strict=False)
        if not set(run) <= {"<other>", ".", "^", "$$"}
    ]
    return [*found, *_counts(problem), _divisible(problem)]


def _shaped(tokens: tuple[str, ...], problem: Problem) -> list[str]:
    return [_term(word, problem) for word in tokens if word not in (",", "the", "a", "an")]


def _term(word: str, problem: Problem) -> str:
    if is_number(word) and word not in FUNCTION_WORDS:
        return "<number>"
    if word in KINDS or word in FUNCTION_WORDS or word == ".":
        return KINDS.get(word, word)
    noun = stem(word)
    if noun == problem.asked:
        return "<asked>"
    return "<named>" if noun in problem.named and word in problem.told else "<other>"


def _counts(problem: Problem) -> list[str]:
    tokens = (*problem.told, "|", *problem.question)
    places = [i for i, word in enumerate(tokens) if is_number(word)]
    asked = sum(problem.asked in map(stem, tokens[i + 1 : i + 4]) for i in places) if problem.asked else 0
    count = min(4, len(places))
    each = [i for i in places if any(KINDS.get(t) == "<each>" for t in tokens[max(0, i - 4) : i + 5])]
    return [
        f"#numbers={count}",
        f"#asked={asked}",
        f"#numbers={count} #asked={asked}",
        *(["#each"] * len(each)),
    ]


def _divisible(problem: Problem) -> str:
    """Return whether one number goes into another: where none does, few problems divide."""
    values = [
        float(NUMBER_WORDS.get(word, word.replace(",", "")))
        for word in (*problem.told, *problem.question)
        if is_number(word)
    ]
    divides = any(a > b > 1 and a % b == 0 for a in values for b in values)
    return "#divides" if divides else "#does not divide"
