"""Right options: the letter that an answer gives.

Strictly, an answer says "answer: B", or "B is correct", or begins or ends with a letter that stands as one:
`B`, `(B)`, `option B`, `B) text`, `B - text`, or `B` with that option's own text. Where it begins with one
and ends with another, or says "answer: B or C", it gives none. Flexibly, of the options it names one alone,
by its letter or its text.
"""

import re
import string

from slmtui.suites.item import Item, Outcome, Score

_WORDS = str.maketrans("", "", "AI")  # letters that are words too
_MOST = 10  # where the options are not known
_MARK = r"[\s*_`\"'(\[{<$\\]*+"  # possessive: never gone back to
_LABEL = r"(?:(?:the\s+)?(?:correct\s+|right\s+|best\s+)?(?:option|choice|letter)\s+(?:is\s+)?)"
_SAYS = (
    r"(?i:\banswer\b[^.\n]{0,60}?(?:\bis\b|\b(?:would|must|should|will)\s+be\b|[:=]|\s[-–])"
    r"|<(?:final[_ ]?)?answer>)"
)
_CHOSEN = (
    r"\b(?i:is|option|choice|letter|choose|pick|select|(?:would|must|should|will)\s+be|go\s+with|therefore,?"
    r"|thus,?|hence,?|so,?)\s+"
)


def score_choice(item: Item, outcome: Outcome) -> Score:
    """Compare the letter that an answer gives with the right one."""
    options = item.expected.values
    letters = string.ascii_uppercase[: len(options) or _MOST]
    given = _given(outcome.answer.strip(), letters, options)
    named = _named(outcome.answer, letters, options)
    right = item.expected.value.upper()
    return Score(given == right, named == {right}, given or ", ".join(sorted(named)))


def _given(answer: str, letters: str, options: tuple[str, ...]) -> str:
    """Return the letter that an answer gives as its own, or nothing."""
    said = _said(answer, letters)
    boxed = re.findall(rf"\\boxed\{{(?:\\text\{{)?\(?([{letters}])(?:\)?\}}|[).:]\s)", answer)
    if boxed or said:
        return str(boxed[-1] if boxed else said[-1])
    lines = answer.splitlines() or [""]
    last = _begun(lines[-1], letters, options) or _ended(lines[-1], letters)
    ends = {_begun(lines[0], letters, options), last} - {""}
    return ends.pop() if len(ends) == 1 else ""


def _said(answer: str, letters: str) -> list[str]:
    """Return the letters that an answer says to be its answer, in order; nothing for two at once."""
    both = letters + letters.lower()
    after = re.findall(
        rf"{_SAYS}{_MARK}(?i:{_LABEL}{_MARK})?([{both}])(?!\w)"
        rf"(?:([^\w\s]*(?:\s+(?:or|and)\s+|\s*[,/&]\s*){_MARK}[{both}](?![\w'’])(?!\s+is\b))|(\s+[a-z]))?",
        answer,
    )
    # "The answer is a mammal" gives no letter, "the answer is B because" does.
    said = [
        "" if more else letter.upper()
        for letter, more, word in after
        if not (word and letter not in letters.translate(_WORDS))
    ]
    correct = r"[*_`\"')\]]*\s+is\s+(?:the\s+)?(?:correct|right|best|answer)\b"
    begun = rf"^{_MARK}(?i:only\s+)?(?i:{_LABEL})?{_MARK}([{letters}])"
    return said or re.findall(begun + correct, answer, re.MULTILINE)


def _begun(line: str, letters: str, options: tuple[str, ...]) -> str:
    """Return the letter that a line begins with, as one of a list does, alone, or with its option."""
    alone = r"[*_`\"')\]}>]*[\s.]*$"
    large = rf"{_MARK}(?i:{_LABEL})?([{letters}])(?:{alone}|[*_]*[.):\]]|\s+[-–—]\s)"
    small = rf"{_MARK}([{letters.lower()}])(?:{alone}|[)\]])"
    for match in filter(None, (re.match(large, line), re.match(small, line))):
        return str(match[1]).upper()
    texts = zip(letters, options, strict=False)
    return next((each for each, option in texts if option and _with_text(line, each, option)), "")


def _with_text(line: str, letter: str, option: str) -> bool:
    """Whether a line is a letter and its option's text alone: "A red one" may be about something red."""
    words = re.escape(option.strip().casefold())
    return re.match(rf"[\s*_\"'(]*{letter.lower()}\s+{words}[\s.!*_\"')]*$", line.casefold()) is not None


def _ended(line: str, letters: str) -> str:
    match = re.search(rf"(?:\(([{letters}])\)|(?<!n['’]t ){_CHOSEN}[*_\"'(]*([{letters}]))\W*$", line)
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
