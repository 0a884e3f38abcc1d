"""Dates as people and small models write them, ISO first; what could mean two dates is refused."""

import datetime
import re
from collections.abc import Callable

from tools.plain_text import DASHES, quoted
from tools.registry import ToolError

Now = Callable[[], datetime.datetime]

MAX_CHARACTERS = 40

_OFFSETS = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_DASHES = dict.fromkeys(map(ord, DASHES), "-")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?:(?:\s*,)?\s+(?P<year>\d{4}))?"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<number>\d{1,2})\2(?P<day>\d{1,2})(?:[t ][\d:.+z-]*)?",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}{_YEAR}",
        rf"{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
    )
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)


def read_date(text: str, now: Now) -> datetime.date:
    """Return the date that a text names; `today`, `tomorrow` and `yesterday` are counted from `now`.

    A weekday before the date is not checked. Raises `ToolError`, which says how to write it, for
    anything else and for `07/01/2023`, which is July in one country and January in another.
    """
    written = " ".join(text[: MAX_CHARACTERS + 1].translate(_DASHES).lower().split()).strip(" .,")
    if len(text) > MAX_CHARACTERS:
        raise _not_a_date(text)
    if written in _OFFSETS:
        return shifted(now().date(), _OFFSETS[written])
    match = next(filter(None, (form.fullmatch(written) for form in _FORMS)), None)
    if match is None:
        return _year_last(written, text)
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _month(parts["month"], text)
    if parts["year"] is None:
        example = f"{now().year}-{month:02}-{int(parts['day']):02}"
        raise ToolError(f"{quoted(text)} has no year: write it as in {example}.")
    return _date(int(parts["year"]), month, int(parts["day"]), text)


def shifted(date: datetime.date, days: int) -> datetime.date:
    """Return the date so many days later. Raises `ToolError` outside the years 1 to 9999."""
    try:
        return date + datetime.timedelta(days=days)
    except OverflowError as error:
        raise ToolError("The date is outside the years 1 to 9999.") from error


def _not_a_date(text: str) -> ToolError:
    return ToolError(f"{quoted(text, 30)} is not a date: write it as 2023-07-01, or today.")


def _month(name: str, text: str) -> int:
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if not found:
        raise _not_a_date(text)
    return found[0]


def _year_last(written: str, text: str) -> datetime.date:
    """Read `13/07/2023`, where only one of the two orders makes a date, or both the same."""
    match = _YEAR_LAST.fullmatch(written)
    if match is None:
        raise _not_a_date(text)
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first <= 12 and second <= 12 and first != second:
        american, british = f"{year:04}-{first:02}-{second:02}", f"{year:04}-{second:02}-{first:02}"
        raise ToolError(f"{quoted(text)} may be {american} or {british}: write the one that is meant.")
    return _date(year, *((first, second) if first <= 12 else (second, first)), text)


def _date(year: int, month: int, day: int, text: str) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ToolError(f"{quoted(text, 30)} is not in the calendar: {error}.") from error
