import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.suites.item import Expected, Item, Outcome
from slmtui.suites.scorers import refused, score
from slmtui.suites.scorers.dates import dates_in
from slmtui.suites.scorers.numbers import numbers_in

DAYS = ("Monday", "Tuesday", "Sunday")
WEEKDAY = Expected("word", "Sunday", DAYS)
YES = Expected("word", "yes", ("yes", "no"))
LIST = Expected("sequence", "fig, lime, pear", ("fig", "lime", "pear"))
LEMMING = Expected("first", "lemming", ("lemon", "lemming"))
PARIS = Expected("exact", "Paris", ("City of Paris",))
COLOURS = Expected("choice", "B", ("red", "dark red", "green", "A blue one"))


def number(value: float, relative: float = 0.0, *others: str) -> Expected:
    return Expected("number", repr(value), others, relative)


def text(value: str) -> Expected:
    return Expected("text", value)


def scored(answer: str, expected: Expected) -> tuple[bool, bool]:
    result = score(Item("i", "set", "?", expected), Outcome(answer, "ok"))
    return result.strict, result.flexible


@pytest.mark.parametrize(
    ("answer", "expected", "strict", "flexible"),
    [
        ("15% of 240 is 36.", number(36), True, True),
        ("36 is 15% of 240", number(36), False, True),
        ("The total is $1,344.00", number(1344), True, True),
        ("It is -4.", number(-4), True, True),
        ("That is 20-16, or 4", number(4), True, True),
        ("He has three left.", number(3), True, True),
        ("360", number(36), False, False),
        ("3.6", number(36), False, False),
        ("", number(0), False, False),
        ("26.2 miles are 42.16 km", number(42.1648, 2e-3), True, True),
        ("26.2 miles are 42 km", number(42.1648, 2e-3), False, False),
        ("It is 46 days from 2024-01-15 to 2024-03-01.", number(46), True, True),
        ("There are 46 days between 15 January 2024 and March 1, 2024.", number(46), True, True),
        ("2024-01-20 and 45 days make 2024-03-05", Expected("date", "2024-03-05"), True, True),
        ("It is the 5th of March, 2024.", Expected("date", "2024-03-05"), True, True),
        ("March 5th 2024 comes after 2024-01-20", Expected("date", "2024-03-05"), False, True),
        ("It is 2024-02-31.", Expected("date", "2024-03-02"), False, False),
        ("1976-07-04 is a sunday", WEEKDAY, True, True),
        ("A Monday or a Sunday", WEEKDAY, False, True),
        ("Answer: Sunday. It is not Monday", WEEKDAY, True, True),
        ("Answer: Monday. It is not Sunday", WEEKDAY, False, True),
        ("The answer is Sunday, not Monday", WEEKDAY, False, True),
        ("Yes, there is no doubt", YES, True, True),
        ("**Yes**", YES, True, True),
        ("No, not yes", YES, False, True),
        ("No one says yes", YES, False, True),
        ("Yes and no", YES, False, True),
        ("Answer: Yes. There is no doubt.", YES, True, True),
        ("2024/3/5", Expected("date", "2024-03-05"), True, True),
        ("Answer: 2024-03-05, 45 days after 2024-01-20", Expected("date", "2024-03-05"), True, True),
        ("lemming comes before lemon", LEMMING, True, True),
        ("lemon, not lemming", LEMMING, False, True),
        ("From pear, fig and lime: fig, lime, pear.", LIST, True, True),
        ("fig, lime, pear. That was pear", LIST, False, True),
        ("pear, fig, lime", LIST, False, False),
        ("The caretaker is ulla\nBrandt.", text("Ulla Brandt"), True, True),
        ("Abelard", text("Abel"), False, False),
        ("A library has books.", text("book"), True, True),
        ("The code is 5,518.", text("5518"), True, True),
    ],
)
def test_answers_are_compared_by_their_kind(
    answer: str, expected: Expected, strict: bool, flexible: bool
) -> None:
    assert scored(answer, expected) == (strict, flexible)


