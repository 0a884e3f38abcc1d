"""Right texts: the whole answer, or within it."""

import re
from collections.abc import Iterable

from slmtui.suites.item import Item, Outcome, Score

_AFTER_ANSWER = re.compile(
    r"(?:\banswer\b[^.\n<>]{0,60}?(?:\bis\b:?|:)[\s*_]*|<(?:final[_ ]?)?answer>\s*)([^\n<]+)", re.IGNORECASE
)
_MARKS = " \t\n\"'`*_.,;:!?“”\u2018’"


def score_exact(item: Item, outcome: Outcome) -> Score:
    """Compare an answer with the right ones but for case, spaces, articles and the marks around it.

    Strictly it, or what follows its last "answer is" or "answer:", is one of them; flexibly, one is in it.
    """
    wanted = _wanted(item)
    read = [outcome.answer, *after_answer(outcome.answer)[-1:]]
    strict = any(normalised(each) == normalised(right) for each in read for right in wanted)
    return Score(strict, _any_held(outcome.answer, wanted), read[-1].strip(_MARKS) or read[-1].strip())


def after_answer(text: str) -> list[str]:
    """Return what follows each "answer is" or "answer:" of a text to the end of its line, or is tagged so."""
    return _AFTER_ANSWER.findall(text)


def score_contains(item: Item, outcome: Outcome) -> Score:
    """Find one of the right texts in an answer, whatever the case: strictly as words of their own."""
    wanted = _wanted(item)
    folded = _folded(outcome.answer)
    found = [right for right in wanted if _folded(right) in folded]
    return Score(_any_held(outcome.answer, wanted, plural=""), bool(found), ", ".join(found))


def score_text(item: Item, outcome: Outcome) -> Score:
    """Find one of the right texts in an answer as words of their own, perhaps in the plural."""
    wanted = _wanted(item)
    found = _any_held(outcome.answer, wanted)
    return Score(found, found, item.expected.value if found else "")


def normalised(text: str) -> str:
    """Return a text in lower case, without articles, and without marks or spaces around it."""
    bare = _folded(text).strip(_MARKS)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split()) or bare


def _wanted(item: Item) -> tuple[str, ...]:
    return tuple(filter(None, (item.expected.value, *item.expected.values)))


def _any_held(text: str, wanted: Iterable[str], *, plural: str = "s?") -> bool:
    folded = _folded(text)
    return any(re.search(rf"(?<!\w){re.escape(_folded(each))}{plural}(?!\w)", folded) for each in wanted)


def _folded(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(text.casefold().split()))
