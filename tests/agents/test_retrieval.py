import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.examples import NO_TOOL, ExampleStore
from agents.retrieval import Bm25, terms
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


@pytest.mark.parametrize(
    ("request_text", "tool"),
    [
        ("What is 347 * 29?", "calculator"),
        ("Convert 5 kilograms to pounds", "convert_units"),
        ("How many days are there between 2023-05-06 and 2023-07-01?", "days_between"),
        ("What day of the week was 3 May 2021?", "weekday"),
        ("What date is 12 days after 2021-05-03?", "add_days"),
        ("Good morning!", NO_TOOL),
        ("zzz qqq", NO_TOOL),
    ],
)
def test_nearest_example_is_last_and_of_the_right_tool(request_text: str, tool: str) -> None:
    assert STORE.nearest(request_text)[-1].tool == tool


def test_a_text_is_nearest_to_itself() -> None:
    texts = ["one fish", "two fish", "red fish", "blue bird"]
    index = Bm25(texts)
    assert [index.nearest(text, 1) for text in texts] == [[0], [1], [2], [3]]


@given(st.text())
def test_any_request_finds_examples(request_text: str) -> None:
    assert len(STORE.nearest(request_text)) == 4
    assert len(Bm25([]).nearest(request_text, 4)) == 0
