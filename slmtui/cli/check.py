"""One thing that `slmtui doctor` looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. A `note` is worth knowing, a `problem` keeps something from working.

    `details` are lines that stand below the value, as they are.
    """

    name: str
    state: State
    value: str
    advice: str = ""
    details: tuple[str, ...] = ()
