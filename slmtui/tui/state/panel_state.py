"""The cost panel's own state: which of its boxes are folded, whether it stands still, and its scales."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from slmtui.tui import format as fmt

BoxName = Literal["figures", "speed", "memory", "context", "energy", "budget", "money"]
BOXES: tuple[BoxName, ...] = get_args(BoxName)
"""The boxes from top to bottom: the digit of a box is its place."""


def digit(name: BoxName) -> int:
    """Return the digit that folds a box."""
    return BOXES.index(name) + 1


def named(word: str) -> BoxName | None:
    """Return the box of a digit, of a name or of the beginning of one; None where there is none."""
    word = word.strip().lower()
    return next((box for box in BOXES if word and (box.startswith(word) or str(digit(box)) == word)), None)


@dataclass(slots=True)
class PanelState:
    """Lasts as long as the app. `folded` boxes show their head alone; `paused` draws nothing new."""

    folded: set[BoxName] = field(default_factory=set)
    paused: bool = False
    _tops: dict[str, float] = field(default_factory=dict)

    def toggle(self, box: BoxName) -> None:
        """Fold a box, or open it."""
        self.folded ^= {box}

    def top(self, gauge: str, most: float) -> float:
        """Return the top of a gauge's scale: a round number that grows with `most`, and never shrinks."""
        top = self._tops[gauge] = max(self._tops.get(gauge, 0.0), fmt.round_up(max(most, 1.0)))
        return top
