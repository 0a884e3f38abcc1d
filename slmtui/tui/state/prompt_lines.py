"""The exact prompt of a call as lines: every message under its head, with its origin beside every line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from agents.message import Message
from slmtui.tui.plain import plain_line
from slmtui.tui.state import notices
from slmtui.tui.state.detail_lines import Line, text
from slmtui.tui.state.origins import NEW, REUSED, TAGS, word_of
from slmtui.tui.state.reused import ReuseEnd, reuse_end
from slmtui.tui.state.turn_details import CallDetails

LEFT_OUT = "✂"
TEMPLATE = "The template's own tokens (TPL) stand around each message; their text is not kept."


@dataclass(frozen=True, slots=True)
class _Place:
    """A message in its prompt: its number from 0 among so many, and whether it was left out."""

    number: int
    of: int
    gone: bool


def prompt_lines(call: CallDetails) -> Iterator[Line]:
    """Yield the prompt, with a line where the KV cache's part of it ends."""
    messages, gone = call.messages, call.left_out
    if call.trimmed:
        yield Line(f"{LEFT_OUT} {notices.trimmed(call.trimmed)}", "note")
        if gone is None:
            yield Line("Which messages were left out is not told: they stand among the others here.", "note")
    if call.trimmed and call.trimmed.cut_observations:
        yield Line("The results that were shortened stand here whole.", "note")
    if call.started and call.started.tools:
        names = ", ".join(plain_line(name, 40) for name in call.started.tools)
        yield Line(f"The chat template showed these tools too (TLS): {names}", "note")
    yield Line(TEMPLATE, "note")
    end = reuse_end(messages, call.finished.origins, gone or ()) if call.finished else None
    for n, message in enumerate(messages):
        place = _Place(n, len(messages), n in (gone or ()))
        if end and end.message == n and end.offset == 0:
            yield _reuse_line(end)
        yield from _message(message, place, end)
    if end and end.message >= len(messages):
        yield _reuse_line(end)
    if call.started and call.started.beginning:
        yield Line("── the answer was made to begin with ──", "head")
        yield from text(call.started.beginning)


def _message(message: Message, place: _Place, end: ReuseEnd | None) -> Iterator[Line]:
    look = "left_out" if place.gone else message.origin
    signs = _signs(place, end)
    yield Line(_title(message, place), f"{look} title", _gutter(message, signs[0]))
    row = message.content.count("\n", 0, end.offset) if end and end.message == place.number else -1
    for number, line in enumerate(_body(message, look)):
        yield Line(line.text, line.look, _gutter(message, signs[1 if number > row else 0]))
        if number == row and end and end.offset:
            yield _reuse_line(end)


def _signs(place: _Place, end: ReuseEnd | None) -> tuple[str, str]:
    """Return the signs of a message's lines up to the end of what was reused, and after it."""
    if place.gone:
        return LEFT_OUT, LEFT_OUT
    if end is None:
        return " ", " "
    if place.number == end.message and end.offset:
        return REUSED, NEW
    return (REUSED, REUSED) if place.number < end.message else (NEW, NEW)


def _gutter(message: Message, sign: str) -> str:
    return f"{sign}{TAGS[message.origin]}│"


def _title(message: Message, place: _Place) -> str:
    parts = [f"{place.number + 1} of {place.of}", message.role, f"from {word_of(message.origin)}"]
    if message.call:
        parts.append(f"what {plain_line(message.call.name, 40)} came back with")
    parts.append(notices.plural(len(message.content), "character"))
    if place.gone:
        parts.append(f"{LEFT_OUT} left out")
    return f"── {' · '.join(parts)} ──"


def _body(message: Message, look: str) -> Iterator[Line]:
    if message.content or not message.calls:
        yield from text(message.content, look)
    for called in message.calls:
        arguments = json.dumps(called.arguments, ensure_ascii=False, default=str)
        yield from text(f"⚙ calls {called.name}({arguments})", look)


def _reuse_line(end: ReuseEnd) -> Line:
    if not end.tokens:
        return Line("── nothing of it was reused: all is prefilled from here ──", "reuse")
    here = "reused up to here" if end.exact else "~ reused up to about here"
    return Line(f"── {here}: {notices.plural(end.tokens, 'token')} ──", "reuse")


def prompt_text(call: CallDetails) -> str:
    """Return the prompt of a call as text to be copied: each kept message under its role."""
    gone = call.left_out or ()
    kept = (message for n, message in enumerate(call.messages) if n not in gone)
    return "\n\n".join(f"[{message.role}]\n{_copied(message)}" for message in kept)


def _copied(message: Message) -> str:
    calls = (
        json.dumps({"name": each.name, "arguments": each.arguments}, ensure_ascii=False, default=str)
        for each in message.calls
    )
    return "\n".join([*([message.content] if message.content else []), *calls])
