"""Right answers, as the generated items expect them."""

from slmtui.suites.item import Expected

ROUNDED = 2e-3
"""How far a number that does not come out even may be off, relative to itself."""


def number(value: float, relative: float = 0.0) -> Expected:
    """Expect a number, at most `relative` of itself off."""
    return Expected("number", repr(value), relative=relative)


def text(value: str, *others: str) -> Expected:
    """Expect a text within the answer, or one of others that are as good."""
    return Expected("text", value, others)


def word(value: str, among: tuple[str, ...]) -> Expected:
    """Expect a word, and no other of those among which it is."""
    return Expected("word", value, among)


def first(value: str, among: tuple[str, ...]) -> Expected:
    """Expect that a word is named before the others among which it is."""
    return Expected("first", value, among)


def sequence(words: tuple[str, ...]) -> Expected:
    """Expect words in their order."""
    return Expected("sequence", ", ".join(words), words)
