"""From the text of made-up calls to the patterns of a section, a call, and its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agents.formats.calls import Call
from agents.formats.detect_json import json_fields
from agents.formats.detect_pairs import find_pairs
from agents.formats.detect_region import ONE, OTHER, Regions
from agents.formats.difference import split, tokens
from agents.formats.format import Arguments, CallFormat, Fields, Kind
from agents.formats.json_spans import as_object, span_at
from agents.formats.patterns import MismatchError, UnfinishedError, escaped
from agents.formats.probe import IDS, NAMES
from agents.formats.values import written_pairs
from agents.formats.write import written


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call's name and arguments stand in a text."""

    name: int
    name_end: int
    arguments: int
    arguments_end: int

    @property
    def start(self) -> int:
        return min(self.name, self.arguments)

    @property
    def end(self) -> int:
        return max(self.name_end, self.arguments_end)

    def core(self, text: str) -> str:
        """Return the pattern from the first of name and arguments to the last."""
        if self.name < self.arguments:
            return "{name}" + _holed(text[self.name_end : self.arguments]) + "{arguments}"
        return "{arguments}" + _holed(text[self.arguments_end : self.name]) + "{name}"


def detect_calls(regions: Regions) -> CallFormat | None:
    """Return the format of the calls that a template writes, None where it is none that is known."""
    text = regions.one(ONE)
    assert text is not None
    arguments, kind, fields = _arguments(regions, text)
    if arguments is None:
        return None
    place = _place(text, arguments, ONE, NAMES[0], 0)
    if place is None:
        return None
    two = regions.two()
    fmt = CallFormat(
        kind=kind,
        call=_holed(text[: place.start]) + place.core(text) + _holed(text[place.end :]),
        arguments=arguments,
        fields=fields,
        several=False,
        dict_arguments=regions.probe.dict_arguments,
        null_content=regions.probe.content is None,
        stop=regions.stop,
    )
    return _with_empty(_several(fmt, two) if two is not None else fmt, regions)


def _arguments(regions: Regions, text: str) -> tuple[Arguments | None, Kind, Fields]:
    for style in ("json", "text"):
        if _place(text, Arguments(style), ONE, NAMES[0], 0) is not None:
            fields = json_fields(text, dict(ONE), NAMES[0])
            return Arguments(style), "marked" if fields is None else "json", fields or Fields()
    pairs = find_pairs(regions)
    inline = pairs is not None and "," in pairs.separator
    return pairs, "python" if inline else "tagged", Fields()


def _place(text: str, style: Arguments, arguments: Mapping[str, Any], name: str, at: int) -> _Place | None:
    """Return where a call's name and arguments stand in a text from a place on."""
    named = text.find(name, at)
    if named < 0:
        return None
    if style.style == "pairs":
        pairs = written_pairs(arguments, style)
        start = text.find(pairs, named)
        return None if start < 0 else _Place(named, named + len(name), start, start + len(pairs))
    sign = "{" if style.style == "json" else '"'
    start = text.find(sign, at)
    while start >= 0:
        end = _value_end(text, start)
        if end is not None and as_object(text[start:end]) == arguments:
            return _Place(named, named + len(name), start, end)
        start = text.find(sign, start + 1)
    return None


def _value_end(text: str, start: int) -> int | None:
    try:
        return span_at(text, start).end
    except (UnfinishedError, MismatchError):
        return None


def _several(fmt: CallFormat, two: str) -> CallFormat:
    """Split what stands around two calls into what belongs to each and what to the section."""
    one = _place(two, fmt.arguments, ONE, NAMES[0], 0)
    other = None if one is None else _place(two, fmt.arguments, OTHER, NAMES[1], one.end)
    if one is None or other is None:
        return fmt
    first, between, last = (
        _holed(two[: one.start]),
        _holed(two[one.end : other.start]),
        _holed(two[other.end :]),
    )
    first, between = _numbered_ends(first, between)
    between, last = _numbered(between, last)
    core = _numbered(one.core(two), other.core(two))[0]
    section, opening, closing, separator, end = split(first, between, last)
    return replace(
        fmt,
        call=opening + core + closing,
        section_open=_plain(section),
        section_close=_plain(end),
        separator=_plain(separator),
        several=True,
    )


def _holed(text: str) -> str:
    """Return a text between a call's parts as a pattern: with holes for identifiers and further names."""
    pattern = escaped(text)
    for word, hole in (*((word, "{id}") for word in IDS), *((word, "{name}") for word in NAMES)):
        pattern = pattern.replace(word, hole)
    return pattern


def _plain(pattern: str) -> str:
    return pattern.replace("{{", "{").replace("}}", "}")


def _numbered(one: str, other: str) -> tuple[str, str]:
    """Return two patterns, of the first call and of the second, with holes for the calls' numbers."""
    mine, theirs = tokens(one), tokens(other)
    for place, (sign, following) in enumerate(zip(mine, theirs, strict=False)):
        if sign == following:
            continue
        if not _counts(sign, following):
            break
        mine[place] = theirs[place] = "{index}" if sign == "0" else "{number}"
    return "".join(mine), "".join(theirs)


def _counts(sign: str, following: str) -> bool:
    return sign in ("0", "1") and following == str(int(sign) + 1)


def _numbered_ends(first: str, between: str) -> tuple[str, str]:
    """Number what stands before calls, compared from its end."""
    mine, theirs = tokens(first), tokens(between)
    for place in range(1, min(len(mine), len(theirs)) + 1):
        if mine[-place] == theirs[-place]:
            continue
        if not _counts(mine[-place], theirs[-place]):
            break
        mine[-place] = theirs[-place] = "{index}" if mine[-place] == "0" else "{number}"
    return "".join(mine), "".join(theirs)


def _with_empty(fmt: CallFormat, regions: Regions) -> CallFormat:
    """Add the pattern of a call without arguments, where the template writes one of its own."""
    text = regions.one({})
    if text is None:
        return fmt
    inner = text.removeprefix(fmt.section_open.strip()).removesuffix(fmt.section_close.strip()).strip()
    plain = written(replace(fmt, section_open="", section_close=""), [Call(NAMES[0], {}, "", IDS[0])])
    empty = _holed(inner)
    return fmt if inner == plain.strip() or "{name}" not in empty else replace(fmt, empty=empty)
