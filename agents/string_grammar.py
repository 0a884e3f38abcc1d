"""GBNF for the characters of JSON strings."""

import re

# Every character that JSON lets stand as it is, but for DEL; surrogates are no characters in UTF-8.
_PLAIN = ((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E), (0x80, 0xD7FF), (0xE000, 0x10FFFF))
_ONE_CLASS = re.compile(r"\^\[([^\]\[\\]+)\]\+\$")
Ranges = list[tuple[int, int]]


def literal(text: str) -> str:
    """Return a text as a GBNF literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def any_character() -> str:
    """Return the expression of one character of a JSON string, plain or as an escape of two characters."""
    return _class(list(_PLAIN)) + r' | "\\" ["\\/bfnrt]'


def pattern_character(pattern: str) -> str:
    r"""Return the class of the characters of a pattern that is one class of characters, `^[...]+$`.

    What must be escaped in JSON (`"`, `\`, control characters) is left out of it. Raises `ValueError`
    for other patterns.
    """
    match = _ONE_CLASS.fullmatch(pattern)
    ranges = _ranges(match[1]) if match and not match[1].startswith("^") else []
    allowed = [
        (max(low, first), min(high, last))
        for low, high in ranges
        for first, last in _PLAIN
        if max(low, first) <= min(high, last)
    ]
    if not allowed:
        raise ValueError(f"no grammar for the pattern {pattern!r}: write it as one class, ^[...]+$")
    return _class(allowed)


def _ranges(body: str) -> Ranges:
    """Return what stands in a class without escapes; a range the wrong way round is empty."""
    ranges: Ranges = []
    at = 0
    while at < len(body):
        last = at + 2 if body[at + 1 : at + 2] == "-" and at + 2 < len(body) else at
        ranges.append((ord(body[at]), ord(body[last])))
        at = last + 1
    return ranges


def _class(ranges: Ranges) -> str:
    return "[" + "".join(_in_class(low) + f"-{_in_class(high)}" * (low < high) for low, high in ranges) + "]"


def _in_class(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
