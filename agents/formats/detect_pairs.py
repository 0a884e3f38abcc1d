"""How arguments are written one by one: their tags, and how values of each JSON type are spelled."""

import json
from dataclasses import dataclass, replace
from typing import Any

from agents.formats.detect_region import Regions
from agents.formats.difference import split, tokens
from agents.formats.format import Arguments, JsonType, Spelling
from agents.formats.patterns import MismatchError, UnfinishedError, escaped, match, split_at
from agents.formats.probe import KEYS, NAMES, VALUES

_QUOTES = ("'", '"')
# A text that JSON and Python spell differently, and values of every other type.
_TELLING = 'q"z'
_SAMPLES: tuple[tuple[JsonType, Any], ...] = (
    ("integer", 8231),
    ("number", 82.5),
    ("boolean", True),
    ("null", None),
    ("array", ["vqzvc", True]),
    ("object", {"kqzvc": True}),
)


@dataclass(frozen=True, slots=True)
class _Between:
    """What stands from a call's name to the value of its first argument, and behind that value."""

    before: str
    behind: str


def find_pairs(regions: Regions) -> Arguments | None:
    """Return how arguments are written, None where they are not written one by one."""
    one = regions.one({KEYS[0]: VALUES[0]}) or ""
    both = regions.one(dict(zip(KEYS, VALUES, strict=True)))
    first = _around(one, VALUES[0])
    if first is None or both is None:
        return None
    quote = _quote(regions, first)
    opened, middle = _key(first.before.removesuffix(quote))
    between = both[both.find(VALUES[0]) + len(VALUES[0]) : both.find(KEYS[1])].removeprefix(quote)
    behind = first.behind.removeprefix(quote)
    _, opening, closing, separator, rest = split(opened, *(_keyed(text) for text in (between, behind)))
    closing, separator = _trailing(regions, opened, opening, closing, separator, rest)
    pair = opening + "{key}" + middle + "{value}" + closing
    return _spelled(regions, Arguments("pairs", pair, separator), first, quote)


def _around(text: str, value: str) -> _Between | None:
    """Return what stands around a value, in a text with one call of one argument."""
    name, at = text.find(NAMES[0]), text.find(value)
    if at < 0 or KEYS[0] not in text[name:at]:
        return None
    return _Between(text[name + len(NAMES[0]) : at], text[at + len(value) :])


def _key(before: str) -> tuple[str, str]:
    """Return the patterns of what stands before the key and between key and value."""
    start = before.find(KEYS[0])
    return _keyed(before[:start]), _keyed(before[start + len(KEYS[0]) :])


def _keyed(text: str) -> str:
    pattern = escaped(text)
    for key in KEYS:
        pattern = pattern.replace(key, "{key}")
    return pattern


def _quote(regions: Regions, first: _Between) -> str:
    """Return what encloses a text and not a number."""
    number = _around(regions.one({KEYS[0]: 8231}) or "", "8231")
    mine = tokens(first.before)[-1] if first.before else ""
    if number is None or not mine or number.before != first.before.removesuffix(mine):
        return ""
    return mine if first.behind.startswith(mine) else ""


def _trailing(
    regions: Regions, opened: str, opening: str, closing: str, separator: str, rest: str
) -> tuple[str, str]:
    """Return closing and separator: space between two belongs to each where a call without any lacks it."""
    none = regions.one({})
    if none is None or separator.strip() or not rest.startswith(separator):
        return closing, separator
    bare = _keyed(none[none.find(NAMES[0]) + len(NAMES[0]) :])
    head = opened.removesuffix(opening)
    if bare != head + rest and bare == head + rest[len(separator) :]:
        return closing + separator, ""
    return closing, separator


def _spelled(regions: Regions, arguments: Arguments, first: _Between, quote: str) -> Arguments:
    """Add how values of each type are spelled, and what the tags say of the type."""
    middle = first.before.removesuffix(quote).rpartition(KEYS[0])[2]
    spelling: dict[JsonType, Spelling] = {"string": _text_spelling(regions, quote)}
    middles: dict[JsonType, str] = {"string": middle}
    item = ""
    for kind, value in _SAMPLES:
        inner = _inner(regions.one({KEYS[0]: value}), first, quote)
        if inner is None:
            continue
        found = _ending(inner, value, middle)
        if found is not None:
            middles[kind], spelling[kind] = found
        elif quote and quote not in _QUOTES:
            spelling[kind] = "quoted"
        elif nested := _nested_key(inner.removeprefix(middle), arguments):
            spelling[kind] = "nested"
            item = nested if kind == "array" else item
    arguments = replace(
        arguments,
        spelling=tuple(spelling.items()),
        quote=quote if spelling["string"] == "quoted" else "",
        item=item,
    )
    return _typed(arguments, middles)


def _text_spelling(regions: Regions, quote: str) -> Spelling:
    if quote not in _QUOTES:
        return "quoted" if quote else "raw"
    text = regions.one({KEYS[0]: _TELLING}) or ""
    return "json" if json.dumps(_TELLING) in text else "python"


def _inner(text: str | None, first: _Between, quote: str) -> str | None:
    """Return what stands from the key to the end of the value, in a text with one call of one argument."""
    behind = first.behind.removeprefix(quote)
    if text is None or KEYS[0] not in text or not text.endswith(behind):
        return None
    return text[text.find(KEYS[0]) + len(KEYS[0]) : len(text) - len(behind)]


def _ending(inner: str, value: object, middle: str) -> tuple[str, Spelling] | None:
    """Return what stands before a value and how the value is spelled, None where it is no plain spelling."""
    spellings: tuple[tuple[str, Spelling], ...] = (
        (json.dumps(value), "json"),
        (json.dumps(value, separators=(",", ":")), "json"),
        (repr(value), "python"),
    )
    fitting = [(inner[: -len(text)], kind) for text, kind in spellings if inner.endswith(text)]
    return next((found for found in fitting if found[0] == middle), fitting[0] if fitting else None)


def _nested_key(value: str, arguments: Arguments) -> str:
    """Return the key of the pair with which a value begins, empty where it begins with none."""
    try:
        return match(value, 0, split_at(arguments.pair, "value")[0]).values.get("key", "")
    except (MismatchError, UnfinishedError):
        return ""


def _typed(arguments: Arguments, middles: dict[JsonType, str]) -> Arguments:
    """Add the type's place in the pair: the one token before the value that differs by type."""
    pieces = {kind: tokens(middle) for kind, middle in middles.items()}
    text = pieces["string"]
    differing = {
        place
        for piece in pieces.values()
        for place, (one, other) in enumerate(zip(piece, text, strict=False))
        if one != other
    }
    if len(differing) != 1 or any(len(piece) != len(text) for piece in pieces.values()):
        return arguments
    (place,) = differing
    holed = "".join([*map(escaped, text[:place]), "{type}", *map(escaped, text[place + 1 :])])
    plain = escaped(middles["string"])
    pair = arguments.pair.replace("{key}" + plain + "{value}", "{key}" + holed + "{value}")
    return replace(arguments, pair=pair, types=tuple((kind, piece[place]) for kind, piece in pieces.items()))
