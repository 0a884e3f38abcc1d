"""Right words among others: the only one that is named, the first one, or all of them in order."""

import re
from collections.abc import Collection

from slmtui.suites.item import Item, Outcome, Score
from slmtui.suites.scorers.texts import after_answer

# "No one knows" says neither.
_YES_OR_NO = re.compile(r"[\s*_\"'(]*(yes|no)\b(?!\s*\w)", re.IGNORECASE)


def score_word(item: Item, outcome: Outcome) -> Score:
    """Strictly, of the words the right one alone is named; flexibly, it is among those that are.

    Strictly it is also what counts that follows the last "answer is" or "answer:", or of yes and no the one
    that the answer begins with: "Yes, there is no doubt".
    """
    expected = item.expected
    named = _named(outcome.answer, expected.values)
    given = _given(outcome.answer, expected.values) or set(named)
    return Score(given == {expected.value}, expected.value in named, ", ".join(sorted(given)))


def _given(answer: str, words: Collection[str]) -> set[str]:
    """Return the word that an answer gives as its own, alone, or none."""
    for said in after_answer(answer)[-1:]:
        sentence = re.split(r"[.;!?]\s", said)[0]
        if len(named := set(_named(sentence, words))) == 1:
            return named
    begun = _YES_OR_NO.match(answer) if set(words) == {"yes", "no"} else None
    return {begun[1].lower()} if begun else set()


def score_first(item: Item, outcome: Outcome) -> Score:
    """Strictly, the right word is named first; flexibly, it is named."""
    named = _named(outcome.answer, item.expected.values)
    return Score(named[:1] == [item.expected.value], item.expected.value in named, ", ".join(named[:1]))


def score_sequence(item: Item, outcome: Outcome) -> Score:
    """Strictly, the words that are named last stand in the right order; flexibly, somewhere they do."""
    wanted = list(item.expected.values)
    named = _named(outcome.answer, wanted)
    count = len(wanted)
    runs = (named[at : at + count] for at in range(len(named) - count + 1))
    return Score(named[-count:] == wanted, wanted in runs, ", ".join(named[-count:]))


def _named(text: str, words: Collection[str]) -> list[str]:
    """Return those of some words that a text names, as often and in the order that it does."""
    # The longest first, so that of "New York City" it is not New York that is found.
    known = sorted(words, key=len, reverse=True)
    if not known:
        return []
    found = re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", text, re.IGNORECASE)
    as_written = {word.lower(): word for word in words}
    return [as_written[word.lower()] for word in found]
