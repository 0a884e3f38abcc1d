"""The ladder of one step: is what the model wrote a valid call, and if not, can it be mended?

A mended call counts as a repair, never as a success of the model's own. One repair is tried; what it
cannot mend is asked for once more.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.dialect import Reply, Written
from agents.loose_calls import ARGUMENT_KEYS, MOST_TEXT, NAME_KEYS, loose_calls, loose_objects
from agents.message import ToolCall
from tools.arguments import complaint
from tools.registry import Tool

CLOSE_ENOUGH = 0.6
"""Similarity (difflib's ratio, 0 to 1) from which a name is taken for that of a tool."""

_OTHER_KEYS = ("tool_call", "tool_calls", "type", "id")
_OBJECT = re.compile(
    rf"""\{{\s*["']?(?:{"|".join((*NAME_KEYS, *ARGUMENT_KEYS, *_OTHER_KEYS))})["']?\s*:""", re.IGNORECASE
)
_NO_PERSON = re.compile(
    rf"""["']?(?:{"|".join((*ARGUMENT_KEYS, *NAME_KEYS[2:], "tool"))})["']?\s*:""", re.IGNORECASE
)
_TAG = re.compile(r"<[|/]*tool_?calls?\b|\[TOOL_CALLS\]|<function=|\btool_calls?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repaired:
    """Valid calls that were made of invalid ones, and what was done to them."""

    calls: tuple[ToolCall, ...]
    detail: str


def valid_calls(reply: Reply, tools: Iterable[Tool]) -> tuple[ToolCall, ...]:
    """Return the calls of a reply if every one of them is valid as it stands, else none."""
    known = {tool.name: tool for tool in tools}
    calls = [
        ToolCall(call.name, call.arguments, call.id)
        for call in reply.calls
        if call.arguments is not None and _problem(call.name, call.arguments, known) is None
    ]
    return tuple(calls) if len(calls) == len(reply.calls) else ()


def attempted(reply: Reply, tools: Iterable[Tool]) -> bool:
    """Whether a reply without a call that could be read looks as if one was meant.

    It does when it has the tags of a call, when it begins with a tool's name and a bracket, or when an
    object in it has a call's keys and names a tool, or is all there is and has what only calls have.
    """
    text, names = reply.content[:MOST_TEXT], [tool.name for tool in tools]
    if _TAG.search(text) or _begins_as_code(text, names):
        return True
    if not _OBJECT.search(text):
        return False
    like = CLOSE_ENOUGH if _NO_PERSON.search(text) else 1.0  # much else than a tool has a name
    return any(_nearest(call.name, names, like) for call in loose_calls(text)) or _is_odd(text)


def _begins_as_code(text: str, names: Iterable[str]) -> bool:
    """Whether a text is a call in the style of Python, such as `calculator(a=1)`, perhaps in a fence."""
    head = re.sub(r"^\s*(?:```\w*\s*)?(?:print\()?", "", text)
    return any(re.match(rf"{re.escape(name)}\s*\(", head) for name in names)


def _is_odd(text: str) -> bool:
    """Whether a text begins with a call of a tool that there is not, or of none."""
    read = loose_objects(text) if text.lstrip("`json \n").startswith("{") else []
    return any("arguments" in each or "tool" in each for each in read)


def what_is_wrong(reply: Reply, tools: Sequence[Tool]) -> str:
    """Return the first thing wrong with the calls of a reply, as one sentence for a model."""
    known = {tool.name: tool for tool in tools}
    for call in reply.calls or loose_calls(reply.content[:MOST_TEXT]):
        if call.arguments is None:
            return "Its arguments are not a JSON object."
        if (problem := _problem(call.name, call.arguments, known)) is not None:
            return problem
    return "It is not written in the form of a call."


def repaired(reply: Reply, tools: Sequence[Tool]) -> Repaired | None:
    """Mend the calls of a reply once: nearest tool name, loose JSON, unknown arguments dropped.

    None where one of them cannot be mended into a valid call.
    """
    known = {tool.name: tool for tool in tools}
    found = reply.calls or tuple(loose_calls(reply.content[:MOST_TEXT]))
    calls: list[ToolCall] = []
    done: list[str] = [] if reply.calls else ["found in the text"]
    for call in found:
        mended = _mended(call, known, done)
        if mended is None:
            return None
        calls.append(mended)
    return Repaired(tuple(calls), "; ".join(dict.fromkeys(done))) if calls else None


def _problem(name: str, arguments: Mapping[str, Any], known: Mapping[str, Tool]) -> str | None:
    if name not in known:
        return f"There is no tool of that name; the tools are: {', '.join(known)}."
    return complaint(arguments, known[name].parameters)


def _mended(call: Written, known: Mapping[str, Tool], done: list[str]) -> ToolCall | None:
    name = _nearest(call.name, known)
    if name is None:
        return None
    if name != call.name:
        done.append(f"the name nearest to {call.name[:40]!r} is {name}")
    arguments = call.arguments
    if arguments is None:
        arguments = next(iter(loose_objects(call.raw)), None)
        done.append("loose JSON read")
    if arguments is None:
        return None
    schema = known[name].parameters
    fitted = _fitted(arguments, schema, done)
    return None if complaint(fitted, schema) else ToolCall(name, fitted, call.id)


def _nearest(name: str, known: Iterable[str], like: float = CLOSE_ENOUGH) -> str | None:
    """Return the known name most like one that a model wrote; its case and punctuation do not count."""
    plain = {_plain(each): each for each in known}
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=like)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name[:200].casefold())


def _fitted(arguments: Mapping[str, Any], schema: Mapping[str, Any], done: list[str]) -> dict[str, Any]:
    """Return arguments without unknown ones, numbers written as text read as such."""
    properties = schema.get("properties", {})
    others = bool(schema.get("additionalProperties"))
    fitted = {name: value for name, value in arguments.items() if others or name in properties}
    if len(fitted) < len(arguments):
        unknown = ", ".join(str(name)[:40] for name in arguments if name not in fitted)
        done.append(f"unknown arguments dropped: {unknown}"[:200])
    for name, value in fitted.items():
        read = _as_type(value, properties.get(name, {}))
        if read is not value:
            fitted[name] = read
            done.append(f"{name} read as {properties[name].get('type')}")
    return fitted


def _as_type(value: object, schema: Mapping[str, Any]) -> object:
    kind = schema.get("type")
    if isinstance(value, str) and kind in ("number", "integer"):
        text = value.strip().replace(",", "")
        if re.fullmatch(r"[-+]?\d{1,15}", text):
            return int(text)
        if kind == "number" and re.fullmatch(r"[-+]?\d{1,15}\.\d{1,15}", text):
            return float(text)
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value
