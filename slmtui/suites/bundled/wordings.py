"""Wordings with blanks, and what fills them: how every generated request is made."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from slmtui.suites.item import Expected

Skill = Literal[
    "arithmetic", "word problems", "units", "dates", "notes", "files", "tables", "text", "plain chat"
]
Level = Literal["easy", "medium", "hard"]

SKILLS: tuple[Skill, ...] = get_args(Skill)
LEVELS: tuple[Level, ...] = get_args(Level)

Blanks: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[random.Random], tuple[Blanks, Expected]]
"""Draws what fills the blanks of a wording, and the answer that is then right."""

NAMES = (
    "Elif", "Tomas", "Priya", "Joao", "Hana", "Kofi", "Ingrid", "Mateo", "Yuki", "Fatima", "Oskar",
    "Leila", "Bruno", "Chidi", "Marta", "Sven",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """A request with blanks in braces, and the draw that fills them; `{name}` is anybody's.

    `added` marks those that came after the first ones, whose split must stay what it was.
    """

    skill: Skill
    level: Level
    tool: str
    text: str
    draw: Draw
    added: bool = False

    @property
    def group(self) -> str:
        """The wordings of a group are shared out evenly among the splits."""
        return f"{self.skill} {self.level} {self.tool}" if self.added else self.tool

    def make(self, rng: random.Random) -> tuple[str, Expected]:
        """Return a request and the answer to it."""
        blanks, expected = self.draw(rng)
        blanks = {"name": rng.choice(NAMES)} | blanks
        return self.text.format(**blanks), expected


Written: TypeAlias = tuple[Level, str, Draw]
"""A wording in a list of those of one skill and tool."""


def wordings(
    skill: Skill, tool: str, first: Iterable[Written], added: Iterable[Written]
) -> tuple[Wording, ...]:
    """Return the wordings of a skill that one tool is right for: the first ones, and those added later."""
    return tuple(
        Wording(skill, level, tool, text, draw, later)
        for later, written in ((False, first), (True, added))
        for level, text, draw in written
    )
