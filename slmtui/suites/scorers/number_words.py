"""Numbers that are written in English words, up to the billions: twenty-five, a hundred and two."""

import re

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_VALUES = (
    {"zero": 0}
    | {word: value for value, word in enumerate((*_UNITS, *_TEENS), 1)}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)}
)

_UNIT, _TEEN, _TEN, _SCALE = ("|".join(words) for words in (_UNITS, _TEENS, _TENS, _SCALES))
_BELOW_100 = rf"(?:(?:{_TEN})(?:[\s-]+(?:{_UNIT})\b)?|{_TEEN}|{_UNIT})\b"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}|a)\s+hundred\b(?:\s+(?:and\s+)?{_BELOW_100})?|{_BELOW_100})"
_SCALED = rf"(?:{_BELOW_1000}|a)\s+(?:{_SCALE})\b"
SPELLED = (
    rf"(?:(?:negative\s+)?(?:\bzero\b"
    rf"|\b{_SCALED}(?:,?\s+{_SCALED})*(?:,?\s+(?:and\s+)?{_BELOW_1000})?|\b{_BELOW_1000}))"
)
"""A pattern of one whole number in words; whether letters are small does not matter to who uses it."""
_SPELLED = re.compile(SPELLED, re.IGNORECASE)


def spelled_numbers(text: str) -> list[tuple[float, str]]:
    """Return the numbers in words of a text in order, each with its writing."""
    return [(_value(match[0]), match[0]) for match in _SPELLED.finditer(text)]


def _value(words: str) -> float:
    total = group = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total += max(group, 1) * _SCALES[word]
            group = 0
        else:  # "a" and "and" are worth nothing
            group += _VALUES.get(word, 0)
    return float(-(total + group) if words.lower().startswith("negative") else total + group)
