"""Values of arguments that a request allows: what it names, and nothing else.

A small model that must copy can still copy wrongly, a digit too many or another example's unit. Where
all that a tool could be asked is in the request, its schema is narrowed to that: numbers, dates, units,
files, pieces of text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from agents.surface import surface
from agents.table_values import figured
from agents.text_values import compared, counted, listed, query_of, spelt
from agents.unit_values import converted
from agents.word_problems import CALCULATOR, analogies
from tools.calculator import calculate
from tools.registry import Tool, ToolError

Values = Mapping[str, Sequence[Any] | None]
"""What each argument may be; None where an optional argument is left out. Others stay as they are."""

DRAFTS = 3
"""Expressions that are offered for a word problem."""
LONGEST_REQUEST = 1000
"""Characters up to which a request is looked into."""
MOST_VALUES = 300
"""Values up to which an argument is held to them."""
SURE = 0.9
"""An expression is offered if its share is at least so much of the likeliest one's."""

_ARITHMETIC = re.compile(
    r"[(√-]*\d[\d.,]*(?:[\s)%!]*(?:[-+*/×÷^]|x(?![a-z])|% of|percent of)[\s($]*\d[\d.,]*)+[)%!]*",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:before|earlier|ago|back|backwards?|minus|prior|subtract)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:after|later|plus|forwards?|add|from now|in|takes?|lasts?|for|due|within)\b", re.IGNORECASE
)


def constrain(tool: Tool, request: str) -> Mapping[str, Any]:
    """Return the schema of a tool's arguments, narrowed to what a request allows; for a grammar alone.

    Nothing is narrowed where the request does not say enough, nor for tools that are not ours.
    """
    find, arguments = _FINDERS.get(tool.name, (None, frozenset[str]()))
    # A tool of somebody else's may have the name of one of ours.
    ours = arguments == set(tool.parameters.get("properties", ()))
    if find is None or not ours or len(request) > LONGEST_REQUEST:
        return tool.parameters
    values = find(request, tool.parameters)
    found = any(each is None or len(each) for each in values.values())
    return with_values(tool.parameters, values) if found else tool.parameters


def with_values(schema: Mapping[str, Any], values: Values) -> Mapping[str, Any]:
    """Return an object's schema with its properties held to some values, those of None left out.

    What the request gives a value for is required.
    """
    properties = {
        name: _held(below, values.get(name) or ())
        for name, below in schema["properties"].items()
        if values.get(name, ()) is not None
    }
    required = [name for name in properties if name in schema.get("required", ()) or values.get(name)]
    return {**schema, "properties": properties, "required": required}


def _held(schema: Mapping[str, Any], values: Sequence[Any]) -> Mapping[str, Any]:
    """Return a property's schema held to those values that it allows, if there are any and not too many."""
    longest = schema.get("maxLength", LONGEST_REQUEST)
    fitting = [each for each in dict.fromkeys(values) if not isinstance(each, str) or len(each) <= longest]
    if not 0 < len(fitting) <= MOST_VALUES:
        return schema
    return {"type": schema["type"], "enum": fitting}


def expressions(request: str) -> list[str]:
    """Return expressions that a request may ask for: the one that it writes out, or else likely ones."""
    seen = surface(request)
    written = [match[0].strip(" .,") for match in _ARITHMETIC.finditer(seen.rest)]
    valid = [each for each in written if _computes(each)]
    if valid:
        return valid
    drafts = analogies().drafts(seen.rest)[:DRAFTS]
    return [each.expression for each in drafts if each.share >= SURE * drafts[0].share]


def _computes(expression: str) -> bool:
    try:
        calculate(expression)
    except ToolError:
        return False
    return True


def _calculated(request: str, schema: Mapping[str, Any]) -> Values:  # noqa: ARG001
    return {"expression": expressions(request)}


def _dated(request: str, schema: Mapping[str, Any], names: Iterable[str]) -> Values:  # noqa: ARG001
    """Hold dates to those of the request: two arguments to two dates, in their order."""
    seen = surface(request)
    named = [*seen.dates, *seen.days]
    names = list(names)
    if len(names) == 1:
        return {names[0]: named}
    if len(named) == 1:  # from a date to today, or from today on
        return {name: ["today", *named] for name in names}
    return {names[0]: named[:-1], names[1]: named[1:]}


def _added(request: str, schema: Mapping[str, Any]) -> Values:
    seen = surface(request)
    unit = 7 if re.search(r"\bweeks?\b", seen.rest, re.IGNORECASE) else 1
    counts = [int(number) * unit for number in seen.numbers if number.isdecimal()]
    if not counts and re.search(r"\ba (?:week|day)\b", seen.rest, re.IGNORECASE):
        counts = [unit]
    earlier, later = _EARLIER.search(seen.rest), _LATER.search(seen.rest)
    signs = [-1] if earlier and not later else [1] if later and not earlier else [1, -1]
    return {**_dated(request, schema, ["date"]), "days": [sign * count for count in counts for sign in signs]}


def _read(request: str, schema: Mapping[str, Any]) -> Values:  # noqa: ARG001
    seen = surface(request)
    lines = [int(n) for n in re.findall(r"\blines? (\d{1,6})\b", seen.rest, re.IGNORECASE) if int(n)]
    return {"path": seen.files, "first_line": lines or None} if seen.files else {}


def _searched(request: str, schema: Mapping[str, Any]) -> Values:
    words = query_of(request)
    longest = schema["properties"]["query"].get("maxLength", len(words))
    return {"query": [words]} if 0 < len(words) <= longest else {}


def _units(request: str, schema: Mapping[str, Any]) -> Values:  # noqa: ARG001
    return converted(surface(request).rest)


_Finder = Callable[[str, Mapping[str, Any]], Values]
_FINDERS: Mapping[str, tuple[_Finder, frozenset[str]]] = {
    CALCULATOR: (_calculated, frozenset(("expression",))),
    "convert_units": (_units, frozenset(("value", "from_unit", "to_unit"))),
    "days_between": (partial(_dated, names=("start", "end")), frozenset(("start", "end"))),
    "add_days": (_added, frozenset(("date", "days"))),
    "weekday": (partial(_dated, names=("date",)), frozenset(("date",))),
    "read_file": (_read, frozenset(("path", "first_line"))),
    "search_notes": (_searched, frozenset(("query",))),
    "count_text": (counted, frozenset(("text", "what", "of"))),
    "sort_list": (listed, frozenset(("items", "order"))),
    "compare_texts": (compared, frozenset(("first", "second", "what"))),
    "spell_text": (spelt, frozenset(("text", "direction"))),
    "table_figure": (figured, frozenset(("table", "measure", "column", "where", "equals"))),
}
