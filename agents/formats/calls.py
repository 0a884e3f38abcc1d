"""What was read from a model's output."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is None while `raw`, the text of the arguments, cannot be read as such.

    `id` is what the model wrote for one, or empty.
    """

    name: str
    arguments: dict[str, Any] | None
    raw: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An output taken apart: what it says to the person, what it thought, and what it calls."""

    content: str
    reasoning: str
    calls: tuple[Call, ...]
