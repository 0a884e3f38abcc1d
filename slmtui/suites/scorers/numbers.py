r"""Right numbers, within what they may be off.

What an answer comes to is its last `#### 36` (as GSM8K ends), else its last `\boxed{36}`, else the number
straight after its last "answer is", or "answer:" at the start of a line, unless that begins a calculation,
else its last number. Strictly that one is right; flexibly, any of the answer's numbers.

Signs of currency, separators of thousands and marks such as `**` are read over, whole numbers are
compared and no parts of them, and dates with their years hold none. `36%` is 36 or 0.36. Small numbers in
words count where an answer has no other.
"""

import re
from dataclasses import dataclass

from slmtui.suites.item import Expected, Item, Outcome, Score
from slmtui.suites.scorers.dates import DATES

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
# A hyphen after a digit or letter joins words or is a minus; a number's own sign stands after space.
_NUMBER = (
    r"(?:(?<![\w.)])(?P<sign>[-−])[$€£]?)?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"(?P<exponent>[eE][-+]?\d{1,3}(?!\w))?"
)
_NUMBERS = re.compile(rf"{_NUMBER}(?P<percent>\s?\\?%)?")
_HASHES = re.compile(r"####[^\S\n]*([^\n]+)")
_BOXED = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}")
# Atomic, so that of "the answer is 20 + 16" no part of the 20 is taken in its place.
# "To find the answer: 16 eggs" gives none: with a colon, it begins a line or says that it is final.
_AFTER_ANSWER = re.compile(
    r"(?:\banswer\b[^.\n\d:=]{0,60}?\bis\b:?"
    r"|(?:^[^\S\n*_#>-]*[*_#> -]*(?:the\s|correct\s)*|\bfinal\s)(?:final\s+)?answer[ *_]*[:=])"
    rf"[\s*_`\"'(\[\\$€£]*(?>(?P<number>{_NUMBER}(?:\s?\\?%)?))"
    r"(?!(?<=%)\s*of\b)(?![\s*_]*(?:[-+/×÷^=−]|[*x]\s*\d|plus\b|minus\b|times\b|divided\b))",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: its value as written, whether a sign of per cent follows, and the writing."""

    value: float
    percent: bool
    text: str

    @property
    def readings(self) -> tuple[float, ...]:
        """What it may stand for."""
        return (self.value, self.value / 100) if self.percent else (self.value,)


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text in order, dates left out; where there are none, small ones in words."""
    return [number.value for number in _numbers(text)]


def score_number(item: Item, outcome: Outcome) -> Score:
    """Compare the numbers of an answer with the right ones. Raises `ValueError` where those are none."""
    wanted = [float(value) for value in (item.expected.value, *item.expected.values)]
    found = _numbers(outcome.answer)
    final = _final(outcome.answer) or (found[-1] if found else None)
    strict = final is not None and _right(final, wanted, item.expected)
    flexible = any(_right(number, wanted, item.expected) for number in found)
    return Score(strict, flexible, final.text if final else "")


def _right(number: Number, wanted: list[float], expected: Expected) -> bool:
    return any(
        abs(reading - value) <= max(abs(value) * expected.relative, expected.absolute)
        for value in wanted
        for reading in number.readings
    )


def _numbers(text: str) -> list[Number]:
    text = DATES.sub(" ", _without_latex(text))
    found = [_number(match) for match in _NUMBERS.finditer(text)]
    if found:
        return found
    words = re.findall(r"[a-z]+", text.lower())
    return [Number(float(_SMALL.index(word)), False, word) for word in words if word in _SMALL]


def _number(match: re.Match[str]) -> Number:
    digits = match["digits"].replace(",", "") + (match["exponent"] or "")
    value = float(digits)
    return Number(-value if match["sign"] else value, match["percent"] is not None, match[0])


def _final(answer: str) -> Number | None:
    """Return the number that is marked as what an answer comes to, or None where none is marked."""
    text = _without_latex(answer)
    for mark in (_HASHES, _BOXED):
        marked = mark.findall(text)
        if marked and (inside := _numbers(marked[-1])):
            return inside[0]
    named = [match["number"] for match in _AFTER_ANSWER.finditer(DATES.sub(" ", text))]
    return _numbers(named[-1])[0] if named else None


def _without_latex(text: str) -> str:
    r"""Return a text with the separators of thousands that LaTeX writes, 1{,}000 and 1\,000, as commas."""
    return re.sub(r"(?<=\d)(?:\{,\}|\\,)(?=\d{3})", ",", text)
