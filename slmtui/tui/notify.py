"""Tells a user who looks elsewhere that a long turn has ended: a bell, and the title of the window.

Terminals, tmux among them, say whether the window has the focus only where they are asked to and can.
Where they cannot, it counts as looked at, and nothing rings.
"""

from collections.abc import Callable
from dataclasses import dataclass

LONG_S = 10.0
"""A turn of fewer seconds is not worth a bell."""
QUIET_S = 10.0
"""There is one bell in so many seconds at most."""

_BELL = "\a"
_KEEP_TITLE, _LAST_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""Have the terminal put its title aside, and take it back: terminals that cannot do nothing."""


def _title(text: str) -> str:
    return f"\x1b]2;{text}\x1b\\"


@dataclass(slots=True)
class Notifier:
    """`write` sends to the terminal what it is given, as it is. `clock` is monotonic seconds.

    The titles are our own words alone: nothing of a prompt or an answer gets into them.
    """

    write: Callable[[str], None]
    clock: Callable[[], float]
    enabled: bool = True
    _rang_at: float = -QUIET_S
    _titled: bool = False

    def turn_ended(self, seconds: float, word: str, *, focused: bool) -> bool:
        """Ring when a turn of so many seconds ended unseen; `word` says how. Returns whether it did."""
        if seconds <= LONG_S:
            return False
        return self._ring(f"{word} after {seconds:.0f} s", focused=focused)

    def asked(self, *, focused: bool) -> bool:
        """Ring when a turn waits for a yes or no unseen. Returns whether it did."""
        return self._ring("waits for your yes or no", focused=focused)

    def seen(self) -> None:
        """Give the title back: the user looks again, or the app ends."""
        if self._titled:
            self.write(_title("slmtui") + _LAST_TITLE)
            self._titled = False

    def _ring(self, text: str, *, focused: bool) -> bool:
        if focused or not self.enabled:
            return False
        self.write(("" if self._titled else _KEEP_TITLE) + _title(f"slmtui: {text}"))
        self._titled = True
        now = self.clock()
        if now - self._rang_at >= QUIET_S:
            self._rang_at = now
            self.write(_BELL)
        return True
