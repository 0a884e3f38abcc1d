"""Reads the call at a place of a text, whatever the format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.formats.calls import Call
from agents.formats.format import CallFormat
from agents.formats.json_spans import as_object, span_at
from agents.formats.loose import LooseReader
from agents.formats.pairs import Pair, read_pairs, values_of
from agents.formats.patterns import (
    Found,
    MismatchError,
    UnfinishedError,
    filled,
    match,
    match_literal,
    skip_space,
    split_at,
)
from agents.formats.read_json import BrokenCallError, JsonCalls, UnfinishedCallError
from agents.formats.shape import Shape, bracket, header_tokens, shape_of
from agents.formats.spec import ToolSpec, named
from agents.formats.write import id_word

_HEADER_LENGTH = 96


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads calls of a format; the tools say what the text between tags means.

    `read` returns a call and the place behind it. It raises `UnfinishedCallError` where the text ends
    inside the call, with what is known of it, and `MismatchError` where no call begins.
    """

    fmt: CallFormat
    tools: Sequence[ToolSpec]

    @property
    def shape(self) -> Shape:
        """The format's markers."""
        return shape_of(self.fmt)

    def read(self, text: str, at: int) -> tuple[Call, int]:
        """Read the call that begins at a place, behind spaces."""
        try:
            return self._read(text, skip_space(text, at))
        except BrokenCallError as error:
            return self._broken(text, error)

    def _broken(self, text: str, error: BrokenCallError) -> tuple[Call, int]:
        """Return a call whose arguments cannot be read: they are the text up to a mark, or to the end."""
        closings = (self.shape.call_closing.strip(), self.shape.closing.strip())
        marks = (*closings, *(() if self.shape.bare else self.shape.triggers))
        ends = [end for mark in marks if mark and (end := text.find(mark, error.start)) >= 0]
        call = replace(error.call, raw=text[error.start : min(ends, default=len(text))])
        if not ends:
            raise UnfinishedCallError(call)
        return call, min(ends)

    def _read(self, text: str, at: int) -> tuple[Call, int]:
        if self.fmt.kind in ("json", "generic"):
            return self._json(text, self._behind(text, at, self.shape.call_opening))
        if self.fmt.kind == "python" and text.startswith("{", at):
            return JsonCalls(self.fmt.fields).read(text, at)
        return self._headed(text, at)

    def _json(self, text: str, at: int) -> tuple[Call, int]:
        at = skip_space(text, at)
        at = skip_space(text, at + 1) if text.startswith("[", at) else at
        return JsonCalls(self.fmt.fields, strict=self.shape.bare).read(text, at)

    def _behind(self, text: str, at: int, opening: str) -> int:
        """Return the place behind a call's opening, which may be missing."""
        try:
            return match_literal(text, at, opening)
        except MismatchError:
            return at
        except UnfinishedError:
            raise UnfinishedCallError(None) from None

    def _headed(self, text: str, at: int) -> tuple[Call, int]:
        """Read a call that begins with its name."""
        head = self._head(text, at)
        name = head.values.get("name", "")
        identifier = self._identifier(head)
        known = Call(name, None, "", identifier)
        if self.fmt.arguments.style != "pairs":
            return self._object(text, head.end, known)
        if self.fmt.kind == "python":
            return self._loose(text, head.end, known)
        return self._tagged(text, head.end, known)

    def _head(self, text: str, at: int) -> Found:
        unfinished = False
        for pattern in self.shape.heads:
            try:
                return match(text, at, pattern)
            except UnfinishedError:
                unfinished = True
            except MismatchError:
                pass
        found = self._header(text, at)
        if found is not None:
            return found
        if unfinished:
            raise UnfinishedCallError(None)
        raise MismatchError

    def _header(self, text: str, at: int) -> Found | None:
        """Return the head of a call that is a message's header: what it says may vary, not how it ends."""
        open_, name, middle = self.shape.heads[0].partition("{name}")
        tokens = header_tokens(self.fmt)
        if tokens is None or not middle.rstrip().removesuffix("{arguments}").endswith(tokens[1]):
            return None
        last = tokens[1]
        try:
            found = match(text, at, open_ + name)
        except UnfinishedError:
            raise UnfinishedCallError(None) from None
        except MismatchError:
            return None
        end = text.find(last, found.end, found.end + _HEADER_LENGTH)
        if end < 0 and len(text) - found.end < _HEADER_LENGTH and "{" not in text[found.end :]:
            raise UnfinishedCallError(None)
        return Found(end + len(last), found.values) if end >= 0 else None

    def _identifier(self, head: Found) -> str:
        if "id" in head.values:
            return head.values["id"]
        word = id_word(self.fmt)
        holes = {"name": "", "index": "", "number": ""} | dict(head.values)
        return filled(word, **holes) if word else ""

    def _object(self, text: str, at: int, known: Call) -> tuple[Call, int]:
        """Read arguments that are one JSON value."""
        at = skip_space(text, at)
        if at >= len(text):
            raise UnfinishedCallError(None)
        if text[at] not in '{"':
            return self._without(text, at, known)
        try:
            span = span_at(text, at)
        except MismatchError:
            raise BrokenCallError(known, at) from None
        raw = span.text(text)
        if span.end is None:
            raise UnfinishedCallError(replace(known, raw=raw))
        return self._tailed(text, span.end, replace(known, arguments=as_object(raw), raw=raw))

    def _tailed(self, text: str, at: int, call: Call) -> tuple[Call, int]:
        """Read the identifier that stands behind the arguments, where the format has it there."""
        _, tail = split_at(self.fmt.call, "arguments")
        if "{id}" not in tail:
            return call, at
        try:
            found = match(text, at, tail)
        except UnfinishedError:
            raise UnfinishedCallError(call) from None
        except MismatchError:
            return call, at
        return replace(call, id=found.values["id"]), found.end

    def _without(self, text: str, at: int, known: Call) -> tuple[Call, int]:
        """Read a call that ends where its arguments should be: it has none."""
        if not self.shape.call_closing.strip():
            raise MismatchError
        try:
            match_literal(text, at, self.shape.call_closing)
        except UnfinishedError:
            raise UnfinishedCallError(None) from None
        return replace(known, arguments={}), at

    def _loose(self, text: str, at: int, known: Call) -> tuple[Call, int]:
        """Read arguments in the style of Python, up to the bracket that closes them."""
        closing = bracket(self.fmt)
        reader = LooseReader(text, self.fmt.arguments.quote)
        try:
            values, end = reader.pairs(at, closing)
        except UnfinishedError:
            raise UnfinishedCallError(None if self.shape.bare else replace(known, raw=text[at:])) from None
        except MismatchError:
            raise (MismatchError() if self.shape.bare else BrokenCallError(known, at)) from None
        return replace(known, arguments=values, raw=text[at : end - len(closing)]), end

    def _tagged(self, text: str, at: int, known: Call) -> tuple[Call, int]:
        partial = replace(known, raw=text[at:]) if self._has_pair(text, at) else None
        try:
            pairs, end = read_pairs(text, at, self.fmt.arguments, whole=True)
        except UnfinishedError:
            raise UnfinishedCallError(partial) from None
        call = replace(known, arguments=self._values(known.name, pairs), raw=text[at:end])
        rest = text[end:].strip()
        closing = self.shape.call_closing.strip()
        if not rest or (closing.startswith(rest) and rest != closing):
            raise UnfinishedCallError(partial, call if pairs or rest else None)
        if not pairs and not rest.startswith(closing):
            return self._untagged(text, at, known)
        return call, end

    def _has_pair(self, text: str, at: int) -> bool:
        """Whether a first argument has begun: then it is a call, whatever follows."""
        try:
            match(text, at, split_at(self.fmt.arguments.pair, "value")[0])
        except (UnfinishedError, MismatchError):
            return False
        return True

    def _values(self, name: str, pairs: list[Pair]) -> dict[str, Any]:
        values: dict[str, Any] = values_of(pairs, named(self.tools, name).parameters, self.fmt.arguments)
        return values

    def _untagged(self, text: str, at: int, known: Call) -> tuple[Call, int]:
        """Read a JSON object that stands where tags should: some templates take either."""
        at = skip_space(text, at)
        if not text.startswith("{", at):
            raise MismatchError
        return self._object(text, at, known)
