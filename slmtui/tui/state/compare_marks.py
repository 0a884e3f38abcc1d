"""What a person says of an answer, drawn with a sign and a word; and where each word is, for the mouse."""

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual.content import Content

Mark = Literal["better", "right", "wrong"]

SIGNS: dict[Mark, str] = {"better": "★ better", "right": "✓ right", "wrong": "✗ wrong"}


@dataclass(frozen=True, slots=True)
class Marks:
    """What was said of an answer: whether it is right, and better than the others' (None: nothing was)."""

    right: bool | None = None
    preferred: bool | None = None

    def __contains__(self, mark: object) -> bool:
        return {"better": self.preferred, "right": self.right, "wrong": self.right is False}.get(
            str(mark)
        ) is True

    @property
    def made(self) -> bool:
        """Whether anything was said."""
        return self.right is not None or self.preferred is not None

    @property
    def words(self) -> str:
        """What was said, in a line: «★ better · ✓ right»."""
        return " · ".join(sign for mark, sign in SIGNS.items() if mark in self)


def _cell(mark: Mark, marks: Marks) -> str:
    return f"[{SIGNS[mark]}]" if mark in marks else f" {SIGNS[mark]} "


def marks_line(marks: Marks) -> Content:
    """Return the three words, what was said in brackets and bold."""
    return Content.assemble(*((_cell(mark, marks), "bold" if mark in marks else "") for mark in SIGNS))


def mark_at(x: int, marks: Marks) -> Mark | None:
    """Return the mark whose words cover cell `x`, or None."""
    left = 0
    for mark in SIGNS:
        right = left + cell_len(_cell(mark, marks))
        if left <= x < right:
            return mark
        left = right
    return None
