"""A call of a tool as far as it is written, read for the screen: `calculator(expression: 12 * (3…`.

It never decides anything: what counts as a call is found out by the agent. So it is tolerant, knows the
shapes that calls come in (JSON, a name before JSON, tags, Python) and shows nothing where it sees none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from slmtui.tui.plain import plain_line

MOST_TEXT = 4000
WIDTH = 60
"""Characters that are read, and that are shown. Patterns are bounded too: a model may write anything."""

_NAMES = ("tool", "name", "function", "tool_name", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_FUNCTION = re.compile(r"<function=([\w.\-]+)>?")
_PARAMETER = re.compile(
    r"<parameter=([^>\n]{1,64})>(.*?)(?:</parameter>|(?=<parameter=|</function>)|\Z)", re.DOTALL
)
_ARG = re.compile(
    r"<arg_key>([^<]{0,64})</arg_key>\s{0,4}(?:<arg_value>(.*?)(?:</arg_value>|\Z))?", re.DOTALL
)
_MARKS = re.compile(r"<\|?[\w/=▁ ._\-]{1,40}\|?>|<\|\"\|>|\[/?[A-Z_]{3,20}\]|```\w*")
_BEFORE_BRACE = re.compile(r"([A-Za-z_][\w.\-]{0,63})\s{0,8}(?:json)?\s{0,8}\{")
_PYTHON = re.compile(r"([A-Za-z_][\w.]{0,63})\(([^\n]*)")
_WORD = re.compile(r"[A-Za-z_][\w.\-]{0,63}\Z")


def written_call(text: str) -> str:
    """Return the call that stands last in a text, on one line; `…` ends one that is not complete.

    Nothing is returned while there is no name of a tool yet.
    """
    text = text[:MOST_TEXT]
    found = _tagged(text) or _json(text) or _named(text) or _python(text)
    if found is None:
        return ""
    name, arguments, complete = found
    name = plain_line(name, WIDTH).removeprefix("functions.")
    if not name:
        return ""
    opening = f"{name}({plain_line(arguments, MOST_TEXT)}" if arguments or complete else name
    if complete and len(opening) < WIDTH:
        return f"{opening})"
    return f"{opening[: WIDTH - 1].rstrip()}…"


def called_name(call: str) -> str:
    """Return the name in what `written_call` returned."""
    return call.partition("(")[0].rstrip("…")


_Found = tuple[str, str, bool]
"""A name, the arguments as they are shown, and whether the call is complete."""


def _tagged(text: str) -> _Found | None:
    """Read `<function=NAME><parameter=KEY>VALUE` and `NAME<arg_key>KEY</arg_key><arg_value>VALUE`."""
    if function := _last(_FUNCTION, text):
        pairs = [f"{m[1]}: {m[2].strip()}" for m in _PARAMETER.finditer(text, function.end())]
        inner = _json(text[function.end() :], function[1])
        if not pairs and inner is not None:
            return inner
        return function[1], ", ".join(pairs), "</function>" in text[function.end() :]
    if argument := _ARG.search(text):
        name = _WORD.search(_MARKS.sub(" ", text[: argument.start()]).strip())
        pairs = [f"{m[1]}: {m[2] or ''}" for m in _ARG.finditer(text)]
        return (name[0], ", ".join(pairs), "</tool_call>" in text) if name else None
    return None


def _json(text: str, name: str = "") -> _Found | None:
    """Read an object with a name and arguments, or with `name` given, the arguments alone."""
    best: _Found | None = None
    for value, complete in _objects(text):
        inner = value.get("function")
        call = inner if isinstance(inner, dict) else value
        called = name or next((call[key] for key in _NAMES if isinstance(call.get(key), str)), "")
        arguments: object = call if name else next((call[key] for key in _ARGUMENTS if key in call), {})
        if called:
            best = called, _shown(arguments), complete
    return best


def _objects(text: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the JSON objects in a text, the last one as far as it is written."""
    from pydantic_core import from_json  # noqa: PLC0415 - not needed for the first paint

    decoder, at = json.JSONDecoder(strict=False), text.find("{")
    while at >= 0:
        complete = True
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            complete, end = False, len(text)
            try:
                value = from_json(text[at:].encode("utf-8", "replace"), allow_partial="trailing-strings")
            except ValueError:
                return
        if isinstance(value, dict):
            yield value, complete
        at = text.find("{", end)


def _named(text: str) -> _Found | None:
    """Read `NAME{…}` with marks between, the braces holding JSON or `key: value` without quotes."""
    text = _MARKS.sub(" ", text)
    match = _BEFORE_BRACE.search(text)
    if match is None:
        return None
    rest = text[match.end() - 1 :]
    inner = _json(rest, match[1])
    if inner is not None and inner[1]:
        return inner
    closed = rest.rstrip().endswith("}")
    return match[1], rest.strip().strip("{}").strip(), closed


def _python(text: str) -> _Found | None:
    """Read `NAME(key="value")`, in a list or by itself, and a bare name behind a mark."""
    bare = _MARKS.sub(" ", text).strip()
    if match := _last(_PYTHON, bare):
        rest = match[2].rstrip(" ]")
        complete = rest.endswith(")")
        return match[1], rest[:-1] if complete else rest, complete
    word = _WORD.fullmatch(bare)
    return (word[0], "", False) if word and bare != text.strip() else None


def _shown(value: object) -> str:
    """Return arguments as `key: value, key: value`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value(each)}" for key, each in value.items())
    return _value(value)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    match = None
    for found in pattern.finditer(text):
        match = found
    return match
