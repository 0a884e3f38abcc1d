"""What the files of the suite's world say: a fact is one line of one file."""

from dataclasses import dataclass
from typing import TypeAlias

Lines: TypeAlias = dict[str, list[str]]
"""The lines of files, by their paths."""

PEOPLE = (
    "Ulla Brandt", "Renzo Moretti", "Keiko Sato", "Abel Mensah", "Nora Lindqvist", "Iker Zabala",
    "Dara Quinn", "Pavel Novak", "Salma Haddad", "Wim de Boer", "Lucia Prado", "Emeka Obi",
)  # fmt: skip
COLOURS = (
    "sage green", "pale ochre", "slate blue", "brick red", "chalk white", "olive", "burgundy", "amber",
    "turquoise", "charcoal", "ivory", "copper",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """What a file says: `value` is the `what` of `place`, written in `path` at `line` from 1."""

    place: str
    what: str
    value: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facts that are easily mixed up: `fact` is asked for, `other` is the one that is not meant."""

    fact: Fact
    other: Fact

    @property
    def values(self) -> tuple[str, str]:
        """Both values, the right one first."""
        return self.fact.value, self.other.value
