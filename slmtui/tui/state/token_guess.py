"""Tokens of long texts: counted in samples, so that counting never holds up who types."""

from collections.abc import Callable

from slmtui.backend import TokenCount

EXACT = 8_000
"""Characters: a text that is longer is guessed from samples."""
SAMPLES, SAMPLE = 4, 1_000


def four_characters(text: str) -> TokenCount:
    """Return about how many tokens an English text is, without a model."""
    return TokenCount(-(-len(text) // 4), exact=False)


def guess(count: Callable[[str], TokenCount], text: str) -> TokenCount:
    """Count the tokens of a short text; of a long one, judge by samples spread over it."""
    if len(text) <= EXACT:
        return count(text)
    step = (len(text) - SAMPLE) // (SAMPLES - 1)
    sampled = sum(count(text[n * step : n * step + SAMPLE]).tokens for n in range(SAMPLES))
    return TokenCount(round(sampled * len(text) / (SAMPLES * SAMPLE)), exact=False)
