"""Right options: the letter that an answer gives.

Strictly, an answer says "answer: B", or begins or ends with a letter that stands as one: `B`, `(B)`, `B.`
or `B) text`; where it begins with one and ends with another, it gives none. Flexibly, of the options it
names one alone, by its letter or its text.
"""

import re
import string

from slmtui.suites.item import Item, Outcome, Score

_WORDS = str.maketrans("", "", "AI")  # letters that are words too
_MOST = 10  # where the options are not known
_MARK = r"[\s*_`\"'(\[{$\\]*"


def score_choice(item: Item, outcome: Outcome) -> Score:
    """Compare the letter that an answer gives with the right one."""
    options = item.expected.values
    letters = string.ascii_uppercase[: len(options) or _MOST]
    given = _given(outcome.answer.strip(), letters)
    named = _named(outcome.answer, letters, options)
    right = item.expected.value.upper()
    return Score(given == right, named == {right}, given or ", ".join(sorted(named)))


def _given(answer: str, letters: str) -> str:
    """Return the letter that an answer gives as its own, or nothing."""
    after = re.findall(
        rf"(?i:\banswer\b)[^.\n]{{0,60}}?(?:\bis\b|[:=]){_MARK}(?:(?i:option|choice)\s+)?{_MARK}"
        rf"([{letters}{letters.lower()}])(?!\w)(\s+[a-z])?",
        answer,
    )
    # "The answer is a mammal" gives no letter, "the answer is B because" does.
    after = [letter for letter, word in after if not (word and letter not in letters.translate(_WORDS))]
    boxed = re.findall(rf"\\boxed\{{(?:\\text\{{)?\(?([{letters}])\)?\}}", answer)
    if boxed or after:
        return str((boxed or after)[-1]).upper()
    lines = answer.splitlines() or [""]
    ends = {_begun(lines[0], letters), _begun(lines[-1], letters) or _ended(lines[-1], letters)} - {""}
    return ends.pop() if len(ends) == 1 else ""


def _begun(line: str, letters: str) -> str:
    """Return the letter that a line begins with, as one of a list does or alone."""
    match = re.match(rf"{_MARK}([{letters}])(?:[*_`\"')\]}}]*\s*$|[*_]*[.):\]])", line)
    return match[1] if match else ""


def _ended(line: str, letters: str) -> str:
    match = re.search(
        rf"(?:\(([{letters}])\)|\b(?:is|option|choice|letter|choose)\s+[*_\"'(]*([{letters}]))\W*$", line
    )
    return (match[1] or match[2]) if match else ""


def _named(answer: str, letters: str, options: tuple[str, ...]) -> set[str]:
    """Return the letters of the options that an answer names; an option within a longer one is not meant."""
    # A and I are words too: before most words in lower case they are no letters.
    other = r"\s+(?!or\b|and\b|is\b|because\b)[a-z]"
    named = set(re.findall(rf"(?<![\w'’])(?!(?:A|I){other})([{letters}])(?![\w'’])", answer))
    held = [option for option in options if option and _holds(answer, option)]
    meant = [
        option for option in held if not any(option != other and _holds(other, option) for other in held)
    ]
    return named | {letters[options.index(option)] for option in meant}


def _holds(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part.casefold().strip())}(?!\w)", text.casefold()) is not None
