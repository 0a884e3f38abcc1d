"""Is an answer right? Strictly, what it comes to at its end; flexibly, whether the right one is in it."""

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass

from tests.benchmarks.agent_dates import MONTHS
from tests.benchmarks.agent_items import Expected

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>\d{{4}})\b"
    rf"|\b{_MONTH.replace('month', 'month2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})\b",
    re.IGNORECASE,
)
# A hyphen after a digit or letter joins words or is a minus; a number's own sign stands after space.
_NUMBERS = re.compile(r"(?:(?<![\w.)])[-−])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")


@dataclass(frozen=True)
class Score:
    """Whether an answer is right: `strict` by what it comes to, `flexible` by what is in it."""

    strict: bool
    flexible: bool


def score(answer: str, expected: Expected) -> Score:
    """Compare an answer with the right one."""
    match expected.kind:
        case "number":
            return _number(answer, expected)
        case "date":
            found = dates_in(answer)
            wanted = datetime.date.fromisoformat(expected.value)
            return Score(found[-1:] == [wanted], wanted in found)
        case "word":
            named = set(_named(answer, expected.among))
            return Score(named == {expected.value}, expected.value in named)
        case "first":
            order = _named(answer, expected.among)
            return Score(order[:1] == [expected.value], expected.value in order)
        case "sequence":
            return _sequence(_named(answer, expected.among), list(expected.among))
        case "text":
            found_text = _holds(answer, expected.value)
            return Score(found_text, found_text)


def dates_in(text: str) -> list[datetime.date]:
    """Return the dates that a text writes out with their years, in order."""
    found = []
    for match in _DATES.finditer(text):
        parts = match.groupdict()
        try:
            if parts["iso"]:
                year, month, day = map(int, parts["iso"].split("-"))
            else:
                name = (parts["month"] or parts["month2"]).lower()
                month = next(i for i, each in enumerate(MONTHS, 1) if each.lower().startswith(name))
                year, day = int(parts["year"] or parts["year2"]), int(parts["day"] or parts["day2"])
            found.append(datetime.date(year, month, day))
        except ValueError:  # the 31st of February
            continue
    return found


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text in order, dates left out; where there are none, small ones in words."""
    text = _DATES.sub(" ", text)
    found = [float(each.replace(",", "").replace("−", "-")) for each in _NUMBERS.findall(text)]
    if found:
        return found
    return [float(_SMALL.index(word)) for word in re.findall(r"[a-z]+", text.lower()) if word in _SMALL]


def _number(answer: str, expected: Expected) -> Score:
    wanted = float(expected.value)
    allowed = max(abs(wanted) * expected.tolerance, 1e-6)
    right = [abs(number - wanted) <= allowed for number in numbers_in(answer)]
    return Score(right[-1:] == [True], any(right))


def _sequence(named: list[str], wanted: list[str]) -> Score:
    """Strictly, the items that are named last stand in the right order; flexibly, somewhere they do."""
    count = len(wanted)
    runs = (named[at : at + count] for at in range(len(named) - count + 1))
    return Score(named[-count:] == wanted, wanted in runs)


def _named(text: str, words: Collection[str]) -> list[str]:
    """Return those of some words that a text names, as often and in the order that it does."""
    found = re.findall(rf"\b(?:{'|'.join(map(re.escape, words))})\b", text, re.IGNORECASE)
    as_written = {word.lower(): word for word in words}
    return [as_written[word.lower()] for word in found]


def _holds(text: str, wanted: str) -> bool:
    """Whether a text holds another as words of their own, perhaps in the plural."""
    return re.search(rf"(?<!\w){re.escape(_folded(wanted))}s?(?!\w)", _folded(text)) is not None


def _folded(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(text.casefold().split()))
