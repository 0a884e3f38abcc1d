import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.arguments import complaint
from tools.registry import Tool, ToolError
from tools.text_clusters import MAX_TEXT, bounded, clusters
from tools.text_compare import COMPARE_TEXTS, compare_texts
from tools.text_count import count_text
from tools.text_sort import sort_list
from tools.text_spell import spell_text
from tools.text_tools import TEXT_TOOLS

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1f5\U0001f1f9"


@pytest.mark.parametrize("tool", TEXT_TOOLS, ids=lambda tool: tool.name)
def test_the_examples_are_what_the_tool_returns(tool: Tool) -> None:
    assert 8 <= len(tool.examples) <= 14
    for example in tool.examples:
        assert complaint(example.arguments, tool.parameters) is None
        assert tool.run(**example.arguments) == example.result
        assert example.result.lower() in example.answer.lower()


@pytest.mark.parametrize(
    ("text", "what", "of", "count"),
    [
        ("strawberry", "occurrences", "r", "3"),
        ("Alabama", "occurrences", "a", "4"),
        ("aaaa", "occurrences", "aa", "2"),
        ("the cat there", "occurrences", "the", "2, of which 1 as a word of its own"),
        ("The end. the end", "occurrences", "the", "2"),
        ("a-b-c", "occurrences", "-", "2"),
        ("nothing", "occurrences", "zz", "0"),
        ("e\u0301te\u0301 ete", "occurrences", "\xe9", "2"),
        ("e\u0301te\u0301 ete", "occurrences", "e", "2"),
        ("STRASSE", "occurrences", "\xdf", "1"),
        (f"{FAMILY}{FLAG}e\u0301", "characters", "", "3"),
        (f"{FAMILY}{FLAG}e\u0301", "letters", "", "1"),
        ("\u0639\u0631\u0628\u064a", "letters", "", "4"),
        ("a1 b2", "letters", "", "2"),
        ("well - it's 3 o'clock \u2014 now", "words", "", "5"),
        ("", "words", "", "0"),
        ("", "characters", "", "0"),
        ("", "lines", "", "0"),
        ("one\r\ntwo\rthree\n", "lines", "", "3"),
        ("a\x0bb\u2028c", "lines", "", "1"),
        ("\n\n", "lines", "", "2"),
    ],
)  # fmt: skip
def test_counts(text: str, what: str, of: str, count: str) -> None:
    assert count_text(text, what, of) == count


def test_what_cannot_be_counted_is_told() -> None:
    with pytest.raises(ToolError, match="Say in of what to look for"):
        count_text("abc", "occurrences")
    with pytest.raises(ToolError, match="of is only for counting occurrences"):
        count_text("abc", "words", "b")
    with pytest.raises(ToolError, match="of is too long"):
        count_text("abc", "occurrences", "b" * 61)


@given(st.text(st.sampled_from("abAB \xe9")), st.sampled_from("ab"))
def test_a_letter_is_counted_as_python_counts_it(text: str, letter: str) -> None:
    assert count_text(text, "occurrences", letter) == str(text.lower().count(letter))


@pytest.mark.parametrize(
    ("items", "order", "result"),
    [
        ("b, a, C", "alphabetical", "a, b, C"),
        ("\xc9mile, Zoe, emil, Eve", "alphabetical", "emil, \xc9mile, Eve, Zoe"),
        ("b, a, C", "reverse alphabetical", "C, b, a"),
        ("10, 9, 100", "alphabetical", "10, 100, 9"),
        ("10, 9, 100", "numeric ascending", "9, 10, 100"),
        ("10,9,100,200", "numeric descending", "200, 100, 10, 9"),
        ("100,200,50", "numeric ascending", "50, 100, 200"),
        ("$1,200, $950", "numeric ascending", "$950, $1,200"),
        ("-3, \u22124, 0.5, -3.5", "numeric ascending", "\u22124, -3.5, -3, 0.5"),
        ("two words; a, b; c", "alphabetical", "a, b; c; two words"),
        ("b\n a \n\nc", "alphabetical", "a\nb\nc"),
        ("pears, apples, and plums", "alphabetical", "apples, pears, plums"),
        ("salt and pepper, oil", "alphabetical", "oil, salt and pepper"),
        ("x 2, y 1, z 2", "numeric descending", "x 2, z 2, y 1"),
        (f"abc, {FAMILY}, de", "by length", f"{FAMILY}, de, abc"),
        ("one", "alphabetical", "one"),
        (",,a,,", "alphabetical", "a"),
    ],
)  # fmt: skip
def test_sorts(items: str, order: str, result: str) -> None:
    assert sort_list(items, order) == result


