"""Marks around text that is not the template's, by which it is found again in what the template makes of it.

What the template writes may contain control tokens; what a person, a tool or the model wrote may not.
So every such text is wrapped in two noncharacters before rendering, and the prompt is split at them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from agents.message import Origin

# Unicode noncharacters: reserved for use inside a program, never in text.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

Kind = Literal["content", "said", "argument", "tool"]
"""What a text is: a message's content, an assistant's, a part of a call, or of a tool's description."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text that goes into a template comes from."""

    origin: Origin
    kind: Kind = "content"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a rendered prompt, and where it comes from.

    Only what the template wrote is `trusted`: it alone may hold control tokens. `said` is what an
    assistant's message says.
    """

    text: str
    origin: Origin
    trusted: bool = False
    said: bool = False


Wrap: TypeAlias = Callable[[str, Source], str]
"""Makes of a text what the template is given of it."""

_SPELLS = re.compile(r"[<\[\]]")


def unmarked(text: str) -> str:
    """Return a text without what could be taken for a mark."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def plain(text: str, _source: Source) -> str:
    """Return a text as it is, without what could be taken for a mark."""
    return unmarked(text)


def broken_up(text: str, source: Source) -> str:
    """Put a zero-width space behind each bracket, so that no text spells a control token."""
    return _SPELLS.sub("\\g<0>\u200b", plain(text, source))


def unescaped(rendered: str) -> str:
    """Return a prompt with marks that JSON or Python wrote as escapes turned back into marks.

    A text may hold such escapes too: what comes of them is told from marks by what it leaves behind.
    """
    for mark in (OPEN, CLOSE):
        rendered = rendered.replace(f"\\u{ord(mark):04x}", mark)
    return rendered


class Marks:
    """Wraps texts, and splits at the marks what a template made of them.

    Texts of the kinds in `stripped` lose their white space at both ends first, as some templates have it.
    """

    def __init__(self, stripped: tuple[Kind, ...] = ()) -> None:
        self._stripped = stripped
        self._sources: list[Source] = []

    def wrap(self, text: str, source: Source) -> str:
        """Return a text between marks. An empty one stays empty: templates ask whether there is any."""
        clean = plain(text, source)
        if source.kind in self._stripped:
            clean = clean.strip()
        if not clean:
            return clean
        self._sources.append(source)
        return f"{OPEN}{len(self._sources) - 1:x}{OPEN}{clean}{CLOSE}"

    def pieces(self, rendered: str) -> list[Piece] | None:
        """Split a marked rendering; None when a mark was lost or moved."""
        pieces: list[Piece] = []
        tools: list[int] = []
        head, *marked = rendered.split(CLOSE)
        for part in (head, *marked):
            before, *inside = part.split(OPEN)
            if before:
                pieces.append(Piece(before, "template", trusted=True))
            if not inside:
                continue
            source = self._source(inside[0]) if len(inside) == 2 else None
            if source is None:
                return None
            if source.kind == "tool":
                tools.append(len(pieces))
            pieces.append(Piece(inside[1], source.origin, said=source.kind == "said"))
        if len(marked) != rendered.count(OPEN) // 2:
            return None
        return _with_tools(pieces, tools)

    def _source(self, index: str) -> Source | None:
        try:
            number = int(index, 16)
        except ValueError:
            return None
        return self._sources[number] if 0 <= number < len(self._sources) else None


def _with_tools(pieces: list[Piece], tools: list[int]) -> list[Piece]:
    """Count as the tools' what the template writes between the first text of a tool and the last."""
    if not tools:
        return pieces
    return [
        replace(piece, origin="tools") if piece.trusted and tools[0] < n < tools[-1] else piece
        for n, piece in enumerate(pieces)
    ]
