"""The units that a request names: the one behind its number, and those that it may be converted to."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.surface import NUMBER, NUMBER_WORDS, UNIT

_PLAIN = (
    rf"(?:{UNIT.pattern}|kwh|hp|psi|nautical mile|tablespoon|teaspoon|week|day|month|year|acre)(?:s|es|n)?"
)
_NAME = rf"(?:(?:square|cubic|sq\.?|cu\.?|fluid|fl\.?|imperial|us) )?{_PLAIN}(?:[²³]|\^[23])?"
_PHRASE = re.compile(
    rf"(?<![\w/])(?:degrees? (?:celsius|fahrenheit|kelvin|centigrade)|celsius|fahrenheit|kelvin|°[cfk]"
    rf"|{_NAME}(?:(?: per |/)(?:{_PLAIN}|h|hr|s|min))?|(?-i:[CFK]))(?![\w/])",
    re.IGNORECASE,
)
_VALUE = re.compile(rf"(?<![\w.])-?(?:{NUMBER.pattern})")
_WORD_VALUES = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)}|an?)\b", re.IGNORECASE)


def converted(text: str) -> Mapping[str, Sequence[Any]]:
    """Return values for `value`, `from_unit` and `to_unit`; none where a text does not name two units.

    The text has no dates in it.
    """
    found = units_in(text)
    first = [match for match in found if _behind_number(match, text)]
    names = [match[0] for match in found]
    if len(set(map(str.lower, names))) < 2:
        return {}
    source = list(dict.fromkeys(match[0] for match in first)) or names
    target = [name for name in names if name not in source] or names
    return {"value": _values(text), "from_unit": source, "to_unit": target}


def units_in(text: str) -> list[re.Match[str]]:
    """Return where a text names units."""
    return [match for match in _PHRASE.finditer(text) if not _is_preposition(match, text)]


def _is_preposition(match: re.Match[str], text: str) -> bool:
    """Whether `second` or `foot` is an ordinary word: `the second`, `on foot`."""
    return match[0].lower() in ("second", "foot", "minute") and re.search(
        r"\b(?:the|on|by|last) $", text[: match.start()], re.IGNORECASE
    ) is not None  # fmt: skip


def _behind_number(match: re.Match[str], text: str) -> bool:
    before = text[: match.start()].rstrip(" -")
    last = before.rpartition(" ")[2].lower()
    return before[-1:].isdigit() or last in NUMBER_WORDS or (last in ("a", "an") and not _VALUE.search(text))


def _values(text: str) -> list[int | float]:
    """Return the numbers of a text; where there are none, those in words, `a` being 1."""
    digits = [each.replace(",", "") for each in _VALUE.findall(text)]
    words = [NUMBER_WORDS.get(each.lower(), "1") for each in _WORD_VALUES.findall(text)]
    return [float(each) if "." in each else int(each) for each in digits or words]