def test_what_cannot_be_sorted_is_told() -> None:
    for nothing in ("", " , ,", "\n"):
        with pytest.raises(ToolError, match="There is nothing to sort"):
            sort_list(nothing, "alphabetical")
    with pytest.raises(ToolError, match="'pear' has no number to sort by"):
        sort_list("3, pear", "numeric ascending")
    with pytest.raises(ToolError, match="too many items"):
        sort_list("a," * 20_000, "alphabetical")
    with pytest.raises(ToolError, match="too long"):
        sort_list("a" * (MAX_TEXT + 1), "by length")


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20))
def test_numbers_are_sorted_as_numbers(numbers: list[int]) -> None:
    result = sort_list("\n".join(map(str, numbers)), "numeric ascending")
    assert [int(item) for item in result.split("\n")] == sorted(numbers)


@pytest.mark.parametrize(
    ("first", "second", "what", "result"),
    [
        ("e\u0301", "\xe9", "equal", "yes, they are the same"),
        ("a b", "a  b", "equal", "no, they differ in spaces only"),
        ("A", "a", "equal", "no, they differ in capital letters only"),
        ("", "", "equal", "yes, they are the same"),
        ("ab", "abc", "first difference", "character 3: nothing in the first, 'c' in the second"),
        ("ab", "a b", "first difference", "character 2: 'b' in the first, a space in the second"),
        ("a\r\nb", "a\tb", "first difference", "character 2: a line break in the first, a tab in the second"),
        (f"{FAMILY}x", f"{FAMILY}y", "first difference", "character 2: 'x' in the first, 'y' in the second"),
        ("same", "same", "first difference", "none, they are the same"),
        ("ab", "cd", "longer", "neither, both have 2 characters"),
        (FAMILY, "ab", "longer", "'ab', with 2 characters against 1"),
        ("z" * 900, "a", "longer", f"'{'z' * 39}\u2026', with 900 characters against 1"),
        ("zoo", "\xc4pfel", "alphabetically first", "'\xc4pfel' comes before 'zoo'"),
        ("b", "B", "alphabetically first", "'B' comes before 'b'"),
        ("x", "x", "alphabetically first", "neither, they are the same"),
    ],
)  # fmt: skip
def test_compares(first: str, second: str, what: str, result: str) -> None:
    assert compare_texts(first, second, what) == result


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparisons_agree_with_each_other(first: str, second: str) -> None:
    same = compare_texts(first, second, "equal") == "yes, they are the same"
    for what in COMPARE_TEXTS.parameters["properties"]["what"]["enum"][1::2]:
        assert ("they are the same" in compare_texts(first, second, what)) == same
    assert compare_texts(second, first, "alphabetically first") == compare_texts(
        first, second, "alphabetically first"
    )


@pytest.mark.parametrize(
    ("text", "direction", "result"),
    [
        ("cat", "forwards", "c-a-t"),
        ("ab cd", "backwards", "dc ba"),
        (f"ab{FAMILY}e\u0301", "backwards", f"\xe9{FAMILY}ba"),
        ("  a\n b ", "forwards", "a- -b"),
    ],
)
def test_spells(text: str, direction: str, result: str) -> None:
    assert spell_text(text, direction) == result


def test_nothing_cannot_be_spelled() -> None:
    with pytest.raises(ToolError, match="nothing to spell"):
        spell_text(" \n", "forwards")


def test_long_and_towering_texts_are_refused_before_any_work() -> None:
    tower = "a" + "\u0301\u0316" * 50_000
    calls = (
        lambda text: count_text(text, "occurrences", "a"),
        lambda text: count_text(text, "words"),
        lambda text: sort_list(text, "alphabetical"),
        lambda text: compare_texts("a", text, "equal"),
        lambda text: spell_text(text, "backwards"),
    )
    for call in calls:
        for text, says in (
            (tower[:MAX_TEXT], "accents stand on one letter"),
            ("a" * (MAX_TEXT + 1), "too long"),
        ):
            with pytest.raises(ToolError, match=says):
                call(text)
    with pytest.raises(ToolError, match="accents"):
        count_text("a", "occurrences", tower[:MAX_TEXT])


def test_texts_as_long_as_allowed_are_counted() -> None:
    text = ("na\xefve \U0001f44d\U0001f3fd\n" * (MAX_TEXT // 9 + 1))[:MAX_TEXT]
    assert int(count_text(text, "characters")) == len(clusters(text)) < MAX_TEXT
    assert count_text(text, "occurrences", "\xef") == str(text.count("\xef"))
    assert bounded(text) == text


@given(st.text())
def test_any_text_is_cut_into_characters_and_back(text: str) -> None:
    assert "".join(clusters(text)) == unicodedata.normalize("NFC", text)
