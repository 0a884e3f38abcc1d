"""Calls in a text that no format could read: in the quotes of Python, with commas or braces wrong."""

from typing import Any

from agents.dialect import Written
from agents.formats.loose import LooseReader
from agents.formats.patterns import MismatchError, UnfinishedError

MOST_TEXT = 8_000
"""Characters of an output in which a loose call is looked for."""

NAME_KEYS = ("tool", "name", "function", "tool_name", "action")
ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "action_input", "tool_input")
"""The keys under which models write a tool's name and its arguments, the likeliest first."""

_MOST_BRACKETS = 500


def loose_objects(text: str) -> list[dict[str, Any]]:
    """Return the objects in loose JSON: other quotes, commas too many, braces missing."""
    brackets = text.count("{") + text.count("[")
    if "{" not in text or len(text) > MOST_TEXT or brackets > _MOST_BRACKETS:
        return []
    return _as_python(text) or _repaired(text[text.index("{") :])


def _as_python(text: str) -> list[dict[str, Any]]:
    """Return the objects of a text if they are whole, in whichever quotes: what needs no guessing."""
    found: list[dict[str, Any]] = []
    at = text.find("{")
    try:
        while at >= 0:
            value, end = LooseReader(text + "\n").value(at)
            found.append(value)
            at = text.find("{", end)
    except (MismatchError, UnfinishedError):
        return []
    return found


def _repaired(text: str) -> list[dict[str, Any]]:
    import json_repair  # noqa: PLC0415 - it takes a while to import, and is seldom needed

    try:
        read = json_repair.loads(f"[{text}]")  # else it keeps the last of several objects alone
    except (ValueError, RecursionError):
        return []
    return [each for each in read if isinstance(each, dict)] if isinstance(read, list) else []


def loose_calls(text: str) -> list[Written]:
    """Return the calls in a text that were not written as such: objects with a name and arguments."""
    found = []
    for read in loose_objects(text):
        listed = read.get("tool_calls")
        inside = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else [read]
        found += [call for each in inside if (call := _loose_call(each)) is not None]
    return found


def _loose_call(read: dict[str, Any]) -> Written | None:
    """Return the call that an object is, if it has a name."""
    inner = read.get("function")
    if isinstance(inner, dict):  # {"type": "function", "function": {"name": …}}
        read = inner
    name = next((read[key] for key in NAME_KEYS if isinstance(read.get(key), str)), None)
    if name is None:
        return None
    beside = {key: value for key, value in read.items() if key not in (*NAME_KEYS, "type", "id")}
    arguments = next((read[key] for key in ARGUMENT_KEYS if key in read), beside)
    if isinstance(arguments, str) and arguments.strip():
        arguments = next(iter(loose_objects(arguments)), arguments)
    if isinstance(arguments, dict):
        return Written(name, arguments, "")
    return Written(name, None if arguments else {}, "")
