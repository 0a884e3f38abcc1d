"""Requests about dates: days between two, a date days away, and the day of the week."""

import datetime
import random

from slmtui.suites.bundled.answers import number, word
from slmtui.suites.bundled.wordings import Blanks, Draw, Written, wordings
from slmtui.suites.item import Expected

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FIRST_DAY, _LAST_DAY = datetime.date(1950, 1, 1), datetime.date(2030, 12, 31)
# A Monday, far enough back that every day counts forward from it.
_MONDAY = datetime.date(1599, 11, 29)


def _written(rng: random.Random, *days: datetime.date) -> list[str]:
    """Write dates in one of the ways that people do, all of them in the same."""
    style = rng.choice(("{0:%Y-%m-%d}", "{0.day} {1} {0.year}", "{1} {0.day}, {0.year}"))
    return [style.format(day, _MONTHS[day.month - 1]) for day in days]


def _day(
    rng: random.Random, first: datetime.date = _FIRST_DAY, last: datetime.date = _LAST_DAY
) -> datetime.date:
    return first + datetime.timedelta(days=rng.randint(0, (last - first).days))


def some_day(rng: random.Random) -> str:
    """Draw a date, in one of the ways that people write one."""
    return _written(rng, _day(rng))[0]


def _name(day: datetime.date) -> str:
    return WEEKDAYS[(day - _MONDAY).days % 7]


