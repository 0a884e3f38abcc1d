"""Changes one setting in the text of a settings file; comments, order and everything else stay."""

import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, InlineTable, Table, Whitespace

from slmtui.settings import holds
from slmtui.settings_keys import TABLE

Place = tuple[str, ...]
"""The names of the tables that a setting lies in, and its own."""


class UnchangedError(Exception):
    """A change could not be made without harm to what else stands in the file."""


def changed(text: str, place: Place, value: Any) -> str:
    """Return the text of a settings file with a setting set, or with None taken out.

    Raises `UnchangedError` if anything else in it would change, `tomllib.TOMLDecodeError` if it is not TOML.
    """
    before = tomllib.loads(text)
    wanted = _without(before, place) if value is None else _with(_without(before, place), place, value)
    if value is None and wanted == _full(before):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    for put in (_insert, _set):
        try:
            after = _edited(text, place, value, partial(put, end))
            if _full(tomllib.loads(after)) == _full(wanted):
                return after
        except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
            continue
    raise UnchangedError


def _edited(text: str, place: Place, value: Any, put: Callable[[Any, str, Any], None]) -> str:
    document = tomlkit.parse(text)
    if value is None or place[0] == TABLE:
        for spelled in _spellings(place):
            _take_out(document, spelled)
    if value is not None:
        table: Any = document
        for name in place[:-1]:
            if name not in table:
                table[name] = tomlkit.table()
            table = table[name]
        put(table, place[-1], value)
    return tomlkit.dumps(document)


def _insert(end: str, table: Any, name: str, value: Any) -> None:
    """Set a value; a new one comes after the last of its table, before comments that tell of what follows."""
    if name in table or isinstance(table, InlineTable):
        table[name] = value
        return
    if isinstance(table, Table) and table.is_super_table():
        table.trivia.comment = table.trivia.comment_ws = ""  # of the table below, which keeps it
    container: Container = table.value if isinstance(table, Table) else table
    body = container.body
    last = 0
    for index, (_, item) in enumerate(body, 1):
        if isinstance(item, Table | AoT):
            break
        if not isinstance(item, Whitespace | Comment):
            last = index
    item = tomlkit.item(value)
    item.trivia.trail = end
    if last and not body[last - 1][1].trivia.trail:  # the file ends without a line feed
        body[last - 1][1].trivia.trail = end
    body.insert(last, (tomlkit.key(name), item))


def _set(_end: str, table: Any, name: str, value: Any) -> None:
    table[name] = value


def _take_out(document: Any, place: Place) -> None:
    """Take a setting out, and tables that are then empty with it."""
    if not holds(document, place):
        return
    tables: list[Any] = [document]
    for name in place[:-1]:
        tables.append(tables[-1][name])
    tables[-1].pop(place[-1])
    for above, name, table in reversed(list(zip(tables, place, tables[1:], strict=False))):
        if len(table) == 0 and not table.as_string().strip():
            above.pop(name)


def _spellings(place: Place) -> list[Place]:
    """Return how a setting may stand in a file: `"chat.panel"` under `keys`, or its words in tables."""
    if place[0] != TABLE:
        return [place]
    return [place, (TABLE, *place[-1].split("."))]


def _with(values: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    first, *rest = place
    if not rest:
        return {**values, first: value}
    below = values.get(first, {})
    return {**values, first: _with(below, tuple(rest), value)}


def _without(values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    left = dict(values)
    for spelled in _spellings(place):
        left = _less(left, spelled)
    return left


def _less(values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    first, *rest = place
    if not rest:
        return {name: value for name, value in values.items() if name != first}
    below = values.get(first)
    return {**values, first: _less(below, tuple(rest))} if isinstance(below, Mapping) else dict(values)


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without tables that hold nothing."""
    kept = {name: _full(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value != {}}


def write_whole(path: Path, text: str) -> None:
    """Write a file, all of it or nothing; one behind a link stays behind it. Raises `OSError`."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
