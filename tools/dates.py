"""Three tools for dates, with flat arguments that a small model can fill: between, add and weekday.

They share one clock, given by the caller, so that a stored turn replays on the day it was made.
"""

import datetime
from collections.abc import Callable
from typing import Any

from tools.date_text import MAX_CHARACTERS, Now, read_date, shifted
from tools.registry import Example, Tool, ToolError

_MOST_DAYS = 4_000_000


def date_tools(now: Now) -> tuple[Tool, ...]:
    """Return the tools `days_between`, `add_days` and `weekday`; `now` is the user's local time.

    The examples that say `today` are worked out on the day of this call.
    """
    return (_days_between_tool(now), _add_days_tool(now), _weekday_tool(now))


def _days_between_tool(now: Now) -> Tool:
    def run(start: str, end: str) -> str:
        return days_between(read_date(start, now), read_date(end, now))

    return Tool(
        "days_between",
        "Counts the days from one date to another.",
        _parameters(start=_date("The first date"), end=_date("The second date")),
        (*_BETWEEN, *_until(run, now)),
        run,
    )


def _add_days_tool(now: Now) -> Tool:
    def run(date: str, days: float) -> str:
        return add_days(read_date(date, now), days)

    return Tool(
        "add_days",
        "Gives the date a number of days after a date, or before it for a negative number.",
        _parameters(
            date=_date("The date to count from"),
            days={"type": "integer", "description": "How many days later; negative for earlier"},
        ),
        (
            *_ADD,
            _today("What date will it be in 3 days?", run, {"date": "today", "days": 3}, "It will be {}."),
            _today("what date was a week ago", run, {"date": "today", "days": -7}, "A week ago it was {}."),
        ),
        run,
    )


def _weekday_tool(now: Now) -> Tool:
    def run(date: str) -> str:
        return weekday(read_date(date, now))

    return Tool(
        "weekday",
        "Gives the day of the week of a date.",
        _parameters(date=_date("The date")),
        (
            *_WEEKDAY,
            _today("What's today's date?", run, {"date": "today"}, "{}."),
            _today("which day of the week is tomorrow", run, {"date": "tomorrow"}, "{}."),
        ),
        run,
    )


def days_between(start: datetime.date, end: datetime.date) -> str:
    """Return how many days lie from `start` to `end`, and say so if the end comes first."""
    days = (end - start).days
    counted = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return counted if days >= 0 else f"{counted} ({end} is before {start})"


def add_days(date: datetime.date, days: float) -> str:
    """Return the date so many whole days later, in ISO 8601. Raises `ToolError` outside the calendar."""
    if abs(days) > _MOST_DAYS:
        raise ToolError("That many days lead outside the years 1 to 9999.")
    return shifted(date, int(days)).isoformat()


