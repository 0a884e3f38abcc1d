"""Turns that follow the same turn: other answers to a prompt, or other prompts at the same point."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from slmtui.tui.glyphs import AFTER, BEFORE

Siblings: TypeAlias = Mapping[str, tuple[str, ...]]
"""By turn: all turns that follow the same turn, itself included, in order of time."""


@dataclass(frozen=True, slots=True)
class Place:
    """The turn is number `number` (from 1) of `of` answers to the same point of the conversation."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        """Return `2/3`, or nothing for an only child."""
        return f"{self.number}/{self.of}" if self.of > 1 else ""

    @property
    def switch(self) -> str:
        """Return the place between two angles, which are clicked to see the others."""
        return f"{BEFORE} {self} {AFTER}" if self.of > 1 else ""

    def direction_at(self, from_right: int) -> int:
        """Return what a click so many cells before the switch's right end is for: -1, 1, or 0 beside it."""
        width = len(self.switch)
        if not 0 <= from_right < width:
            return 0
        return 1 if from_right < width / 2 else -1


def place_of(siblings: Siblings, turn: str) -> Place:
    """Return which of its siblings a turn is."""
    family = siblings.get(turn, ())
    return Place(family.index(turn) + 1, len(family)) if turn in family else Place()


def sibling(siblings: Siblings, turn: str, direction: int) -> str:
    """Return the sibling before (-1) or after (1) a turn; empty when there is none."""
    family = siblings.get(turn, ())
    index = family.index(turn) + direction if turn in family else -1
    return family[index] if 0 <= index < len(family) else ""
