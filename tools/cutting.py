"""Cutting a tool's result to so many tokens, at a place where a reader would stop too."""

import unicodedata
from collections.abc import Callable

TokenCounter = Callable[[str], int]
"""Returns the tokens of a text; need not be exact, nor grow evenly."""

# A token has rarely more characters; what lies beyond is estimated instead of counted.
_LONGEST_TOKEN = 16
_FEW_COUNTS = 24
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"


def estimated_tokens(text: str) -> int:
    """Return a guess of the tokens of a text: one for every four characters."""
    return -(-len(text) // 4)


def cut_to_tokens(text: str, most: int, count: TokenCounter) -> tuple[str, int]:
    """Return the beginning of a text in at most `most` tokens, and how many tokens are missing.

    It ends after a line or a word where one ends near, and never within a letter. The work is bounded by
    `most`, not by the text: some 20 counts of at most `16 * most` characters.
    """
    window = text[: most * _LONGEST_TOKEN]
    counted = count(window)
    if len(window) == len(text) and counted <= most:
        return text, 0
    kept = window[: _clean_end(text, _longest(window, most, counted, count))]
    whole = counted * len(text) // max(1, len(window))
    return kept.rstrip(), max(1, whole - count(kept.rstrip()))


def _longest(window: str, most: int, counted: int, count: TokenCounter) -> int:
    """Return how many of the first characters have at most `most` tokens, by halving the doubt."""
    if counted <= most:
        return len(window)
    fits, too_long = 0, len(window)
    guess = len(window) * most // counted
    for _ in range(_FEW_COUNTS):
        if too_long - fits <= 1:
            break
        if count(window[:guess]) <= most:
            fits = guess
        else:
            too_long = guess
        guess = (fits + too_long) // 2
    return fits


def _clean_end(text: str, end: int) -> int:
    """Return a place at or before `end` between two lines or words, or at least between two letters."""
    if end >= len(text):
        return end
    near = end - end // 4
    # What ends just before a break ends there as well.
    for place in (text.rfind("\n", near, end + 1), text.rfind(" ", near, end + 1)):
        if place > 0:
            return place
    while end > 0 and (
        unicodedata.combining(text[end]) or text[end] in _JOINERS or text[end - 1] in _JOINERS
    ):
        end -= 1
    return end