@pytest.mark.parametrize(
    ("answer", "expected", "strict", "flexible"),
    [
        ("She has 5 and 7.\n#### 12\nThat leaves 3.", number(12), True, True),
        ("#### $1,200", number(1200), True, True),
        (r"So \boxed{36 \text{ m}^2} in 2 fields.", number(36), True, True),
        (r"so \(\boxed{1{,}344}\)", number(1344), True, True),
        ("The answer is **36**. There were 240.", number(36), True, True),
        ("The answer is $36, for 2 of them.", number(36), True, True),
        ("The answer is 20 + 16 = 36", number(36), True, True),
        ("The answer is 15% of 240, which is 36", number(36), True, True),
        ("To find the answer: 16 eggs less 3 leave 13", number(13), True, True),
        ("So the final answer: 36 of 40", number(36), True, True),
        ("The answer to 3 of them: 12 is 36", number(36), True, True),
        ("The answer is not known. 36", number(36), True, True),
        ("**Answer:** 36\n\nThere are 2 of them", number(36), True, True),
        ("Answer: 25", number(5), False, False),
        ("-$4", number(-4), True, True),
        ("It is €3.50", number(3.5), True, True),
        ("It is .5", number(0.5), True, True),
        ("6.02e23 of them", number(6.02e23), True, True),
        ("It rose by 12.5%", number(12.5), True, True),
        ("It rose by 12.5 %", number(0.125), True, True),
        ("It rose by 0.125", number(12.5), False, False),
        ("12,600,000", number(12.6, 0.0, "12600000"), True, True),
        ("about 10.4", Expected("number", "10", absolute=0.5), True, True),
        ("about 10.6", Expected("number", "10", absolute=0.5), False, False),
    ],
)
def test_what_a_number_comes_to(answer: str, expected: Expected, strict: bool, flexible: bool) -> None:
    assert scored(answer, expected) == (strict, flexible)


@pytest.mark.parametrize(
    ("answer", "expected", "strict", "flexible"),
    [
        # Fractions are read whole, and flexibly each of their parts counts.
        ("1/2", number(0.5), True, True),
        ("The answer is 1/2", number(2), False, True),
        (r"\boxed{\frac{1}{2}}", number(0.5), True, True),
        (r"\boxed{\frac{1}{2}}", number(1), False, True),
        ("It takes 3 1/2 hours", number(3.5), True, True),
        ("It takes 3½ hours", number(3.5), True, True),
        ("12 / 4 = 3", number(3), True, True),
        ("on 3/5/2024", number(3 / 5), False, False),
        ("1/0", number(1), True, True),
        # Commas and points as they are written elsewhere.
        ("12,5", number(12.5), True, True),
        ("12,5", number(5), False, True),
        ("12,5", number(125), False, False),
        ("1.234,50 €", number(1234.5), True, True),
        ("1.234.567", number(1234567), True, True),
        ("The answer is 1 234", number(1234), True, True),
        ("The answer is 1 234", number(1), False, True),
        ("1\u202f234\u202f567 people", number(1234567), True, True),
        ("1,234", number(234), False, False),
        ("1,2,3 and 4", number(4), True, True),
        ("1,2,3 and 4", number(1), False, True),
        # Signs that stand apart, and other dashes.
        ("The answer is - 5", number(-5), True, True),
        ("x = -5", number(-5), True, True),
        ("The answer is –5", number(-5), True, True),
        ("It is minus 5 degrees", number(-5), True, True),
        ("15 minus 5", number(5), True, True),
        ("- 5 apples", number(5), True, True),
        ("pages 3–5", number(5), True, True),
        # Numbers in words, whole.
        ("twenty-five", number(25), True, True),
        ("twenty-five", number(5), False, False),
        ("one hundred and two", number(102), True, True),
        ("one hundred", number(1), False, False),
        ("two thousand, three hundred and four", number(2304), True, True),
        ("a million", number(1e6), True, True),
        ("negative five", number(-5), True, True),
        ("one, two and three", number(2), False, True),
        ("There are 3 steps. The answer is twelve.", number(12), True, True),
        ("The answer is one that 36 gives", number(36), True, True),
        # Powers, scales and per cent.
        ("1.5 × 10^3", number(1500), True, True),
        (r"1.5 \times 10^{-3}", number(0.0015), True, True),
        ("about 1.2 million", number(1.2e6), True, True),
        ("about 1.2 million", number(1.2), True, True),
        ("50 percent", number(0.5), True, True),
        # What stands before the number, and after it.
        ("The answer is 12.5 (rounded 13)", number(12.5), True, True),
        ("The answer is 12.5 (rounded 13)", number(13), False, True),
        ("12.5 (rounded 13)", number(12.5), False, True),
        ("The answer is 12 or 13.", number(12), False, True),
        ("The answer is 12 or 13.", number(13), False, True),
        ("$1,234.50.", number(1234.5), True, True),
        ("The answer is about 12, since 3 of 4", number(12), True, True),
        ("Answer (in dollars): 12\nfor 3 of them", number(12), True, True),
        ("Ans: 12\nWe used 3", number(12), True, True),
        ("<final_answer>12</final_answer> of 3", number(12), True, True),
        (r"\boxed{3 \cdot 4 = 12} for 7", number(12), True, True),
        ("12\n\nExplanation: 3 boxes of 4", number(12), True, True),
        ("**12**\n\nExplanation: 3 boxes of 4", number(12), True, True),
        ("12 apples in 3 boxes", number(12), False, True),
        ("5\n+ 7\n= 12", number(12), True, True),
        ("Answer: 12\n\nExplanation: 3 boxes of 4", number(12), True, True),
        # A heading of Markdown is no answer of GSM8K.
        ("#### Step 1\nadd 3\n#### Step 2\nso 12", number(12), True, True),
        ("#### 1. Add\n3 + 9\n#### 2. Write\nit is 12", number(12), True, True),
        ("#### 12 apples #### 13", number(13), True, True),
        ("```\nprint(12)\n```", number(12), True, True),
        ("It is not known", number(0), False, False),
    ],
)
def test_numbers_as_small_models_write_them(
    answer: str, expected: Expected, strict: bool, flexible: bool
) -> None:
    assert scored(answer, expected) == (strict, flexible)


