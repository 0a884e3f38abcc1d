"""Values in the style of Python or JavaScript: bare or quoted keys, any kind of quotes, True and true."""

import ast
import re
from typing import Any

from agents.formats.json_spans import decoded
from agents.formats.patterns import MismatchError, UnfinishedError, skip_space

_STRING = re.compile(r"(?P<quote>\"\"\"|'''|\"|')(?:\\.|(?!(?P=quote)).)*(?P<end>(?P=quote))?", re.DOTALL)
_WORD = re.compile(r"[^\s,:=\]})(\[{]+")
_WORDS = {"true": True, "True": True, "false": False, "False": False}
_NOTHING = ("null", "None", "none")
MAX_DEPTH = 32


class LooseReader:
    """Reads values of one text; `quote` is a token that encloses strings, beside the usual quotes.

    Every method takes a place and returns a value and the place behind it. Raises `UnfinishedError`
    where the text ends too early, `MismatchError` where it is no value.
    """

    def __init__(self, text: str, quote: str = "") -> None:
        self._text, self._quote = text, quote
        self._depth = 0

    def value(self, at: int) -> tuple[Any, int]:
        """Read any value."""
        at = self._next(at)
        sign = self._text[at]
        if self._quote and self._text.startswith(self._quote, at):
            return self._enclosed(at + len(self._quote))
        if self._quote and self._quote.startswith(self._text[at:]):
            raise UnfinishedError
        if sign in "\"'":
            return self._string(at)
        if sign == "[":
            return self._list(at + 1)
        if sign == "{":
            return self.pairs(at + 1, "}")
        return self._word(at)

    def pairs(self, at: int, closing: str) -> tuple[dict[str, Any], int]:
        """Read keys with values, `key=value` or `key: value`, up to and with `closing`."""
        found: dict[str, Any] = {}
        self._enter()
        at = self._next(at)
        while not self._text.startswith(closing, at):
            key, at = self._key(at)
            at = self._next(at)
            if self._text[at] not in "=:":
                raise MismatchError
            found[key], at = self.value(at + 1)
            at = self._comma(at, closing)
        self._depth -= 1
        return found, at + len(closing)

    def _key(self, at: int) -> tuple[str, int]:
        if self._text[at] in "\"'" or (self._quote and self._text.startswith(self._quote, at)):
            key, at = self.value(at)
            return str(key), at
        word = self._word_at(at)
        return word, at + len(word)

    def _list(self, at: int) -> tuple[list[Any], int]:
        found = []
        self._enter()
        at = self._next(at)
        while self._text[at] != "]":
            item, at = self.value(at)
            found.append(item)
            at = self._comma(at, "]")
        self._depth -= 1
        return found, at + 1

    def _comma(self, at: int, closing: str) -> int:
        at = self._next(at)
        if self._text[at] == ",":
            return self._next(at + 1)
        if not self._text.startswith(closing, at):
            raise MismatchError
        return at

    def _enclosed(self, at: int) -> tuple[str, int]:
        end = self._text.find(self._quote, at)
        if end < 0:
            raise UnfinishedError
        return self._text[at:end], end + len(self._quote)

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        if found is None or not found["end"]:
            raise UnfinishedError
        value = decoded(found[0]) if found["quote"] == '"' else None
        return (value if isinstance(value, str) else _literal(found[0])), found.end()

    def _word(self, at: int) -> tuple[Any, int]:
        word = self._word_at(at)
        end = at + len(word)
        if end == len(self._text):
            raise UnfinishedError
        if word in _WORDS:
            return _WORDS[word], end
        if word in _NOTHING:
            return None, end
        value = decoded(word)
        return (word if value is None else value), end

    def _word_at(self, at: int) -> str:
        found = _WORD.match(self._text, at)
        if found is None:
            raise MismatchError
        return found[0]

    def _next(self, at: int) -> int:
        at = skip_space(self._text, at)
        if at >= len(self._text):
            raise UnfinishedError
        return at

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise MismatchError


def _literal(text: str) -> str:
    """Return the value of a Python string; what Python would refuse is taken as it stands."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text[1:-1]
    return value if isinstance(value, str) else text[1:-1]


def loose_value(text: str) -> Any:
    """Return the value that a whole text is. Raises `MismatchError` where it is none."""
    reader = LooseReader(text + "\n")
    try:
        value, end = reader.value(0)
    except UnfinishedError as error:
        raise MismatchError from error
    if text[end:].strip():
        raise MismatchError
    return value
