import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.cutting import TokenCounter, cut_to_tokens, estimated_tokens

TEXTS = st.text(st.sampled_from("ab e\u0301\n\u200d👩漢"), max_size=400)


def words(text: str) -> int:
    return len(text.split())


def odd(text: str) -> int:
    """Not monotonic: a longer text may have fewer tokens, as with merges."""
    return len(text) - 2 * text.count("ab")


@pytest.mark.parametrize(
    ("text", "kept", "missing"),
    [
        ("one two", "one two", 0),
        ("one two three four", "one two three", 1),
        ("one two three   ", "one two three   ", 0),
        ("", "", 0),
    ],
)
def test_cut_by_words(text: str, kept: str, missing: int) -> None:
    assert cut_to_tokens(text, 3, words) == (kept, missing)


def test_a_cut_falls_between_lines_or_else_words_near_it() -> None:
    lines = "first line\nsecond line\nthird line"
    assert cut_to_tokens(lines, 7, estimated_tokens) == ("first line\nsecond line", 3)
    assert cut_to_tokens("a" * 21 + " bcdefgh", 6, estimated_tokens) == ("a" * 21, 2)
    assert cut_to_tokens("a" * 40, 5, estimated_tokens) == ("a" * 20, 5)


def test_a_cut_never_falls_within_a_letter() -> None:
    assert cut_to_tokens("xye\u0301z", 3, len) == ("xy", 3)
    assert cut_to_tokens("xy👩\u200d🚀z", 4, len) == ("xy", 4)


@given(TEXTS, st.integers(1, 50), st.sampled_from([words, len, estimated_tokens, odd]))
def test_what_is_kept_is_a_beginning_and_the_rest_is_told(text: str, most: int, count: TokenCounter) -> None:
    kept, missing = cut_to_tokens(text, most, count)
    assert text.startswith(kept)
    assert (missing == 0) == (count(text) <= most and len(text) <= 16 * most)
    assert missing > 0 or kept == text


@given(TEXTS, st.integers(1, 50), st.sampled_from([words, len, estimated_tokens]))
def test_what_is_kept_fits(text: str, most: int, count: TokenCounter) -> None:
    kept, missing = cut_to_tokens(text, most, count)
    assert count(kept) <= most
    assert len(text) > 16 * most or missing == 0 or missing == max(1, count(text) - count(kept))