def weekday(date: datetime.date) -> str:
    """Return the date with its day of the week, in English."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{date} is a {names[date.weekday()]}"


def _date(description: str) -> dict[str, Any]:
    text = f"{description}, such as 2023-07-01 or today"
    return {
        "type": "string",
        "description": text,
        "maxLength": MAX_CHARACTERS,
        "pattern": "^[0-9A-Za-z,./ -]+$",
    }


def _parameters(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _today(request: str, tool: Callable[..., str], arguments: dict[str, Any], answer: str) -> Example:
    """Make an example about today, whose result is what the tool says today."""
    try:
        result = tool(**arguments)
    except ToolError as error:  # a clock at the end of the calendar
        result = str(error)
    return Example(request, arguments, result, answer.format(result))


def _until(tool: Callable[..., str], now: Now) -> tuple[Example, ...]:
    """Make examples that count from and to today, within this year."""
    year = now().year
    first, last = f"{year:04}-01-01", f"{year:04}-12-31"
    return (
        _today(
            f"How many days are left until {last}?",
            tool,
            {"start": "today", "end": last},
            f"There are {{}} left until {last}.",
        ),
        _today(
            f"How many days ago was {first}?",
            tool,
            {"start": first, "end": "today"},
            f"{first} was {{}} ago.",
        ),
    )


def _between(request: str, start: str, end: str, result: str, answer: str) -> Example:
    return Example(request, {"start": start, "end": end}, result, answer)


def _add(request: str, date: str, days: int, result: str, answer: str) -> Example:
    return Example(request, {"date": date, "days": days}, result, answer)


def _weekday(request: str, date: str, result: str, answer: str) -> Example:
    return Example(request, {"date": date}, result, answer)


_BETWEEN = (
    _between(
        "How many days is it from 2024-01-15 to 2024-03-01?",
        "2024-01-15",
        "2024-03-01",
        "46 days",
        "It is 46 days from 2024-01-15 to 2024-03-01.",
    ),
    _between(
        "count the days between 3 April 2021 and 19 April 2021",
        "3 April 2021",
        "19 April 2021",
        "16 days",
        "There are 16 days between 3 April 2021 and 19 April 2021.",
    ),
    _between(
        "My lease runs from 2022-09-01 until 2023-08-31. How many days is that?",
        "2022-09-01",
        "2023-08-31",
        "364 days",
        "The lease runs for 364 days.",
    ),
    _between(
        "We left on June 28, 2019 and came back on July 12, 2019. How long were we away?",
        "June 28, 2019",
        "July 12, 2019",
        "14 days",
        "You were away for 14 days.",
    ),
    _between(
        "number of days since 1969-07-20 on 1999-12-31",
        "1969-07-20",
        "1999-12-31",
        "11121 days",
        "On 1999-12-31 it was 11121 days since 1969-07-20.",
    ),
    _between(
        "How far apart are 2020-02-28 and 2020-03-01 in days?",
        "2020-02-28",
        "2020-03-01",
        "2 days",
        "2020-02-28 and 2020-03-01 are 2 days apart.",
    ),
    _between(
        "The course starts on 2025-10-06 and ends on 2025-12-19. How many days does it last?",
        "2025-10-06",
        "2025-12-19",
        "74 days",
        "The course lasts 74 days.",
    ),
)

_ADD = (
    _add(
        "What date is 45 days after 2024-01-20?",
        "2024-01-20",
        45,
        "2024-03-05",
        "45 days after 2024-01-20 is 2024-03-05.",
    ),
    _add(
        "What was the date 10 days before March 3, 2022?",
        "March 3, 2022",
        -10,
        "2022-02-21",
        "10 days before March 3, 2022 was 2022-02-21.",
    ),
    _add(
        "I ordered it on 2023-11-24 and delivery takes 9 days. When will it arrive?",
        "2023-11-24",
        9,
        "2023-12-03",
        "It will arrive on 2023-12-03.",
    ),
    _add(
        "add 100 days to 1 September 2025",
        "1 September 2025",
        100,
        "2025-12-10",
        "100 days after 1 September 2025 is 2025-12-10.",
    ),
    _add(
        "The invoice of 2021-05-18 is due in 30 days. On what day must it be paid?",
        "2021-05-18",
        30,
        "2021-06-17",
        "It must be paid by 2021-06-17.",
    ),
    _add(
        "Which date is two weeks after 2026-02-20?",
        "2026-02-20",
        14,
        "2026-03-06",
        "Two weeks after 2026-02-20 is 2026-03-06.",
    ),
    _add(
        "go back 60 days from 2020-01-31",
        "2020-01-31",
        -60,
        "2019-12-02",
        "60 days before 2020-01-31 is 2019-12-02.",
    ),
)

_WEEKDAY = (
    _weekday(
        "What day of the week was 4 July 1976?",
        "4 July 1976",
        "1976-07-04 is a Sunday",
        "4 July 1976 was a Sunday.",
    ),
    _weekday(
        "On which weekday does 2025-12-25 fall?",
        "2025-12-25",
        "2025-12-25 is a Thursday",
        "2025-12-25 falls on a Thursday.",
    ),
    _weekday(
        "is 2024-02-29 a monday or a tuesday or what?",
        "2024-02-29",
        "2024-02-29 is a Thursday",
        "2024-02-29 is a Thursday.",
    ),
    _weekday(
        "I was born on October 9, 1988. What day was that?",
        "October 9, 1988",
        "1988-10-09 is a Sunday",
        "You were born on a Sunday.",
    ),
    _weekday(
        "weekday of 2000-01-01",
        "2000-01-01",
        "2000-01-01 is a Saturday",
        "2000-01-01 was a Saturday.",
    ),
    _weekday(
        "The meeting is on 17 March 2027. Which day of the week is it?",
        "17 March 2027",
        "2027-03-17 is a Wednesday",
        "The meeting is on a Wednesday.",
    ),
)
