"""Tells a key that is meant from one that was being typed when a question came up."""

from collections.abc import Callable
from dataclasses import dataclass, field

GRACE_S = 0.7
GAP_S = 0.15
"""Keys of the first moments are not meant, nor those that follow another faster than this."""


@dataclass(slots=True)
class KeyGate:
    """Lets keys through once the user has stopped typing. `clock` is monotonic seconds."""

    clock: Callable[[], float]
    _opened: float = field(init=False)
    _last: float = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin anew: the question came up now."""
        self._opened = self.clock()
        self._last = self._opened

    @property
    def is_open(self) -> bool:
        """Whether the first moments are over."""
        return self.clock() - self._opened >= GRACE_S

    def lets_key_through(self) -> bool:
        """Take note of a key; return whether it is meant."""
        before, self._last = self._last, self.clock()
        return self.is_open and self._last - before >= GAP_S
