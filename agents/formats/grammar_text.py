"""GBNF for free text that does not contain a closing tag."""

from agents.schema_grammar import GrammarBuilder
from agents.string_grammar import literal

# What text is made of: no control characters but line ends and tabs, and no surrogates, which UTF-8 lacks.
_TEXT = ((0x09, 0x0A), (0x20, 0x7E), (0x80, 0xD7FF), (0xE000, 0x10FFFF))


def text_without(grammar: GrammarBuilder, name: str, closing: str) -> str:
    """Add the rules for a stretch of text in which `closing` does not occur, and return the first's name.

    A stretch is one character, or a beginning of `closing` with the character that breaks it off; any
    number of them in a row is still free of `closing`.
    """
    signs = "".join(dict.fromkeys(closing))
    last = len(closing) - 1
    rules = {0: name}
    for state in range(last, 0, -1):
        rules[state] = f"{name}-{state}"
    for state in range(last, -1, -1):
        grammar.rule(rules[state], _alternates(closing, signs, state, rules))
    return name


def _alternates(closing: str, signs: str, state: int, rules: dict[int, str]) -> str:
    """Return what may follow when the last `state` characters are the beginning of `closing`."""
    free = [sign for sign in signs if _next(closing, state, sign) == 0]
    never = "".join(sign for sign in signs if sign not in free)
    found = [character_but(never)]
    for sign in never:
        following = _next(closing, state, sign)
        if following < len(closing):
            found.append(f"{literal(sign)} {rules[following]}")
    return " | ".join(found)


def _next(closing: str, state: int, sign: str) -> int:
    """Return how many characters of `closing` a text ends with, after `state` of them and one more."""
    text = closing[:state] + sign
    return next((size for size in range(len(text), 0, -1) if text.endswith(closing[:size])), 0)


def character_but(signs: str) -> str:
    """Return the class of the characters of text without some of them."""
    ranges = list(_TEXT)
    for code in map(ord, signs):
        ranges = [part for low, high in ranges for part in _without(low, high, code)]
    return f"[{''.join(f'{_in_class(low)}-{_in_class(high)}' for low, high in ranges)}]"


def _without(low: int, high: int, code: int) -> list[tuple[int, int]]:
    """Return a range without a code point."""
    if not low <= code <= high:
        return [(low, high)]
    return [(one, other) for one, other in ((low, code - 1), (code + 1, high)) if one <= other]


def _in_class(code: int) -> str:
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
