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
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TextIO

from sessions.columns import COLUMNS, By
from sessions.errors import UnknownColumnError
from sessions.export_rows import Row
from sessions.item_columns import documented
from sessions.text import SURROGATES, UNSAFE, plain

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001  # spreadsheets obey full-width signs too


def write_csv(out: TextIO, rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> None:
    """Write rows as CSV, with a header. Raises `UnknownColumnError`, which names the nearest column."""
    names = _chosen(by, columns)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_text, names))  # the names of arms are in some
    # Most cells are whole numbers or nothing, which the writer itself writes as they should be.
    writer.writerows(
        [value if (value := row.get(name)) is None or type(value) is int else _cell(value) for name in names]
        for row in rows
    )


def to_csv(rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV, with a header. Raises `UnknownColumnError`, which names the nearest column."""
    text = io.StringIO(newline="")
    write_csv(text, rows, by, columns)
    return text.getvalue()


def write_json(out: TextIO, rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> None:
    """Write rows as a JSON list of objects. Raises `UnknownColumnError`, which names the nearest column."""
    names = _chosen(by, columns)
    before = "[\n"
    for row in rows:
        text = json.dumps({name: _finite(row.get(name)) for name in names}, ensure_ascii=False, indent=2)
        out.write(before + _harmless(text))
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def to_json(rows: Iterable[Row], by: By, columns: Sequence[str] | None = None) -> str:
    """Return rows as a JSON list of objects. Raises `UnknownColumnError`, which names the nearest column."""
    text = io.StringIO(newline="")
    write_json(text, rows, by, columns)
    return text.getvalue()


def _harmless(text: str) -> str:
    """Return JSON whose texts no terminal obeys."""
    # JSON itself escapes control characters below U+0020; its layout has line feeds and no others.
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", SURROGATES.sub("\ufffd", text))


def _chosen(by: By, columns: Sequence[str] | None) -> list[str]:
    """Return the names of the columns to write: all of them, or those asked for, in that order."""
    known = [column.name for column in COLUMNS[by]]
    if columns is None:
        return known
    for name in columns:
        if documented(name) not in known:
            raise UnknownColumnError(name, next(iter(get_close_matches(name, known, 1)), None), by)
    return list(dict.fromkeys(columns))


def _cell(value: object) -> object:
    """Return what the writer is to write. Numbers stay numbers, with every digit; texts are made harmless."""
    if isinstance(value, str):
        return _text(value)
    value = _finite(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    """Return a text that no spreadsheet runs; of most columns, such as the model's, ever the same."""
    text = plain(value)
    return f"'{text}" if FORMULA.match(text) else text


def _finite(value: object) -> object:
    """Return None for a float that is no number: neither CSV nor JSON has a way to write it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
