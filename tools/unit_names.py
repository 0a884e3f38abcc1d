"""Names of units as people and small models write them, read into plain names with whole powers.

`km/h` and `kilometers per hour` are `{"km": 1, "h": -1}`, `sq ft` is `{"ft": 2}`; words that stand side
by side (`fluid ounce`, `kilowatt hours`) are one name with spaces. Only such single names ever reach
the units library, which would compute an expression such as `m**9**9**9` to its end.
"""

import re
import unicodedata
from collections import Counter

from tools.plain_text import quoted
from tools.registry import ToolError

MAX_CHARACTERS = 60
MAX_POWER = 9

_TEMPERATURES = {
    **dict.fromkeys(("c", "celsius", "centigrade"), "degree_Celsius"),
    **dict.fromkeys(("f", "fahrenheit"), "degree_Fahrenheit"),
    **dict.fromkeys(("k", "kelvin", "kelvins"), "kelvin"),
}

# Phrases, then words: what pint does not know, or knows as something that nobody means (kb: kilobarn).
_PHRASES = (
    (r"\*\*", "^"),
    (r"[·⋅]", "*"),
    (r"(?<=[a-z])-(?=[a-z])", " "),
    (r"\b(?:pounds?|lbs?) per square inch\b", "psi"),
    (r"\bfl\.? ?oz\b\.?", "fluid_ounce"),
    (r"\bus (?=[a-z])", ""),
    (r"\buk (?=[a-z])", "imperial "),
    (r"\b(?:per|an)\b", "/"),
    (r"\s*\^\s*", "^"),
)
_EXACT = {
    "Kb": "kilobit", "kbit": "kilobit", "Mb": "megabit", "Gb": "gigabit", "Tb": "terabit",
    "kBps": "(kilobyte/second)", "KBps": "(kilobyte/second)", "MBps": "(megabyte/second)",
    "GBps": "(gigabyte/second)",
}  # fmt: skip
_ANY_CASE = {
    "kmh": "(km/h)", "kmph": "(km/h)", "kph": "(km/h)", "mpg": "(mile/gallon)", "fps": "(foot/second)",
    "kbps": "(kilobit/second)", "mbps": "(megabit/second)", "gbps": "(gigabit/second)",
    "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte", "kwh": "kilowatt_hour",
    "sqft": "foot^2", "sqm": "meter^2", "sqkm": "kilometer^2", "sqmi": "mile^2", "cuft": "foot^3",
    "°": "degree",
}  # fmt: skip
_SHAPES = {"square": 2, "sq": 2, "sq.": 2, "cubic": 3, "cu": 3, "cu.": 3}
_SUFFIXES = {"squared": 2, "cubed": 3}

_ALLOWED = re.compile(r"[A-Za-z0-9μΩÅ°_ */^().·⋅-]+")
_LETTERS = re.compile(r"[A-Za-zμΩÅ°_]+")
_WORD = re.compile(r"([A-Za-zμΩÅ°][A-Za-zμΩÅ°_]*)\.?(?:\^(-?[1-9])|([2-9]))?")


def read_units(text: str) -> Counter[str]:
    """Return the names in a unit and their powers. Raises `ToolError` for what cannot be a unit."""
    cleaned = _cleaned(text)
    temperature = _temperature(cleaned)
    if temperature and len(cleaned) > 1:
        return Counter({temperature: 1})
    for pattern, meant in _PHRASES:
        cleaned = re.sub(pattern, meant, cleaned, flags=re.IGNORECASE)
    powers = _powers(_LETTERS.sub(_known_word, cleaned))
    if max(map(abs, powers.values())) > MAX_POWER:
        raise _not_a_unit(text)
    return powers


def read_temperatures(first: str, second: str) -> tuple[str, str] | None:
    """Return two temperature scales, if both texts name one: a bare C or F is one only beside another."""
    one, other = _temperature(_cleaned(first)), _temperature(_cleaned(second))
    return (one, other) if one and other else None


def _not_a_unit(text: str) -> ToolError:
    return ToolError(f"{quoted(text, 30)} is not a unit: write one such as kilometer, lb, km/h or m^2.")


def _cleaned(text: str) -> str:
    """Return the text with compatibility characters (m², ℃, ㎏) spelled out, if it may name a unit."""
    if len(text) <= MAX_CHARACTERS:
        cleaned = unicodedata.normalize("NFKC", text).strip(" .")
        if len(cleaned) <= MAX_CHARACTERS and _ALLOWED.fullmatch(cleaned):
            return cleaned
    raise _not_a_unit(text)


def _temperature(text: str) -> str:
    return _TEMPERATURES.get(re.sub(r"degrees?|deg\b|°|[\s_.]", "", text.lower()), "")


def _known_word(match: re.Match[str]) -> str:
    word = match[0]
    return _EXACT.get(word) or _ANY_CASE.get(word.lower(), word)


def _powers(text: str) -> Counter[str]:
    """Read products and quotients; a bracket groups a product or quotient, and holds no other."""
    powers: Counter[str] = Counter()
    group = sign = 1
    grouped, expects_name = False, True
    for piece in filter(None, map(str.strip, re.split(r"([*/()])", text))):
        if piece == "(" and expects_name and not grouped:
            group, sign, grouped = sign, 1, True
        elif piece == ")" and grouped and not expects_name:
            group, grouped = 1, False
        elif piece in {"*", "/"} and not expects_name:
            sign, expects_name = (1 if piece == "*" else -1), True
        elif piece not in {"*", "/", "(", ")"} and expects_name:
            for name, power in _product(piece).items():
                powers[name] += group * sign * power
            sign, expects_name = 1, False
        else:
            raise _not_a_unit(text)
    if grouped or expects_name:
        raise _not_a_unit(text)
    return powers


def _product(text: str) -> Counter[str]:
    """Read words that stand side by side: `square feet`, `m^2`, `kg m`, `fluid ounces`."""
    words = text.split()
    shape = 1
    if len(words) > 1 and words[0].lower() in _SHAPES:
        shape = _SHAPES[words.pop(0).lower()]
    elif len(words) > 1 and words[-1].lower() in _SUFFIXES:
        shape = _SUFFIXES[words.pop().lower()]
    factors: list[tuple[str, int]] = []
    for word in words:
        match = _WORD.fullmatch(word)
        if match is None:
            raise _not_a_unit(text)
        factors.append((match[1], shape * int(match[2] or match[3] or 1)))
    powers: Counter[str] = Counter()
    if all(power == shape for _, power in factors):
        powers[" ".join(name for name, _ in factors)] = shape
    else:
        for name, power in factors:
            powers[name] += power
    return powers