@given(st.integers(0, 10**9 - 1), st.booleans())
def test_numbers_in_words_are_read_whole(value: int, hyphens: bool) -> None:
    words = spelled(value)
    assert numbers_in(words if hyphens else words.replace("-", " ")) == [value]


def spelled(value: int) -> str:
    """Write a number in words, by another rule than it is read."""
    small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]  # fmt: skip
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = f" {spelled(value % size)}" if value % size else ""
            return f"{spelled(value // size)} {name}{rest}"
    if value < 20:
        return small[value]
    return tens[value // 10 - 2] + (f"-{small[value % 10]}" if value % 10 else "")


def test_what_an_answer_was_read_as_is_kept() -> None:
    result = score(Item("i", "set", "?", number(36)), Outcome("It is $1,344.00, or so", "ok"))
    assert result.extracted == "1,344.00"
    assert score(Item("i", "set", "?", PARIS), Outcome("Answer: **Paris**", "ok")).extracted == "Paris"


@given(
    st.integers(-(10**9), 10**9), st.sampled_from(["{}", "{:,}", "It is {}.", "So **{:,}** in all", "${:,}"])
)
def test_a_whole_number_is_found_however_it_is_written(value: int, writing: str) -> None:
    assert numbers_in(writing.format(value)) in ([value], [abs(value)] if writing == "${:,}" else [])
    assert scored(writing.format(abs(value)), number(abs(value))) == (True, True)


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 4)))
def test_a_decimal_number_is_found(value: float) -> None:
    assert numbers_in(f"between: {value:.4f}!") == [value]


@given(st.lists(st.integers(0, 99_999), min_size=1, max_size=6))
def test_the_numbers_of_a_list_are_found_in_order(values: list[int]) -> None:
    assert numbers_in(", ".join(map(str, values))) == values


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_another_number_is_never_right(value: int, other: int) -> None:
    assert scored(f"The answer is {other}", number(value)) == (value == other, value == other)


@given(st.text(max_size=80), st.sampled_from([number(3), WEEKDAY, LEMMING, LIST, COLOURS, text("a")]))
def test_what_is_strictly_right_is_flexibly_right(answer: str, expected: Expected) -> None:
    strict, flexible = scored(answer, expected)
    assert flexible or not strict


