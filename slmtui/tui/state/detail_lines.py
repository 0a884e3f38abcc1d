"""The lines of a text that is read as it is: each with its look, and the sign and tag beside it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from slmtui.tui.plain import plain
from slmtui.tui.state.notices import plural


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, made plain. `look` names how it is drawn; `gutter` is at its left, on every row."""

    text: str
    look: str = "text"
    gutter: str = ""


def head(title: str) -> list[Line]:
    """Return the heading of a part, after a blank line."""
    return [Line(""), Line(title, "head")]


def pairs(facts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """Yield facts one under another, each behind its name; empty ones are left out."""
    told = [(name, value) for name, value in facts if value]
    width = max((cell_len(name) for name, _ in told), default=0)
    for name, value in told:
        first, *more = value.split("\n")
        yield Line(f"{name:<{width}}  {first}")
        yield from (Line(f"{'':<{width}}  {line}") for line in more)


def text(raw: str, look: str = "text", gutter: str = "") -> Iterator[Line]:
    """Yield a text that is not ours line by line, and how much of it cannot be shown."""
    yield from (Line(line, look, gutter) for line in plain(raw).split("\n"))
    if hidden := hidden_characters(raw):
        yield Line(f"({plural(hidden, 'character')} that cannot be shown left out)", "note", gutter)


def hidden_characters(raw: str) -> int:
    """Return how many characters of a text `plain` leaves out; carriage returns do not count."""
    return sum(raw.count(each) for each in set(raw) - {"\r"} if not plain(each))


def as_json(arguments: Mapping[str, Any]) -> str:
    """Return arguments as JSON over several lines."""
    return json.dumps(arguments, ensure_ascii=False, indent=2, default=str)


def bars(shares: Sequence[tuple[str, float]], width: int) -> Iterator[str]:
    """Yield each name with its share, 0 to 1, in percent and as a bar of at most `width` cells."""
    names = max((cell_len(name) for name, _ in shares), default=0)
    for name, share in shares:
        filled = round(max(0.0, min(share, 1.0)) * width)
        yield f"{name}{' ' * (names - cell_len(name))}  {share:>6.1%}  {'█' * filled}".rstrip()
