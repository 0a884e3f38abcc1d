"""The texts at which something else than plain text may begin in an output."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agents.formats.format import CallFormat
from agents.formats.shape import header_tokens, shape_of

Meaning = Literal["think", "close", "noise", "header", "call"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark's place in a text, and what begins there."""

    start: int
    end: int
    meaning: Meaning


class Marks:
    """Finds the marks of a format; where two begin at one place, the longer."""

    def __init__(self, meanings: dict[str, Meaning]) -> None:
        self._meanings = meanings
        texts = sorted(meanings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, texts)))
        self._begun = {text[:size] for text in texts for size in range(1, len(text))}
        self._longest = max(map(len, texts), default=0)

    def find(self, text: str, at: int) -> Mark | None:
        """Return the first mark from a place on."""
        found = self._pattern.search(text, at) if self._meanings else None
        return Mark(found.start(), found.end(), self._meanings[found[0]]) if found else None

    def begun(self, text: str, at: int) -> int:
        """Return how many characters at a text's end, behind a place, may be the beginning of a mark."""
        for size in range(min(self._longest - 1, len(text) - at), 0, -1):
            if text[-size:] in self._begun:
                return size
        return 0


@lru_cache(maxsize=64)
def marks_of(fmt: CallFormat) -> Marks:
    """Return the marks of everything in an output of a format."""
    meanings: dict[str, Meaning] = {}
    tokens = header_tokens(fmt)
    noise = [fmt.answer.close, fmt.answer.header, fmt.stop, *_ends(fmt)]
    noise.append(fmt.reasoning.close if tokens else fmt.answer.open)
    for texts, meaning in (
        (_thinking(fmt), "think"),
        (shape_of(fmt).triggers, "call"),
        (noise, "noise"),
        ((fmt.reasoning.close,), "close"),
        (tokens[:1] if tokens else (), "header"),
    ):
        for text in texts:
            if text.strip():
                meanings.setdefault(text.strip(), meaning)  # type: ignore[arg-type]
    return Marks(meanings)


def _ends(fmt: CallFormat) -> tuple[str, str]:
    """Return what ends a message, with and without the control token that ends the output itself."""
    return fmt.answer.end, fmt.answer.end.rpartition("<")[0]


def _thinking(fmt: CallFormat) -> tuple[str, ...]:
    return (fmt.reasoning.open,) if fmt.reasoning.close else ()


@lru_cache(maxsize=64)
def call_marks_of(fmt: CallFormat) -> Marks:
    """Return the marks at which a call may begin; none for a format in which any brace may be one."""
    shape = shape_of(fmt)
    return Marks({} if shape.bare else dict.fromkeys(shape.triggers, "call"))
