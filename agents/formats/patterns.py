"""Texts with holes: written with values in them, and matched at a place of a text that may be unfinished.

A literal's spaces and line ends may be missing from the text, or others stand there: models are less
exact about them than templates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\s\"'<>{}()\[\]|,=]+")
_NUMBER = re.compile(r"\d+")
MAX_HOLE = 256


class UnfinishedError(Exception):
    """The text ends before it is clear whether it matches."""


class MismatchError(Exception):
    """The text does not match."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a match ends, and what stood in the holes."""

    end: int
    values: Mapping[str, str]


@lru_cache(maxsize=512)
def parts(pattern: str) -> tuple[tuple[str, str], ...]:
    """Return a pattern as pairs of a literal and the hole that follows it, empty after the last one."""
    found: list[tuple[str, str]] = []
    before = ""
    for text, hole, _, _ in Formatter().parse(pattern):
        before += text
        if hole:
            found.append((before, hole))
            before = ""
    return (*found, (before, "")) if before else tuple(found)


def escaped(text: str) -> str:
    """Return a literal as a pattern."""
    return text.replace("{", "{{").replace("}", "}}")


def filled(pattern: str, **values: object) -> str:
    """Return the text of a pattern with its holes filled."""
    return pattern.format(**values)


def split_at(pattern: str, hole: str) -> tuple[str, str]:
    """Return the patterns before and behind a hole; the second is empty where the hole is missing."""
    before, _, behind = pattern.partition("{" + hole + "}")
    return before, behind


def literal(pattern: str) -> str:
    """Return the text with which a pattern begins, up to its first hole."""
    first = parts(pattern)
    return first[0][0] if first else ""


def skip_space(text: str, at: int) -> int:
    """Return the place of the first character that is no space."""
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def match_literal(text: str, at: int, expected: str) -> int:
    """Return where a literal ends in a text, its spaces being free. Raises as `match` does.

    The spaces that end the literal are taken only if they stand there as they are.
    """
    for chunk in expected.split():
        at = skip_space(text, at)
        if not text.startswith(chunk, at):
            if chunk.startswith(text[at:]):
                raise UnfinishedError
            raise MismatchError
        at += len(chunk)
    ending = expected[len(expected.rstrip()) :] if expected.strip() else ""
    return at + len(ending) if ending and text.startswith(ending, at) else at


def match(text: str, at: int, pattern: str) -> Found:
    """Match a pattern whose holes hold names, numbers or identifiers.

    Raises `UnfinishedError` where the text ends before all of it, `MismatchError` where it does not match.
    """
    values: dict[str, str] = {}
    pieces = parts(pattern)
    for place, (text_before, hole) in enumerate(pieces):
        at = match_literal(text, at, text_before)
        if hole:
            following = pieces[place + 1][0] if place + 1 < len(pieces) else ""
            end = _hole_end(text, at, hole, following)
            values[hole] = text[at:end].strip()
            at = end
    return Found(at, values)


def _hole_end(text: str, at: int, hole: str, following: str) -> int:
    """Return where a hole's value ends: before what follows it, or with the last character of a name."""
    chunk = following.split(maxsplit=1)[0] if following.strip() else ""
    if not chunk:
        found = (_NUMBER if hole in ("index", "number") else _NAME).match(text, at)
        if (found.end() if found else at) >= len(text):
            raise UnfinishedError
        if found is None:
            raise MismatchError
        return found.end()
    end = text.find(chunk, at, at + MAX_HOLE)
    if end < 0:
        begun = overlap(text, chunk)
        if len(text) - at < MAX_HOLE and _plausible(text[at : len(text) - begun]):
            raise UnfinishedError
        raise MismatchError
    if not _plausible(text[at:end]) or not text[at:end].strip():
        raise MismatchError
    return end


def _plausible(value: str) -> bool:
    """Whether a text can be a name, a key or an identifier: on one line, and no tag, JSON or closing tag."""
    value = value.strip()
    return not value.startswith("/") and not any(sign in value for sign in '<>{"\n')


def overlap(text: str, mark: str) -> int:
    """Return how many characters at the end of a text are the beginning of a mark, less than all of it."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