@pytest.mark.parametrize(
    "answer",
    [
        "1" * 5_000, ",".join(["123"] * 5_000), "answer " * 2_000, "$-" * 5_000, "123 " * 5_000, "1/" * 5_000,
        "Answer: " + "* _" * 5_000, " " * 20_000 + "x", "#### " * 3_000, r"\boxed{" * 3_000,
        "one hundred " * 2_000, "the answer (" * 2_000, "<answer>" * 3_000, "=\n" * 5_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("expected", [number(-1), Expected("choice", "B", ("fig", "lime")), PARIS, YES])
def test_long_answers_are_read_in_linear_time(answer: str, expected: Expected) -> None:
    assert scored(answer, expected) == (False, False)


def test_dates_are_found_as_they_are_written() -> None:
    assert [str(day) for day in dates_in("2024-1-5, 6 Feb 2024, Mar. 7th, 2024 and 31 April 2024")] == [
        "2024-01-05",
        "2024-02-06",
        "2024-03-07",
    ]


@pytest.mark.parametrize(
    ("answer", "strict", "flexible"),
    [
        ("B", True, True),
        ("(B)", True, True),
        ("B.", True, True),
        ("**B) dark red**", True, True),
        ("It is dark, so not A.\n\nAnswer: B", True, True),
        ("The correct answer is option (B) because of C.", True, True),
        ("the answer is b.", True, True),
        (r"\boxed{B}", True, True),
        ("I think of red first, but choose B", True, True),
        ("It can only be (B)", True, True),
        ("It looks dark red to me", False, True),
        ("Of these, B looks best", False, True),
        ("red, or dark red", False, True),
        ("A. red", False, False),
        ("Answer: C, not B", False, False),
        ("The answer is a dark one", False, False),
        ("A or B", False, False),
        ("B. dark red\nC. green", False, False),
        ("b", True, True),
        ("b) dark red", True, True),
        ("B - dark red", True, True),
        ("B dark red", True, True),
        ("A dark red", False, True),
        ("B dark red ones, I think", False, True),
        ("Option B", True, True),
        ("Option B is correct.", True, True),
        ("B is the correct answer, since A is not.", True, True),
        ("Option B is not correct", False, True),
        ("Neither A nor B is correct", False, True),
        ("I'd go with B.", True, True),
        ("I wouldn't go with B.", False, True),
        ("Therefore, B.", True, True),
        ("My answer would be B", True, True),
        ("Answer - B", True, True),
        ("Answer: <B>", True, True),
        ("<answer>B</answer>", True, True),
        (r"\boxed{B) dark red}", True, True),
        ("Answer: Letter B", True, True),
        ("Answer: B or C", False, False),
        ("Answer: B, C", False, False),
        ("Answer: B and A is wrong", True, True),
        ("Answer: A\nWait, no. Answer: B", True, True),
        ("Answer: dark red", False, True),
        ("", False, False),
    ],
)
def test_an_option_is_given_by_its_letter(answer: str, strict: bool, flexible: bool) -> None:
    assert scored(answer, COLOURS) == (strict, flexible)


@pytest.mark.parametrize(
    ("answer", "expected", "strict", "flexible"),
    [
        ("  paris. ", PARIS, True, True),
        ("The city of  Paris!", PARIS, True, True),
        ('"Paris"', PARIS, True, True),
        ("The answer is Paris.", PARIS, True, True),
        ("It is Paris, in France", PARIS, False, True),
        ("Parisian", PARIS, False, False),
        ("A", Expected("exact", "A"), True, True),
        ("B", Expected("exact", "A"), False, False),
        ("The answer is: Paris!", PARIS, True, True),
        ("<answer>Paris</answer>", PARIS, True, True),
        ("Answer:\nParis\n\nIt is the capital.", PARIS, True, True),
        ("Answer: Paris\nAnswer: Rome", PARIS, False, True),
        ("the Seine flows here", Expected("contains", "seine"), True, True),
        ("Seinemaritime", Expected("contains", "seine"), False, True),
        ("the Rhine", Expected("contains", "seine", ("rhine",)), True, True),
        ("the Rhone", Expected("contains", "seine", ("rhine",)), False, False),
    ],
)
def test_texts_are_compared_but_for_what_does_not_matter(
    answer: str, expected: Expected, strict: bool, flexible: bool
) -> None:
    assert scored(answer, expected) == (strict, flexible)


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I\u2019m unable to do this",
        "**Sorry**, no.",
        "As an AI, I have no view.",
        "Unfortunately, this cannot be known",
    ],
)
def test_refusals_are_known_by_how_they_begin(answer: str) -> None:
    assert refused(answer)


@pytest.mark.parametrize(
    "answer", ["", "It is 36. Sorry for the wait", "I can do that: 4", "Sorrycity has 4"]
)
def test_other_answers_are_no_refusals(answer: str) -> None:
    assert not refused(answer)
