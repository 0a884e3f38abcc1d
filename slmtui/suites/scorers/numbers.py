r"""Right numbers, within what they may be off.

What an answer comes to is its last `#### 36` (as GSM8K ends), else its last `\boxed{36}`, else its last
`<answer>36</answer>`, else the number straight after its last "answer is", or "answer:" at the start of a
line, unless that begins a calculation or is one of two ("12 or 13" is neither), else its first line where
that is a number alone (and the last line is none), else its last number. Strictly that one is right;
flexibly, any of the answer's numbers, the parts of a fraction too.

Signs of currency, separators of thousands and marks such as `**` are read over, whole numbers are
compared and no parts of them, and dates with their years hold none. `36%` is 36 or 0.36, `1.2 million` is
1.2 or 1,200,000; `1/2` is 0.5, `3 1/2` 3.5, `12,5` 12.5 and `1.5 × 10^3` 1,500. Numbers in words count
after "answer is", and where an answer has no other.
"""

import re
from dataclasses import dataclass

from slmtui.suites.item import Expected, Item, Outcome, Score
from slmtui.suites.scorers.dates import DATES
from slmtui.suites.scorers.number_text import plain_numbers
from slmtui.suites.scorers.number_words import SPELLED, spelled_numbers

_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_CURRENCY = "$€£¥₹"
# What may part thousands, besides commas: a space, also one that does not break or is narrow.
_SPACE = "[ \u00a0\u2009\u202f]"
# A comma is one of decimals where no number of thousands and no list of numbers could have it so.
_DIGITS = (
    r"(?:(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d|,\d)|\d{1,3}(?:\.\d{3}){2,}(?![.,]?\d))"
    rf"|(?<![\d.,])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:\.\d+|,\d{{1,2}}(?!\d|,\d))?"
    r"|(?<![\d.,])\d+,\d{1,2}(?!\d|,\d)"
    r"|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
)
_FRACTION = r"(?:(?<![\d/.,])(?:\d+\s+)?\d+\s?/\s?\d+(?!\s?/|[.,]?\d))"
# A hyphen after a digit or letter joins words or is a minus; a number's own sign stands after space.
_NUMBER = (
    rf"(?:(?<![\w.)])(?P<sign>[-−–])[{_CURRENCY}]?)?"
    rf"(?:(?P<fraction>{_FRACTION})|(?P<digits>{_DIGITS})(?P<exponent>[eE][-+]?\d{{1,3}}(?!\w))?)"
)
_PERCENT = r"\s?\\?%|\s?per\s?cent\b"
_NUMBERS = re.compile(
    rf"{_NUMBER}(?:(?P<percent>{_PERCENT})|\s(?P<scale>{'|'.join(_SCALES)})\b)?", re.IGNORECASE
)
# Writings that may be several numbers: a fraction, a decimal comma, thousands parted by spaces.
_PARTED = re.compile(r"[^/]+/[^/]+|\d+,\d{1,2}|\d{1,3}(?: \d{3})+")
# Possessive, here and below: what is read over is never gone back to, or long rows of marks would take hours.
_MARKS = rf"[\s*_`\"'(\[\\{_CURRENCY}]*+"
# A heading of that level may begin with a number too: "#### 1. Add them".
_HASHES = re.compile(
    rf"####[^\S\n]*+(?=[*_ {_CURRENCY}]*[-−–]?[{_CURRENCY}]?\.?\d)(?!\d+[.)][^\S\n]+\S)([^\n#]+)"
)
_BOXED = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}")
_TAGGED = re.compile(r"<(?:final[_ ]?)?answer>([^<]+)", re.IGNORECASE)
_ABOUT = (
    r"(?:(?:about|around|approximately|approx\.|roughly|exactly|equal\s+to|therefore|thus|simply|just|only)"
    rf"\s{_MARKS}){{0,2}}"
)
# Atomic, so that of "the answer is 20 + 16" no part of the 20 is taken in its place.
# "To find the answer: 16 eggs" gives none: with a colon, it begins a line or says that it is final.
_AFTER_ANSWER = re.compile(
    r"(?:\banswer\b[^.\n\d:=]{0,60}?\bis\b:?"
    r"|(?:^[\t *_#>-]*+(?:the\s|correct\s)*+|\bfinal\s)(?:final\s+)?ans(?:wer)?"
    r"(?:\s?\([^()\n]{0,40}\))?[ *_]*+[:=])"
    rf"{_MARKS}{_ABOUT}(?>(?P<number>{_NUMBER}(?:{_PERCENT})?|(?!one\s+[a-z]){SPELLED}))"
    r"(?!(?<=%)\s*of\b)(?![\s*_]*(?:[-+/×÷^=−]|[*x]\s*\d|plus\b|minus\b|times\b|divided\b))"
    rf"(?P<more>\s+or\s+[-−–{_CURRENCY}]?\d)?",
    re.IGNORECASE | re.MULTILINE,
)
_ALONE = re.compile(rf"{_MARKS}(?:=\s*+)?{_NUMBER}(?:{_PERCENT})?[\s*_`\"')\]\\.{_CURRENCY}]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text as it is written there: what it may stand for, the likeliest first.

    `parts` are numbers that its writing has within it: those of a fraction, or on both sides of a comma.
    """

    readings: tuple[float, ...]
    text: str
    parts: tuple[float, ...] = ()


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text in order, dates left out; where there are none, those in words."""
    return [number.readings[0] for number in _numbers(text)]


def score_number(item: Item, outcome: Outcome) -> Score:
    """Compare the numbers of an answer with the right ones. Raises `ValueError` where those are none."""
    wanted = [float(value) for value in (item.expected.value, *item.expected.values)]
    found = _numbers(outcome.answer)
    final = _final(outcome.answer) or (found[-1] if found else None)
    strict = final is not None and _right(final.readings, wanted, item.expected)
    flexible = any(_right((*each.readings, *each.parts), wanted, item.expected) for each in found)
    return Score(strict, flexible, final.text if final else "")


def _right(readings: tuple[float, ...], wanted: list[float], expected: Expected) -> bool:
    return any(
        abs(reading - value) <= max(abs(value) * expected.relative, expected.absolute)
        for value in wanted
        for reading in readings
    )


def _numbers(text: str) -> list[Number]:
    text = DATES.sub(" ", plain_numbers(text))
    found = [_number(match) for match in _NUMBERS.finditer(text)]
    return found or [Number((value,), word) for value, word in spelled_numbers(text)]


def _number(match: re.Match[str]) -> Number:
    written = match["fraction"] or match["digits"]
    parts = tuple(map(float, re.findall(r"\d+", written))) if _PARTED.fullmatch(written) else ()
    value = _fraction(parts) if match["fraction"] else _decimal(match["digits"], match["exponent"] or "")
    value = -value if match["sign"] else value
    if match["percent"]:
        return Number((value, value / 100), match[0], parts)
    if match["scale"]:
        return Number((value, value * _SCALES[match["scale"].lower()]), match[0], parts)
    return Number((value,), match[0], parts)


def _fraction(parts: tuple[float, ...]) -> float:
    *whole, top, bottom = parts
    return sum(whole) + top / bottom if bottom else top


def _decimal(digits: str, exponent: str) -> float:
    """Return the value of digits with what parts their thousands, and a point or comma of decimals."""
    digits = re.sub(_SPACE, "", digits)
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    return float(digits.replace(",", "") + exponent)


def _final(answer: str) -> Number | None:
    """Return the number that is marked as what an answer comes to, or None where none is marked."""
    text = plain_numbers(answer)
    for mark in (_HASHES, _BOXED, _TAGGED):
        marked = mark.findall(text)
        if marked and (inside := _numbers(marked[-1].rpartition("=")[2])):
            return inside[0]
    named = [*_AFTER_ANSWER.finditer(DATES.sub(" ", text))]
    if named and named[-1]["more"]:  # "12 or 13" is neither
        return Number((), named[-1][0])
    if named:
        return _numbers(named[-1]["number"])[0]
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    begun = _ALONE.fullmatch(lines[0]) and not _ALONE.fullmatch(lines[-1])
    return _numbers(lines[0])[0] if begun else None
