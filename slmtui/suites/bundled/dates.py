"""Requests about dates: days between two, a date days away, and the day of the week."""

import datetime
import random
from typing import Any

from tests.benchmarks.agent_items import Expected, number
from tests.benchmarks.agent_wordings import Draw, Wording

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FIRST, _LAST = datetime.date(1950, 1, 1), datetime.date(2030, 12, 31)


def _written(rng: random.Random, *days: datetime.date) -> list[str]:
    """Write dates in one of the ways that people do, all of them in the same."""
    style = rng.choice(("{0:%Y-%m-%d}", "{0.day} {1} {0.year}", "{1} {0.day}, {0.year}"))
    return [style.format(day, MONTHS[day.month - 1]) for day in days]


def _day(rng: random.Random, first: datetime.date = _FIRST, last: datetime.date = _LAST) -> datetime.date:
    return first + datetime.timedelta(days=rng.randint(0, (last - first).days))


def _between(least: int, most: int) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        start, days = _day(rng), rng.randint(least, most)
        end = start + datetime.timedelta(days=days)
        return dict(zip("de", _written(rng, start, end), strict=True)), number(days)

    return draw


def _away(sign: int, least: int, most: int, step: int = 1) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        start, count = _day(rng), rng.randint(least, most)
        end = start + datetime.timedelta(days=sign * count * step)
        return {"d": _written(rng, start)[0], "n": count}, Expected("date", end.isoformat())

    return draw


def _weekday(first: int = 1950, last: int = 2030) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        day = _day(rng, datetime.date(first, 1, 1), datetime.date(last, 12, 31))
        # 1 January 1900 was a Monday.
        name = WEEKDAYS[(day - datetime.date(1900, 1, 1)).days % 7]
        return {"d": _written(rng, day)[0]}, Expected("word", name, among=WEEKDAYS)

    return draw


_LONG, _SHORT = _between(40, 900), _between(5, 90)

_DAYS_BETWEEN: tuple[tuple[str, Draw], ...] = (
    ("What is the number of days from {d} to {e}?", _LONG),
    ("days from {d} till {e}", _LONG),
    ("Tell me how many days lie between {d} and {e}.", _LONG),
    ("{name} moved in on {d} and moved out on {e}. How many days did {name} live there?", _LONG),
    ("The exhibition opens on {d} and closes on {e}. How many days later is that?", _SHORT),
    ("If I start a diet on {d} and stop on {e}, how many days is that?", _SHORT),
    ("how long is it in days between {d} and {e}", _LONG),
    ("A ship left port on {d} and arrived on {e}. How many days was it at sea?", _SHORT),
    ("Count the days: {d} to {e}.", _LONG),
    ("How many days passed from {d} until {e}?", _LONG),
    ("My visa came on {d} and runs out on {e}. How many days are in between?", _SHORT),
    ("{name}'s subscription began on {d}; it ended on {e}. How many days did it run?", _LONG),
)
_ADD_DAYS: tuple[tuple[str, Draw], ...] = (
    ("Which date comes {n} days after {d}?", _away(1, 4, 300)),
    ("{d} plus {n} days", _away(1, 4, 300)),
    ("What date do I get if I add {n} days to {d}?", _away(1, 4, 300)),
    ("Find the date {n} days earlier than {d}.", _away(-1, 4, 200)),
    ("Give me the date that is {n} days before {d}.", _away(-1, 4, 200)),
    ("{d} minus {n} days", _away(-1, 4, 200)),
    (
        "The warranty began on {d} and lasts {n} days. On which date does it end?",
        _away(1, 30, 365),
    ),
    ("{name} borrowed a book on {d} for {n} days. What is the date of return?", _away(1, 7, 60)),
    ("Seeds sown on {d} sprout after {n} days. On what date do they sprout?", _away(1, 5, 40)),
    ("What will the date be {n} weeks after {d}?", _away(1, 2, 12, step=7)),
    ("A trial starts on {d} and stops {n} days later. On what date does it stop?", _away(1, 7, 90)),
    ("count {n} days forward from {d}", _away(1, 10, 250)),
)
_WEEKDAY: tuple[tuple[str, Draw], ...] = (
    ("What weekday is {d}?", _weekday()),
    ("{d} - which day of the week?", _weekday()),
    ("Tell me the day of the week for {d}.", _weekday()),
    ("Was {d} a weekend day? Name the weekday.", _weekday(last=2020)),
    ("My sister married on {d}. Which weekday was it?", _weekday(1980, 2020)),
    ("The concert takes place on {d}. What day of the week will that be?", _weekday(2024, 2030)),
    ("day of the week, {d}", _weekday()),
    ("Could you name the weekday of {d}?", _weekday()),
    ("I would like to know what day of the week {d} was", _weekday(last=2020)),
    ("On what weekday did {d} happen to be?", _weekday(last=2020)),
    ("Our flight leaves on {d}. What weekday is this?", _weekday(2024, 2030)),
    ("{name} was born {d}. On which weekday was {name} born?", _weekday(1960, 2015)),
)

WORDINGS = tuple(
    Wording(tool, text, draw)
    for tool, wordings in (
        ("days_between", _DAYS_BETWEEN),
        ("add_days", _ADD_DAYS),
        ("weekday", _WEEKDAY),
    )
    for text, draw in wordings
)
