import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.analogy import MOST_NUMBERS, Analogies, Solved
from agents.number_roles import likeness, quantities
from agents.problem_words import problem_terms, read_problem
from agents.word_problems import analogies
from tools.calculator import calculate

LEFT = Solved("Ada had 9 pens and lost 4 of them. How many pens are left?", "9 - 4")
EACH = Solved("There are 6 bags with 5 nuts in each bag. How many nuts are there?", "6 * 5")


def test_a_problem_is_split_into_what_is_told_and_what_is_asked() -> None:
    problem = read_problem("If Bo has 3 cats, how many cats and dogs has Bo? She has 2 dogs.")
    assert problem.question[:3] == ("how", "many", "cats")
    assert problem.asked == "cat"
    assert "dogs" in problem.told
    assert read_problem("How much money did he spend?").asked == "$"
    assert read_problem("").question == ()


def test_problems_about_other_things_are_alike() -> None:
    other = "Eve had 31 boats and lost 8 of them. How many boats are left?"
    assert problem_terms(other) == problem_terms(LEFT.request)
    assert problem_terms(other) != problem_terms(EACH.request)


def test_numbers_of_what_is_asked_for_are_known() -> None:
    cats, dogs = quantities("There are 8 cats and 3 dogs. How many cats are there?")
    assert "asked" in cats.roles
    assert "asked" not in dogs.roles
    assert likeness(cats, cats) > likeness(cats, dogs) > 0


def test_an_expression_is_taken_over_with_the_numbers_of_the_request() -> None:
    found = Analogies([LEFT, EACH]).drafts("Ira had 50 cups and lost 12 of them. How many cups are left?")
    assert found[0].expression == "50 - 12"
    assert {draft.expression for draft in found} == {"50 - 12", "50 * 12"}
    assert sum(draft.share for draft in found) == pytest.approx(1)


def test_each_number_goes_where_one_of_its_role_stood() -> None:
    solved = Solved("Ed has 9 red pens and 4 blue hats. How many pens has Ed if he loses 2 pens?", "9 - 2")
    request = "Ed has 7 blue hats and 30 red pens. How many pens has Ed if he loses 5 pens?"
    assert Analogies([solved]).drafts(request)[0].expression == "30 - 5"


def test_what_makes_no_sense_is_not_drafted() -> None:
    shares = Solved("How many of 8 sweets does each of 4 children get?", "8 / 4")
    request = "How many of 9 sweets does each of 4 children get?"
    assert [draft.expression for draft in Analogies([shares]).drafts(request)] == []
    money = "How many of 9.5 sweets does each of 4 children get?"
    assert "9.5 / 4" in [draft.expression for draft in Analogies([shares]).drafts(money)]


def test_sums_and_products_are_written_once() -> None:
    drafts = Analogies([EACH]).drafts("There are 3 bags with 8 nuts in each bag. How many nuts are there?")
    assert [draft.expression for draft in drafts] == ["3 * 8"]


def test_a_constant_stays() -> None:
    percent = Solved("What is 8 of 40 in percent?", "8 / 40 * 100")
    assert Analogies([percent]).drafts("What is 5 of 50 in percent?")[0].expression == "5 / 50 * 100"


@pytest.mark.parametrize(
    "request_text", ["Hello", "Is it 0?", " ".join(map(str, range(1, MOST_NUMBERS + 2)))]
)
def test_no_drafts_without_numbers_or_with_too_many(request_text: str) -> None:
    assert analogies().drafts(request_text) == []


@given(st.text(alphabet="0123456789.,$% abhowmny?") | st.text())
def test_any_request_gets_drafts_that_compute(request_text: str) -> None:
    for draft in analogies().drafts(request_text)[:20]:
        assert not calculate(draft.expression).startswith("-")
