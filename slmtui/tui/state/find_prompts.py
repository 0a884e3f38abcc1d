"""Finding a prompt that was sent before."""

from collections.abc import Sequence

LOOKED_AT = 2_000
"""Characters of a prompt that are searched."""


def found(prompts: Sequence[str], query: str) -> list[str]:
    """Return the prompts that hold every word of a query; if none does, those with its letters in order."""
    words = query.lower().split()
    looked = [(prompt, prompt[:LOOKED_AT].lower()) for prompt in prompts]
    whole = [prompt for prompt, text in looked if all(word in text for word in words)]
    return whole or [prompt for prompt, text in looked if _in_order("".join(words), text)]


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