def _between(least: int, most: int, more: int = 0) -> Draw:
    """Draw two days so far apart; `more` days are to be counted than lie from one to the other."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        start, days = _day(rng), rng.randint(least, most)
        end = start + datetime.timedelta(days=days)
        return dict(zip("de", _written(rng, start, end), strict=True)), number(days + more)

    return draw


def _away(sign: int, least: int, most: int, step: int = 1) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        start, count = _day(rng), rng.randint(least, most)
        end = start + datetime.timedelta(days=sign * count * step)
        return {"d": _written(rng, start)[0], "n": count}, Expected("date", end.isoformat())

    return draw


def _weekday(first: int = 1950, last: int = 2030) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        day = _day(rng, datetime.date(first, 1, 1), datetime.date(last, 12, 31))
        return {"d": _written(rng, day)[0]}, word(_name(day), WEEKDAYS)

    return draw


def _leap_day(rng: random.Random) -> tuple[Blanks, Expected]:
    day = datetime.date(4 * rng.randint(1904 // 4, 2096 // 4), 2, 29)
    return {"d": _written(rng, day)[0]}, word(_name(day), WEEKDAYS)


def _over_leap_day(rng: random.Random) -> tuple[Blanks, Expected]:
    start = _day(rng, datetime.date(year := 4 * rng.randint(490, 507), 1, 5), datetime.date(year, 2, 27))
    count = rng.randint(60, 400)
    end = start + datetime.timedelta(days=count)
    return {"d": _written(rng, start)[0], "n": count}, Expected("date", end.isoformat())


def _weekday_away(rng: random.Random) -> tuple[Blanks, Expected]:
    start, count = _day(rng), rng.randint(30, 400)
    name = _name(start + datetime.timedelta(days=count))
    return {"d": _written(rng, start)[0], "n": count}, word(name, WEEKDAYS)


_LONG, _SHORT = _between(40, 900), _between(5, 90)
_YEARS = _between(1500, 9000)

_DAYS_BETWEEN: tuple[Written, ...] = (
    ("medium", "What is the number of days from {d} to {e}?", _LONG),
    ("medium", "days from {d} till {e}", _LONG),
    ("medium", "Tell me how many days lie between {d} and {e}.", _LONG),
    ("medium", "{name} moved in on {d} and moved out on {e}. How many days did {name} live there?", _LONG),
    ("easy", "The exhibition opens on {d} and closes on {e}. How many days later is that?", _SHORT),
    ("easy", "If I start a diet on {d} and stop on {e}, how many days is that?", _SHORT),
    ("medium", "how long is it in days between {d} and {e}", _LONG),
    ("easy", "A ship left port on {d} and arrived on {e}. How many days was it at sea?", _SHORT),
    ("medium", "Count the days: {d} to {e}.", _LONG),
    ("medium", "How many days passed from {d} until {e}?", _LONG),
    ("easy", "My visa came on {d} and runs out on {e}. How many days are in between?", _SHORT),
    ("medium", "{name}'s subscription began on {d}; it ended on {e}. How many days did it run?", _LONG),
)
_ADDED_BETWEEN: tuple[Written, ...] = (
    ("hard", "{name} was born on {d}. How many days old was {name} on {e}?", _YEARS),
    ("hard", "The bridge was begun on {d} and opened on {e}. How many days did they build?", _YEARS),
    ("hard", "With both {d} and {e} counted in, how many days is it?", _between(400, 4000, more=1)),
    ("hard", "How many days of service lie from {d} to {e}, leap years and all?", _YEARS),
)
_ADD_DAYS: tuple[Written, ...] = (
    ("medium", "Which date comes {n} days after {d}?", _away(1, 4, 300)),
    ("medium", "{d} plus {n} days", _away(1, 4, 300)),
    ("medium", "What date do I get if I add {n} days to {d}?", _away(1, 4, 300)),
    ("medium", "Find the date {n} days earlier than {d}.", _away(-1, 4, 200)),
    ("medium", "Give me the date that is {n} days before {d}.", _away(-1, 4, 200)),
    ("medium", "{d} minus {n} days", _away(-1, 4, 200)),
    (
        "medium",
        "The warranty began on {d} and lasts {n} days. On which date does it end?",
        _away(1, 30, 365),
    ),
    ("easy", "{name} borrowed a book on {d} for {n} days. What is the date of return?", _away(1, 7, 60)),
    ("easy", "Seeds sown on {d} sprout after {n} days. On what date do they sprout?", _away(1, 5, 40)),
    ("easy", "What will the date be {n} weeks after {d}?", _away(1, 2, 12, step=7)),
    ("easy", "A trial starts on {d} and stops {n} days later. On what date does it stop?", _away(1, 7, 90)),
    ("medium", "count {n} days forward from {d}", _away(1, 10, 250)),
)
_ADDED_DAYS: tuple[Written, ...] = (
    ("easy", "The paint of {d} needs {n} days to dry. On which date is it dry?", _away(1, 5, 30)),
    ("easy", "{name} comes home {n} days after {d}. Tell me the date.", _away(1, 5, 60)),
    (
        "hard",
        "A satellite went up on {d} and fell {n} days later. On what date was that?",
        _away(1, 900, 5000),
    ),
    ("hard", "Go back {n} days from {d} and name the date.", _away(-1, 900, 5000)),
    ("hard", "A loan of {d} is due in {n} days, leap day included. On which date?", _over_leap_day),
    ("hard", "Which date lies {n} weeks before {d}?", _away(-1, 60, 400, step=7)),
)
_WEEKDAY_AWAY: tuple[Written, ...] = (
    (
        "hard",
        "{name} starts on {d} and is done {n} days later. Which day of the week is it then?",
        _weekday_away,
    ),
    ("hard", "On what weekday does the day fall that comes {n} days after {d}?", _weekday_away),
)
_WEEKDAY: tuple[Written, ...] = (
    ("medium", "What weekday is {d}?", _weekday()),
    ("medium", "{d} - which day of the week?", _weekday()),
    ("medium", "Tell me the day of the week for {d}.", _weekday()),
    ("medium", "Was {d} a weekend day? Name the weekday.", _weekday(last=2020)),
    ("easy", "My sister married on {d}. Which weekday was it?", _weekday(1980, 2020)),
    ("easy", "The concert takes place on {d}. What day of the week will that be?", _weekday(2024, 2030)),
    ("medium", "day of the week, {d}", _weekday()),
    ("medium", "Could you name the weekday of {d}?", _weekday()),
    ("medium", "I would like to know what day of the week {d} was", _weekday(last=2020)),
    ("medium", "On what weekday did {d} happen to be?", _weekday(last=2020)),
    ("easy", "Our flight leaves on {d}. What weekday is this?", _weekday(2024, 2030)),
    ("easy", "{name} was born {d}. On which weekday was {name} born?", _weekday(1960, 2015)),
)
_ADDED_WEEKDAY: tuple[Written, ...] = (
    ("hard", "The old letter was written on {d}; on which day of the week?", _weekday(1701, 1899)),
    ("hard", "A comet returns on {d}. What weekday will people see it?", _weekday(2031, 2199)),
    ("hard", "{name}'s birthday is a leap day, {d}. Which weekday is it?", _leap_day),
    ("hard", "The treaty of {d} was signed on what day of the week?", _weekday(1701, 1899)),
)

WORDINGS = (
    *wordings("dates", "days_between", _DAYS_BETWEEN, _ADDED_BETWEEN),
    *wordings("dates", "add_days", _ADD_DAYS, (*_ADDED_DAYS, *_WEEKDAY_AWAY)),
    *wordings("dates", "weekday", _WEEKDAY, _ADDED_WEEKDAY),
)
