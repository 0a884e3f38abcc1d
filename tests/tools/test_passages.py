import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.passages import MARK, MAX_CHARACTERS, UNMARK, Passage, excerpt, passages
from tools.plain_text import plain


def test_sections_know_their_line_and_heading() -> None:
    text = "Intro.\n\n# One\n\nFirst.\nSecond.\n\nThird.\n## Empty\n## Two ##\nLast.\n#hashtag\n# Bare"
    assert list(passages(text)) == [
        Passage(1, "", "Intro."),
        Passage(5, "One", "First.\nSecond.\n\nThird."),
        Passage(9, "", "Empty"),
        Passage(11, "Two", "Last.\n#hashtag"),
        Passage(13, "", "Bare"),
    ]


def test_long_sections_are_cut_between_lines_and_long_lines_within() -> None:
    lines = ["x" * 250, "y" * 250, "z" * 250]
    assert [(p.line, len(p.text)) for p in passages("\n".join(lines))] == [(1, 501), (3, 250)]
    assert [(p.line, len(p.text)) for p in passages("\n" + "w" * 3000)] == [(2, 1200), (2, 1200), (2, 600)]


@given(st.text(st.sampled_from("ab #\n.-"), max_size=300) | st.text().map(plain))
def test_nothing_of_a_note_is_lost(text: str) -> None:
    found = list(passages(text))
    lines = text.split("\n")
    for passage in found:
        assert 0 < len(passage.text) <= 2 * MAX_CHARACTERS
        assert passage.text.split("\n")[0].strip() in lines[passage.line - 1]
    kept = " ".join(f"{passage.heading} {passage.text}" for passage in found)
    assert set(kept.replace("#", " ").split()) == set(text.replace("#", " ").split())


def marked(text: str) -> str:
    return text.replace("<", MARK).replace(">", UNMARK)


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("Car on 2 May.\n<Dentist> on 14 May.\nTax on 1 June.", 1, "Dentist on 14 May."),
        ("- milk\n- <oat> flakes\n- rice", 1, "- oat flakes"),
        ("<tea> once\n<green> <tea> twice", 1, "green tea twice"),
        (
            "This paragraph was broken by hand where it grew too long, and\nits <word> stands in the middle"
            " of a sentence that goes on\nuntil here.\nNext one.",
            1,
            "This paragraph was broken by hand where it grew too long, and its word stands in the middle of a"
            " sentence that goes on until here.",
        ),
        ("no mark here\n\nnor here", 0, "no mark here nor here"),
        ("", 0, ""),
    ],
)
def test_excerpt_is_the_sentence_or_item(text: str, line: int, shown: str) -> None:
    assert excerpt(marked(text)) == (line, shown)


def test_a_long_line_is_cut_around_what_was_found() -> None:
    line, shown = excerpt(marked("a " * 400 + "<needle> " + "b " * 400))
    assert line == 0
    assert shown.startswith("…a a")
    assert shown.endswith("b b…")
    assert 0 < shown.index("needle") < 120
    assert len(shown) <= 302
