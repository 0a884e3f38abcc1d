"""Where JSON values lie in a text that may end in the middle of one."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agents.formats.patterns import MismatchError, UnfinishedError, skip_space

_MARKS = re.compile(r'"(?:[^"\\]|\\.)*("|\Z|\\\Z)|[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,:\]}\[{\"]+")
_CLOSING = {"{": "}", "[": "]"}
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Span:
    """A JSON value's place in a text; `end` is None where the text ends inside it."""

    start: int
    end: int | None

    def text(self, whole: str) -> str:
        """Return the value as it is written."""
        return whole[self.start : self.end]


def span_at(text: str, at: int) -> Span:
    """Return the span of the JSON value that begins at a place. Raises `MismatchError` where none does."""
    if at >= len(text):
        raise UnfinishedError
    if text[at] in "{[":
        return Span(at, _closed(text, at))
    if text[at] == '"':
        mark = _MARKS.match(text, at)
        assert mark is not None
        return Span(at, mark.end() if mark[1] == '"' else None)
    scalar = _SCALAR.match(text, at)
    if scalar is None:
        raise MismatchError
    return Span(at, scalar.end() if scalar.end() < len(text) else None)


def _closed(text: str, at: int) -> int | None:
    """Return the end of an array or object, None where it is not closed. Raises `MismatchError`."""
    waiting: list[str] = []
    for mark in _MARKS.finditer(text, at):
        sign = mark[0]
        if sign[0] == '"':
            if mark[1] != '"':
                return None
        elif sign in _CLOSING:
            if len(waiting) >= MAX_DEPTH:
                raise MismatchError
            waiting.append(_CLOSING[sign])
        else:
            if sign != waiting.pop():
                raise MismatchError
            if not waiting:
                return mark.end()
    return None


def members(text: str, at: int) -> Iterator[tuple[str, Span]]:
    """Yield the keys of the object that begins at a place, with the spans of their values, as far as it goes.

    Stops quietly where the text ends or is no JSON any more.
    """
    at = skip_space(text, at + 1)
    while at < len(text) and text[at] == '"':
        try:
            key = span_at(text, at)
            if key.end is None:
                return
            colon = skip_space(text, key.end)
            if not text.startswith(":", colon):
                return
            value = span_at(text, skip_space(text, colon + 1))
        except (UnfinishedError, MismatchError):
            return
        yield _decoded(key.text(text)), value
        if value.end is None:
            return
        at = skip_space(text, value.end)
        if not text.startswith(",", at):
            return
        at = skip_space(text, at + 1)


def _decoded(string: str) -> str:
    value = decoded(string)
    return value if isinstance(value, str) else string


def decoded(text: str) -> Any:
    """Return the value of a JSON text, or None where it is none: line ends inside strings are forgiven."""
    try:
        return json.loads(text, strict=False, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def as_object(text: str) -> dict[str, Any] | None:
    """Return the object that a text is, or that a JSON string holds; None where it is neither."""
    value = decoded(text)
    if isinstance(value, str):
        value = decoded(value)
    return value if isinstance(value, dict) else None
