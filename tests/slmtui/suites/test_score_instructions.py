from typing import Any

import pytest

from slmtui.suites.item import Expected, Instruction, Item, Outcome, Score
from slmtui.suites.scorers import score
from slmtui.suites.scorers.instruction_checks import CHECKS, sentences_in
from slmtui.suites.suite import SuiteError

CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("keywords:existence", {"keywords": ["fig", "lime"]}, "A Fig and a lime.", "A fig."),
    ("keywords:frequency", {"keyword": "fig", "relation": "at least", "frequency": 2}, "fig, fig", "fig"),
    ("keywords:frequency", {"keyword": "fig", "relation": "less than", "frequency": 2}, "fig", "fig, Fig"),
    (
        "keywords:letter_frequency",
        {"letter": "A", "let_relation": "at least", "let_frequency": 3},
        "banana",
        "bana",
    ),
    ("keywords:forbidden_words", {"forbidden_words": ["fig"]}, "figure", "a Fig."),
    ("length_constraints:number_words", {"relation": "at least", "num_words": 3}, "it's so", "so it"),
    (
        "length_constraints:number_sentences",
        {"relation": "less than", "num_sentences": 3},
        "A. Is it? No",
        "No. No. No.",
    ),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One\n***\nTwo", "One\n***\n***\nTwo"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "***\nOne\n***\nTwo\n***", "One"),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "then"},
        'First\n\n"Then, it was',
        "First\n\nAnd then",
    ),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "[name] and [place]", "[name]"),
    (
        "detectable_content:postscript",
        {"postscript_marker": "P.S."},
        "Bye\nP. S. And more",
        "Bye\nPS and more",
    ),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "p.p.s more", "p.s. more"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* one\n  - two", "* one\n**two**"),
    (
        "detectable_format:number_highlighted_sections",
        {"num_highlights": 2},
        "*one* and **two**",
        "*one* and ** **",
    ),
    (
        "detectable_format:multiple_sections",
        {"section_spliter": "SECTION", "num_sections": 2},
        "SECTION 1\na\nSECTION 2\nb",
        "SECTION 1\na\nSection 2",
    ),
    ("detectable_format:json_format", {}, '```json\n{"a": [1]}\n```', "{'a': 1}"),
    ("detectable_format:title", {}, "<<A fig>>\nIt", "<< >>"),
    ("detectable_format:constrained_response", {}, "My answer is maybe.", "Maybe."),
    ("change_case:english_lowercase", {}, "all small, 1.", "All small"),
    ("change_case:english_capital", {}, "ALL BIG", "ALL big"),
    (
        "change_case:capital_word_frequency",
        {"capital_relation": "less than", "capital_frequency": 2},
        "the USA is",
        "the USA and the UK",
    ),
    ("punctuation:no_comma", {}, "one and two", "one, two"),
    ("startend:quotation", {}, ' "all of it" ', '"some" of it'),
    ("startend:end_checker", {"end_phrase": "That is all."}, 'So. "that is all."', "That is all. Bye"),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Say hi."}, "say hi. Hi!", "Hi! Say hi."),
    ("combination:two_responses", {}, "one\n******\ntwo", "one\n******\none"),
]


def scored(answer: str, *instructions: Instruction) -> Score:
    item = Item("i", "set", "?", Expected("instructions", instructions=instructions))
    return score(item, Outcome(answer, "ok"))


@pytest.mark.parametrize(("name", "parameters", "good", "bad"), CASES)
def test_instructions_are_checked(name: str, parameters: dict[str, Any], good: str, bad: str) -> None:
    assert scored(good, Instruction(name, parameters)) == Score(True, True)
    assert scored(bad, Instruction(name, parameters)) == Score(False, False, f"not followed: {name}")


def test_every_check_has_a_case() -> None:
    assert {name for name, *_ in CASES} == set(CHECKS)


COMMAS = Instruction("punctuation:no_comma")
SMALL = Instruction("change_case:english_lowercase")
BULLETS = Instruction("detectable_format:number_bullet_lists", {"num_bullets": 1})


def test_all_are_to_be_followed_and_those_that_are_not_are_named() -> None:
    assert (
        scored("One, two", COMMAS, SMALL).extracted
        == "not followed: punctuation:no_comma, change_case:english_lowercase"
    )
    assert not scored("One two", COMMAS, SMALL).flexible
    assert scored("one two", COMMAS, SMALL).strict


@pytest.mark.parametrize(
    "answer", ["Sure, here it is:\none two", "one two\nSo, enjoy", "Sure, so:\none two\nWell, bye"]
)
def test_loosely_the_first_and_last_lines_do_not_count(answer: str) -> None:
    assert scored(answer, COMMAS, SMALL) == Score(False, True, scored(answer, COMMAS, SMALL).extracted)


def test_loosely_asterisks_do_not_count() -> None:
    title = Instruction("startend:quotation")
    result = scored('**"all of it"**', title)
    assert (result.strict, result.flexible) == (False, True)


def test_an_empty_answer_follows_nothing() -> None:
    assert not scored(" \n", COMMAS).flexible


@pytest.mark.parametrize(
    ("instruction", "why"),
    [
        (Instruction("language:klingon"), "no instruction 'language:klingon'; known are: change_case"),
        (Instruction("keywords:existence"), "keywords:existence lacks 'keywords'"),
        (
            Instruction("keywords:frequency", {"keyword": "a", "relation": "about", "frequency": 2}),
            "'about' is neither",
        ),
        (Instruction("keywords:existence", {"keywords": 3}), "wrong type"),
    ],
)
def test_instructions_that_cannot_be_checked_are_told_of(instruction: Instruction, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        scored("An answer", instruction)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One", 1),
        ("One. Two", 2),
        ('He said "No!" Then he left...', 2),
        ("Dr. Smith and J. Smith, e.g. here, pay 3.5 euros.", 1),
        ("Really?! Yes.", 2),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert sentences_in(text) == count
