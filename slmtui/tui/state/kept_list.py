"""A list that takes time to make: what it was is there at once, and now and then it is made anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

FRESH_S = 10.0


@dataclass(slots=True)
class KeptList(Generic[T]):
    """`items` are as `make` gave them last; `make` may block, and is called by whoever asks `wanted`."""

    make: Callable[[], Sequence[T]]
    items: Sequence[T] = ()
    _asked: float | None = None

    def wanted(self, now: float) -> bool:
        """Whether the list should be made now, at `now` seconds; asked again at once, it says no."""
        if self._asked is not None and now - self._asked < FRESH_S:
            return False
        self._asked = now
        return True
