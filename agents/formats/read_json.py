"""Calls that are JSON objects."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.formats.calls import Call
from agents.formats.format import Fields
from agents.formats.json_spans import Span, as_object, decoded, members, span_at
from agents.formats.patterns import MismatchError, UnfinishedError, skip_space

# What models write for one another, whatever their template says.
_NAMES = (("name",), ("tool_name",), ("tool",), ("function", "name"), ("function",))
_ARGUMENTS = (("arguments",), ("parameters",), ("args",), ("input",), ("function", "arguments"))
_KEYS = frozenset(key for path in _NAMES + _ARGUMENTS for key in path) | {
    "id",
    "type",
    "tool_call_id",
    "index",
}


class UnfinishedCallError(UnfinishedError):
    """The text ends inside a call; `partial` is what is surely known of it, None while that is nothing.

    `ended` is the call that it is if nothing more comes.
    """

    def __init__(self, partial: Call | None, ended: Call | None = None) -> None:
        super().__init__()
        self.partial = partial
        self.ended = ended or partial


class BrokenCallError(MismatchError):
    """A call whose name is known goes on as none can, in arguments that begin at `start`."""

    def __init__(self, call: Call, start: int) -> None:
        super().__init__()
        self.call = call
        self.start = start


@dataclass(frozen=True, slots=True)
class JsonCalls:
    """Reads calls that are JSON objects with these fields; `strict` ones must have arguments to be calls."""

    fields: Fields
    strict: bool = False

    def read(self, text: str, at: int) -> tuple[Call, int]:
        """Read the call that begins at a place, and return it with the place behind it.

        Raises `UnfinishedCallError` where the text ends inside it, `BrokenCallError` where it is no JSON
        behind the name, and `MismatchError` where it is no call.
        """
        inner = skip_space(text, at + 1)
        if at >= len(text) or (text[at] == "{" and inner >= len(text)):
            raise UnfinishedCallError(None)
        if not text.startswith("{", at) or text[inner] != '"':
            raise MismatchError
        found: dict[str, Span] = {}
        for key, value in members(text, at):
            found.setdefault(key, value)
        try:
            end = span_at(text, at).end
        except MismatchError:
            raise self._broken(text, at, found) from None
        if end is None:
            raise UnfinishedCallError(self._known(text, found))
        call = self._known(text, found, whole=text[at:end])
        if call is None:
            raise MismatchError
        return call, end

    def _broken(self, text: str, at: int, found: Mapping[str, Span]) -> MismatchError:
        known = self._known(text, found)
        return MismatchError() if known is None else BrokenCallError(replace(known, arguments=None), at)

    def _known(self, text: str, found: Mapping[str, Span], whole: str = "") -> Call | None:
        """Return the call that members of an object make, None where it may still be none.

        Only of a `whole` object can no arguments be none, and be other keys than the format's taken for its.
        """
        call = self._named(text, found, whole) if self.fields.name else _keyed(text, found)
        if call is None or not self.strict:
            return call
        foreign = not _KEYS.union(self.fields.name).issuperset(found)
        return None if not call.raw or (foreign and call.arguments is None) else call

    def _named(self, text: str, found: Mapping[str, Span], whole: str) -> Call | None:
        others = bool(whole)
        name = _text(text, _first(text, found, (self.fields.name, *(_NAMES if others else ()))))
        if not name:
            return None
        arguments = _first(text, found, (self.fields.arguments, *(_ARGUMENTS if others else ())))
        identifier = _text(text, _first(text, found, (self.fields.id or ("id",), ("id",))))
        if arguments is not None:
            return _call(text, name, arguments, identifier)
        if not whole or as_object(whole) is None:
            return Call(name, None, "" if self.strict else whole, identifier)
        return Call(name, {}, "", identifier)


def _keyed(text: str, found: Mapping[str, Span]) -> Call | None:
    """Return the call of an object whose first key is the tool's name."""
    for name, span in found.items():
        return _call(text, name, span, "") if text.startswith("{", span.start) else None
    return None


def _call(text: str, name: str, span: Span, identifier: str) -> Call:
    raw = span.text(text)
    arguments = as_object(raw) if span.end is not None else None
    if span.end is not None and decoded(raw) is None and raw.strip() == "null":
        arguments = {}
    return Call(name, arguments, raw, identifier)


def _first(text: str, found: Mapping[str, Span], paths: tuple[tuple[str, ...], ...]) -> Span | None:
    """Return the span of the first path that leads somewhere; a string with a path below it does not."""
    for path in paths:
        span = _at(text, found, path)
        if span is not None and not (len(path) == 1 and path[0] == "function" and text[span.start] == "{"):
            return span
    return None


def _at(text: str, found: Mapping[str, Span], path: tuple[str, ...]) -> Span | None:
    span = found.get(path[0])
    for key in path[1:]:
        if span is None or not text.startswith("{", span.start):
            return None
        span = dict(members(text, span.start)).get(key)
    return span


def _text(text: str, span: Span | None) -> str:
    """Return the string or number at a span; empty where it is not complete."""
    if span is None or span.end is None:
        return ""
    value = decoded(span.text(text))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
