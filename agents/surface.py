"""What stands on the surface of a request: dates, numbers, units, file names, texts in quotation marks.

It tells more of what is wanted than the words do: two dates are counted between, one date and a number
are added, a number with two units is converted.
"""

import re
from dataclasses import dataclass

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? \d{{4}})?\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?:today|tomorrow|yesterday)\b", re.IGNORECASE)
_FILE = re.compile(r"(?<![\w@])(?:[\w-]+/)*[\w-]+\.[a-z][a-z0-9]{0,4}\b(?![\w/])", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)|\"([^\"]+)\"|“([^”]+)”")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
OPERATION = re.compile(r"\d\s*[-+*/x×÷^]\s*\(?\d")
UNIT = re.compile(
    r"(?:kilo|mega|giga|tera|centi|milli|square|cubic)?(?:met(?:er|re)|gram|lit(?:er|re)|byte)|k?[cm]?m|kg|g|lb|oz|l|ml|[kmgt]b"
    r"|mile|yard|foot|feet|inch(?:e)?|pound|ounce|stone|ton(?:ne)?|gallon|pint|cup|mph|knot|hectare|acre"
    r"|celsiu?|fahrenheit|kelvin|degree|second|minute|hour|joule|calorie|watt"
)

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(_SMALL) if value > 1},
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100",
    "dozen": "12", "twice": "2", "half": "2",
}  # fmt: skip
"""What words are as numbers; half as what is divided by."""


LONGEST = 4000
"""Characters of a request that are read."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What was found in a request, each kind in order; `rest` is the request without dates and files."""

    dates: tuple[str, ...]
    days: tuple[str, ...]
    files: tuple[str, ...]
    quoted: tuple[str, ...]
    numbers: tuple[str, ...]
    rest: str


def surface(text: str) -> Surface:
    """Read the beginning of a request. Numbers come without thousands separators, in words too, each once."""
    text = text[:LONGEST]
    quoted = tuple("".join(groups) for groups in _QUOTED.findall(text))
    without_dates = DATE.sub(" ", text)
    files = tuple(_FILE.findall(without_dates))
    rest = _FILE.sub(" ", without_dates)
    days = tuple(dict.fromkeys(day.lower() for day in _DAY.findall(rest)))
    return Surface(tuple(DATE.findall(text)), days, files, quoted, numbers(rest), rest)


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of a text without dates, digits and words, in order and each once."""
    found = re.findall(rf"{NUMBER.pattern}|[a-z]+", text, re.IGNORECASE)
    values = (NUMBER_WORDS.get(word.lower(), word.replace(",", "")) for word in found)
    return tuple(dict.fromkeys(value for value in values if value[0].isdigit()))


def surface_terms(text: str, units: int) -> list[str]:
    """Return terms for what a request holds, to be indexed with its words; `units` is a count of units."""
    seen = surface(text)
    dates, count = min(2, len(seen.dates)), min(3, len(NUMBER.findall(seen.rest)))
    commas = min(3, seen.rest.count(","))
    return [
        f"#dates={dates}",
        f"#dates={dates} #numbers={min(2, count)}",
        f"#numbers={count}",
        f"#numbers={min(2, count)} #units={min(2, units)}",
        f"#units={min(2, units)}",
        f"#files={min(1, len(seen.files))}",
        f"#quoted={min(2, len(seen.quoted))}",
        f"#operation={OPERATION.search(seen.rest) is not None}",
        f"#commas={0 if commas < 2 else commas}",
    ]
