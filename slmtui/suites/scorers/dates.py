"""Right dates, flexibly any that an answer writes out.

Strictly it is the first after its last "answer is" or "answer:", else the last of all.
"""

import datetime
import re

from slmtui.suites.item import Item, Outcome, Score
from slmtui.suites.scorers.texts import after_answer

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
DATES = re.compile(
    r"(?P<iso>\b\d{4}(?:-\d{1,2}-|/\d{1,2}/)\d{1,2}(?![\d/]))"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>\d{{4}})\b"
    rf"|\b{_MONTH.replace('month', 'month2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})\b",
    re.IGNORECASE,
)
"""A date with its year: 2024-03-05, 2024/3/5, 5 March 2024, the 5th of March, 2024, or March 5, 2024."""


def dates_in(text: str) -> list[datetime.date]:
    """Return the dates that a text writes out with their years, in order."""
    found = []
    for match in DATES.finditer(text):
        try:
            found.append(datetime.date(*_parts(match)))
        except ValueError:  # the 31st of February
            continue
    return found


def score_date(item: Item, outcome: Outcome) -> Score:
    """Compare the dates of an answer with the right one (ISO 8601). Raises `ValueError` where it is none."""
    wanted = datetime.date.fromisoformat(item.expected.value)
    found = dates_in(outcome.answer)
    said = [day for text in after_answer(outcome.answer)[-1:] for day in dates_in(text)[:1]]
    final = said or found[-1:]
    return Score(final == [wanted], wanted in found, str(final[0]) if final else "")


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    parts = match.groupdict()
    if parts["iso"]:
        year, month, day = map(int, re.split("[-/]", parts["iso"]))
        return year, month, day
    name = (parts["month"] or parts["month2"]).lower()
    return int(parts["year"] or parts["year2"]), _MONTHS.index(name) + 1, int(parts["day"] or parts["day2"])
