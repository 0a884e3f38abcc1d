"""What a benchmark of agents asks: a request, the tool that is right for it, and the answer it must give."""

from dataclasses import dataclass
from typing import Literal

NO_TOOL = "none"

Kind = Literal["number", "date", "word", "first", "sequence", "text"]


@dataclass(frozen=True)
class Expected:
    """A right answer. `kind` says how an answer is compared with it.

    `number` is compared as one, `tolerance` being relative. `date` is ISO 8601, and may be written in
    any of the usual ways. `word` is one of `among`, and the answer must name no other of them; `first` is
    the one that it must name first. `sequence` is all of `among`, in that order. `text` is found in the
    answer, whatever its case, spaces and thousands separators.
    """

    kind: Kind
    value: str
    tolerance: float = 0.0
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One thing to ask. `group` names the wording it was made from: items of one wording are alike.

    `tool` is `NO_TOOL` where no tool is right.
    """

    id: str
    set: str
    group: str
    request: str
    tool: str
    expected: Expected


def number(value: float, tolerance: float = 0.0) -> Expected:
    """Expect a number."""
    return Expected("number", repr(value), tolerance)


def text(value: str) -> Expected:
    """Expect a text within the answer."""
    return Expected("text", value)
