import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.examples import NO_TOOL, ExampleStore
from agents.retrieval import Bm25, terms, terms_and_surface
from tools.toolbox import standard_tools

STORE = ExampleStore(standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 347 * 29?", "What is 5 x 1,200?"),
        ("12 times 7", "3 × 4"),
        ("days since 2023-05-06", "days since July 1, 2023"),
        ("Apples and pears", "apple and pear"),
        ("on 3 May 2021", "on 2021-05-03"),
    ],
)
def test_requests_that_differ_only_in_their_values_are_alike(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_what_a_request_holds_is_added_to_its_words() -> None:
    one, other = terms_and_surface("Open 2 of a.txt"), terms_and_surface("Open 2 of it")
    assert set(one) - set(other) == {"a", "txt", "#files=1"}
    assert terms("Open 2 of it") == other[: len(terms("Open 2 of it"))]


@pytest.mark.parametrize("similar", [False, True])
@pytest.mark.parametrize(
    ("request_text", "tool"),
    [
        ("What is 347 * 29?", "calculator"),
        ("Convert 5 kilograms to pounds", "convert_units"),
        ("How many days are there between 2023-05-06 and 2023-07-01?", "days_between"),
        ("What day of the week was 3 May 2021?", "weekday"),
        ("What date is 12 days after 2021-05-03?", "add_days"),
        ("Good morning!", NO_TOOL),
    ],
)
def test_nearest_example_is_last_and_of_the_right_tool(request_text: str, tool: str, similar: bool) -> None:
    assert STORE.nearest(request_text, similar=similar)[-1].tool == tool


def test_two_dates_count_for_more_than_words_do() -> None:
    request = "Our boat trip started 5 May 2020 and was over by 9 June 2020."
    assert {example.tool for example in STORE.nearest(request)} == {"days_between"}
    assert {example.tool for example in STORE.nearest(request, similar=False)} != {"days_between"}


def test_a_word_problem_is_shown_problems_of_its_structure() -> None:
    request = "Zelda put 91 acorns into 7 jars, the same number in each. How many acorns are in each jar?"
    shown = STORE.nearest(request)
    assert [example.tool for example in shown] == ["calculator"] * 4
    assert all("/" in example.arguments["expression"] for example in shown[-2:])
    assert all(example.answer == f"The answer is {example.result}." for example in shown)
    assert shown != STORE.nearest(request, similar=False)


def test_a_written_sum_is_not_taken_for_a_word_problem() -> None:
    assert "calculate (1,250 + 375) / 5" in [e.request for e in STORE.nearest("Please compute 21 * 35 + 4")]


def test_a_store_without_the_calculator_has_no_word_problems() -> None:
    tools = standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None)
    store = ExampleStore(tool for tool in tools if tool.name == "weekday")
    request = "How many apples are left today of 9 after 4 are eaten?"
    assert {example.tool for example in store.nearest(request, 50)} == {"weekday", NO_TOOL}


def test_no_example_is_of_a_tool_that_the_request_cannot_be_for() -> None:
    request = "Write something about the week"
    dated = {"weekday", "add_days", "days_between"}
    assert not dated & {example.tool for example in STORE.nearest(request, 20)}
    assert dated & {example.tool for example in STORE.nearest(request, 20, similar=False)}


def test_a_text_is_nearest_to_itself() -> None:
    texts = ["one fish", "two fish", "red fish", "blue bird"]
    index = Bm25(texts)
    assert [index.nearest(text, 1) for text in texts] == [[0], [1], [2], [3]]


@given(st.text(), st.booleans(), st.integers(0, 9))
def test_any_request_finds_as_many_examples_as_asked_for(
    request_text: str, similar: bool, count: int
) -> None:
    assert len(STORE.nearest(request_text, count, similar=similar)) == count
    assert len(Bm25([]).nearest(request_text, 4)) == 0
