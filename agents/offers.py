"""Which tools a request can be for at all: those for which it holds what they cannot do without."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agents.surface import OPERATION, surface
from agents.text_values import compared
from agents.unit_values import converted, units_in
from agents.word_problems import CALCULATOR
from tools.registry import Tool

_OF_DAYS = re.compile(
    r"\b(?:now|dates?|ago|weekday|weekend|days? of the week|(?:what|which) day|until|till|since|birthday)\b",
    re.IGNORECASE,
)
_OF_FILES = re.compile(r"\b(?:files?|folders?|readme|documents?|logs?|contents?)\b", re.IGNORECASE)
_OF_COMPARISON = re.compile(
    r"\b(?:same|equals?|identical|differ\w*|compare|longer|shorter|alphabet\w*|dictionary|match\w*)\b",
    re.IGNORECASE,
)
_OF_COUNTING = re.compile(
    r"\b(?:letters?|words?|characters?|lines?|count\w*|occur\w*|appear\w*|how (?:often|many|long)|length)\b",
    re.IGNORECASE,
)
_OF_SPELLING = re.compile(
    r"\b(?:spel[lt]\w*|backwards?|revers\w*|letters?|right to left|back to front|around)\b", re.IGNORECASE
)
_OF_PROGRAMS = re.compile(
    r"\b(?:python|code|program\w*|script|simulate|primes?|fibonacci|squares|median|divisors?|divided|binary"
    r"|divisible|sequence|loop)\b",
    re.IGNORECASE,
)
_OF_WRITING = re.compile(
    r"\b(?:remember|remind|write|jot|put|add|save|note (?:down|that)|make a note|take (?:a )?note"
    r"|keep (?:this|that|in mind))\b|^\W*note\b",
    re.IGNORECASE,
)
_OF_TABLES = re.compile(r"\b(?:tables?|columns?|rows?|csv|database)\b", re.IGNORECASE)

_IN_SCHEMA = re.compile(r"(\w+)\(|(\w+) \w+(?=[,)])")


def offers(tool: Tool, text: str) -> bool:
    """Whether a request, with what was said before it, holds what a tool needs: a date, a number, a word.

    Tools that are not ours, and those that need nothing, are always offered.
    """
    if tool.name == "query_table":
        # Its tables and columns are told in its description alone.
        return _told(text, [each for pair in _IN_SCHEMA.findall(tool.description) for each in pair if each])
    needs = _NEEDS.get(tool.name)
    return needs is None or needs(text, tool.parameters)


def needs_tool(tools: Iterable[Tool], request: str) -> bool:
    """Whether a request plainly needs one of some tools: it names a file, writes a sum, converts units."""
    names = {tool.name for tool in tools}
    seen = surface(request)
    return bool(
        (seen.files and names & {"read_file", "table_figure", "query_table"})
        or (OPERATION.search(seen.rest) and CALCULATOR in names)
        or ("convert_units" in names and seen.numbers and converted(seen.rest))
    )


def _days(text: str, _schema: Mapping[str, Any]) -> bool:
    seen = surface(text)
    return bool(seen.dates or seen.days or _OF_DAYS.search(seen.rest))


def _numbers(text: str, _schema: Mapping[str, Any]) -> bool:
    return bool(surface(text).numbers)


def _units(text: str, _schema: Mapping[str, Any]) -> bool:
    return bool(units_in(surface(text).rest))


def _programs(text: str, _schema: Mapping[str, Any]) -> bool:
    return bool(_OF_PROGRAMS.search(text))


def _writing(text: str, _schema: Mapping[str, Any]) -> bool:
    return bool(_OF_WRITING.search(text))


def _files(text: str, _schema: Mapping[str, Any]) -> bool:
    return bool(surface(text).files or _OF_FILES.search(text))


def _tables(text: str, schema: Mapping[str, Any]) -> bool:
    columns = schema["properties"].get("column", {}).get("enum", ())
    names = [*schema["properties"].get("table", {}).get("enum", ()), *columns]
    return _told(text, names)


def _told(text: str, names: Iterable[str]) -> bool:
    """Whether a text speaks of a table, or names one, or a column."""
    return bool(_OF_TABLES.search(text)) or any(
        re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names
    )


def _two_texts(text: str, schema: Mapping[str, Any]) -> bool:
    return bool(_OF_COMPARISON.search(text) or compared(text, schema)["first"])


def _list(text: str, _schema: Mapping[str, Any]) -> bool:
    return "," in text or "\n" in text


_NEEDS: Mapping[str, Callable[[str, Mapping[str, Any]], bool]] = {
    CALCULATOR: _numbers,
    "convert_units": _units,
    "days_between": _days,
    "add_days": _days,
    "weekday": _days,
    "read_file": _files,
    "run_python": _programs,
    "add_note": _writing,
    "table_figure": _tables,
    "compare_texts": _two_texts,
    "sort_list": _list,
    "count_text": lambda text, _schema: _OF_COUNTING.search(text) is not None,
    "spell_text": lambda text, _schema: _OF_SPELLING.search(text) is not None,
}
