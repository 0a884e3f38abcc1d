"""What the parser looks for, worked out of a format once: markers without brackets, and where calls begin."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.formats.format import CallFormat
from agents.formats.patterns import literal, split_at

_LISTED = ("json", "python", "generic")
_HEADER = re.compile(r"(<[^<>\s]+>)\s*\w+\s*(<[^<>\s]+>)")


@dataclass(frozen=True, slots=True)
class Shape:
    """A format's markers.

    `opening` and `closing` stand around a section, `call_opening` and `call_closing` around a call or
    its JSON object. `heads` are the patterns with which a call that is no JSON object may begin, up to
    its arguments. `bracketed` says that the calls may stand in a list. `triggers` are the texts at which
    a call may begin; a lone bracket is one where calls have no marker.
    """

    opening: str
    closing: str
    call_opening: str
    call_closing: str
    heads: tuple[str, ...]
    bracketed: bool
    triggers: tuple[str, ...]

    @property
    def bare(self) -> bool:
        """Whether calls have no marker of their own."""
        return self.triggers in (("{",), ("[",))


@lru_cache(maxsize=64)
def shape_of(fmt: CallFormat) -> Shape:
    """Return the shape of a format."""
    bracketed = fmt.kind in _LISTED
    opening, closing = fmt.section_open, fmt.section_close
    if bracketed and opening.rstrip().endswith("["):
        opening, closing = opening.rstrip()[:-1], closing.lstrip().removeprefix("]")
    call_opening, call_closing, heads = _call(fmt)
    return Shape(
        opening=opening,
        closing=closing,
        call_opening=call_opening,
        call_closing=call_closing,
        heads=heads,
        bracketed=bracketed,
        triggers=_triggers(opening, call_opening, heads) or ("[" if "[" in fmt.section_open else "{",),
    )


def _call(fmt: CallFormat) -> tuple[str, str, tuple[str, ...]]:
    """Return what opens and closes a call, and its heads."""
    if fmt.kind in ("json", "generic"):
        start, end = fmt.call.index("{{"), fmt.call.rindex("}}") + 2
        return _plain(fmt.call[:start]), _plain(fmt.call[end:]), ()
    head, tail = split_at(fmt.call, "arguments")
    closing = _plain(tail)
    return literal(head), closing.lstrip()[1:] if fmt.kind == "python" else closing, _heads(head)


def bracket(fmt: CallFormat) -> str:
    """Return the sign that closes the arguments of a call in the style of Python."""
    return _plain(split_at(fmt.call, "arguments")[1]).lstrip()[:1]


def _heads(head: str) -> tuple[str, ...]:
    """Return a call's head, and the same without what models leave out: its first lines, an identifier."""
    before, name, behind = head.partition("{name}")
    found = [head]
    last = before.rpartition("\n")[2]
    if "<" in last:
        found.append(last + name + behind)
    if "{id}" in behind:
        found.append(before + name + behind.partition("{id}")[2])
    return tuple(dict.fromkeys(found))


def _plain(pattern: str) -> str:
    return literal(pattern) if pattern else ""


def _triggers(opening: str, call_opening: str, heads: tuple[str, ...]) -> tuple[str, ...]:
    openings = [opening, call_opening, *(literal(head) for head in heads)]
    found = [_first_line(text) for text in openings]
    return tuple(dict.fromkeys(text for text in found if text))


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].rstrip()


def header_tokens(fmt: CallFormat) -> tuple[str, str] | None:
    """Return the tokens around the word in an answer's header, as in `<|channel|>final<|message|>`."""
    found = _HEADER.fullmatch(fmt.answer.open.strip())
    return (found[1], found[2]) if found else None
