"""Turns, calls, tool calls and comparisons as CSV and JSON, with the columns of `sessions.columns`.

CSV is UTF-8 without a byte order mark; lines end with a line feed; texts that need it are in double
quotes, and may hold line feeds. Nothing is an empty cell, truth is `true` or `false`. A text that a
spreadsheet would run as a formula gets a `'` in front; control characters are left out of texts.
JSON is a list of objects. It keeps texts whole: JSON has no formulas, and what a terminal might obey
is escaped.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import TypeAlias

from sessions.columns import COLUMNS, CONTEXT_OF_CALLS, CONTEXT_OF_TOOL_CALLS, By
from sessions.compare import Comparison, Figure, ParadigmFigures
from sessions.differences import Difference
from sessions.errors import UnknownColumnError
from sessions.records import TurnRecord, TurnRecords
from sessions.text import SURROGATES, UNSAFE, plain

Row: TypeAlias = dict[str, object]

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001  # spreadsheets obey full-width signs too


def turn_rows(turns: Iterable[TurnRecords], by: By) -> Iterator[Row]:
    """Yield a row for each turn, or for each of its calls of the model or of tools."""
    for records in turns:
        if by == "turn":
            yield asdict(records.turn)
        elif by == "call":
            context = _context(records.turn, CONTEXT_OF_CALLS)
            yield from (asdict(call) | context for call in records.calls)
        elif by == "tool_call":
            context = _context(records.turn, CONTEXT_OF_TOOL_CALLS)
            yield from (asdict(tool_call) | context for tool_call in records.tool_calls)


def comparison_rows(comparison: Comparison) -> Iterator[Row]:
    """Yield a row for each figure of each paradigm; a paradigm without any figure has one row."""
    for paradigm in comparison.paradigms:
        head = _head(paradigm) | _differing(comparison.from_base(paradigm.paradigm))
        yield from (head | _tail(figure) for figure in paradigm.figures)
        if not paradigm.figures:
            yield head


def to_csv(rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV, with a header. Raises `UnknownColumnError`, which names the nearest column."""
    names = _chosen(by, columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def to_json(rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> str:
    """Return rows as a JSON list of objects. Raises `UnknownColumnError`, which names the nearest column."""
    names = _chosen(by, columns)
    objects = [{name: _finite(row.get(name)) for name in names} for row in rows]
    text = SURROGATES.sub("\ufffd", json.dumps(objects, ensure_ascii=False, indent=2))
    # JSON itself escapes control characters below U+0020; its layout has line feeds and no others.
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _context(turn: TurnRecord, names: Iterable[str]) -> Row:
    return {name: getattr(turn, name) for name in names}


def _head(paradigm: ParadigmFigures) -> Row:
    statuses = {name: paradigm.statuses.get(name, 0) for name in STATUSES}
    return {"paradigm": paradigm.paradigm, "turns": paradigm.turns, **statuses}


def _differing(difference: Difference | None) -> Row:
    return {"factors": difference.listed if difference else ""}


def _tail(figure: Figure) -> Row:
    return {
        "metric": figure.metric,
        "unit": figure.unit,
        "source": figure.source,
        "n": figure.n,
        "median": figure.median,
        "q1": figure.q1,
        "q3": figure.q3,
        "min": figure.minimum,
        "max": figure.maximum,
        "ratio_to_base": figure.ratio,
        "ratio_note": figure.ratio_note,
    }


STATUSES = ("ok", "cancelled", "failed", "interrupted", "running")


def _chosen(by: By, columns: Sequence[str] | None) -> list[str]:
    """Return the names of the columns to write: all of them, or those asked for, in that order."""
    known = [column.name for column in COLUMNS[by]]
    if columns is None:
        return known
    for name in columns:
        if name not in known:
            raise UnknownColumnError(name, next(iter(get_close_matches(name, known, 1)), None), by)
    return list(dict.fromkeys(columns))


def _cell(value: object) -> str:
    """Return the text of one cell. Numbers stay numbers, with every digit; texts are made harmless."""
    value = _finite(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    text = plain(value)
    return f"'{text}" if FORMULA.match(text) else text


def _finite(value: object) -> object:
    """Return None for a float that is no number: neither CSV nor JSON has a way to write it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
