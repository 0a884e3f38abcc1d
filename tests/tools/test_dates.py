import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.date_text import read_date
from tools.dates import date_tools
from tools.registry import ToolError


def now() -> datetime.datetime:
    return datetime.datetime(2024, 2, 28, 23, 59)


TOOLS = {tool.name: tool.run for tool in date_tools(now)}


@pytest.mark.parametrize(
    "written",
    [
        "2023-07-01",
        "2023-7-1",
        " 2023-07-01. ",
        "2023\u201107\u201101",
        "2023/07/01",
        "2023.07.01",
        "2023-07-01T10:30:00Z",
        "July 1, 2023",
        "july 1st 2023",
        "Jul. 1 2023",
        "1 July 2023",
        "1st of July, 2023",
        "the 1st of July 2023",
        "Saturday, July 1, 2023",
        "Sat 1 Jul 2023",
    ],
)
def test_forms_of_one_date(written: str) -> None:
    assert read_date(written, now) == datetime.date(2023, 7, 1)


def test_days_around_today_follow_the_clock() -> None:
    names = ("yesterday", "Today", "now", "tomorrow")
    assert [read_date(name, now).day for name in names] == [27, 28, 28, 29]


def test_a_date_of_which_one_order_is_possible() -> None:
    for written in ("13/07/2023", "07/13/2023"):
        assert read_date(written, now) == datetime.date(2023, 7, 13)
    assert read_date("5.5.2023", now) == datetime.date(2023, 5, 5)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("07/01/2023", "'07/01/2023' may be 2023-07-01 or 2023-01-07: write the one that is meant."),
        ("July 1", "'July 1' has no year: write it as in 2024-07-01."),
        ("2023-02-30", "'2023-02-30' is not in the calendar: day is out of range for month."),
        ("0000-01-01", "'0000-01-01' is not in the calendar: year 0 is out of range."),
        ("Juney 1, 2023", "'Juney 1, 2023' is not a date: write it as 2023-07-01, or today."),
        ("next week", "'next week' is not a date: write it as 2023-07-01, or today."),
        ("1/2/23", "'1/2/23' is not a date: write it as 2023-07-01, or today."),
        ("", "'' is not a date: write it as 2023-07-01, or today."),
        (
            "2023-07-01" * 5,
            "'2023-07-012023-07-012023-07-0…' is not a date: write it as 2023-07-01, or today.",
        ),
        (
            "\u0662\u0660\u0662\u0663-07-01",
            "'\u0662\u0660\u0662\u0663-07-01' is not a date: write it as 2023-07-01, or today.",
        ),
        ("\x1b[31m\x00", "'' is not a date: write it as 2023-07-01, or today."),
    ],
)
def test_errors_say_how_to_write_a_date(written: str, says: str) -> None:
    with pytest.raises(ToolError) as raised:
        read_date(written, now)
    assert str(raised.value) == says


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2023-05-06", "2023-07-01", "56 days"),
        ("2024-02-28", "2024-03-01", "2 days"),
        ("2023-02-28", "2023-03-01", "1 day"),
        ("today", "today", "0 days"),
        ("2023-07-01", "2023-05-06", "56 days (2023-05-06 is before 2023-07-01)"),
        ("0001-01-01", "9999-12-31", "3652058 days"),
    ],
)
def test_days_between(start: str, end: str, says: str) -> None:
    assert TOOLS["days_between"](start=start, end=end) == says


@pytest.mark.parametrize(
    ("date", "days", "says"),
    [
        ("2024-02-28", 2, "2024-03-01"),
        ("tomorrow", -365, "2023-03-01"),
        ("2023-12-31", 1.0, "2024-01-01"),
        ("0001-01-01", 0, "0001-01-01"),
    ],
)
def test_add_days(date: str, days: int, says: str) -> None:
    assert TOOLS["add_days"](date=date, days=days) == says


@pytest.mark.parametrize("days", [3_000_000, -800_000, 10**9, -(10**400)])
def test_days_that_lead_out_of_the_calendar(days: int) -> None:
    with pytest.raises(ToolError, match="outside the years 1 to 9999"):
        TOOLS["add_days"](date="2023-07-01", days=days)


def test_weekday() -> None:
    assert TOOLS["weekday"](date="2023-07-01") == "2023-07-01 is a Saturday"
    assert TOOLS["weekday"](date="today") == "2024-02-28 is a Wednesday"


def test_a_clock_at_the_end_of_the_calendar_gives_tools_all_the_same() -> None:
    tools = date_tools(lambda: datetime.datetime(9999, 12, 31))
    assert tools[2].run(date="today") == "9999-12-31 is a Friday"
    with pytest.raises(ToolError):
        tools[2].run(date="tomorrow")


DATES = st.dates()


@given(DATES, st.integers(-3_652_058, 3_652_058))
def test_adding_and_counting_are_inverse(date: datetime.date, days: int) -> None:
    try:
        later = TOOLS["add_days"](date=str(date), days=days)
    except ToolError:
        assert not 1 <= date.toordinal() + days <= datetime.date.max.toordinal()
        return
    counted = TOOLS["days_between"](start=str(date), end=later)
    assert int(counted.split()[0]) == abs(days)
    assert ("before" in counted) == (days < 0)


@given(DATES)
def test_every_written_form_reads_back(date: datetime.date) -> None:
    name = calendar.month_name[date.month]
    for written in (
        date.isoformat(),
        f"{name} {date.day}, {date.year:04}",
        f"{date.day} {name[:3]} {date.year:04}",
        f"{date.year:04}/{date.month}/{date.day}",
    ):
        assert read_date(written, now) == date
    assert f"is a {date:%A}" in TOOLS["weekday"](date=str(date))


@given(st.text(max_size=60) | st.text(st.sampled_from("0123456789-/. ,stndjulymarof"), max_size=40))
def test_any_text_is_a_date_or_an_error(text: str) -> None:
    try:
        assert isinstance(read_date(text, now), datetime.date)
    except ToolError:
        return
