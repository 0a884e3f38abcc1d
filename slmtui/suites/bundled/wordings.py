"""Wordings with blanks, and what fills them: how every generated request is made."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.benchmarks.agent_items import Expected

Draw: TypeAlias = Callable[[random.Random], tuple[dict[str, Any], Expected]]
"""Draws what fills the blanks of a wording, and the answer that is then right."""

NAMES = (
    "Elif", "Tomas", "Priya", "Joao", "Hana", "Kofi", "Ingrid", "Mateo", "Yuki", "Fatima", "Oskar",
    "Leila", "Bruno", "Chidi", "Marta", "Sven",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """A request with blanks in braces, and the draw that fills them; `{name}` is anybody's."""

    tool: str
    text: str
    draw: Draw

    def make(self, rng: random.Random) -> tuple[str, Expected]:
        """Return a request and the answer to it."""
        blanks, expected = self.draw(rng)
        blanks = {"name": rng.choice(NAMES)} | blanks
        return self.text.format(**blanks), expected
