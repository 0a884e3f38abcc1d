"""How much of every text a page has room for, so that a report of many attempts can still be opened."""

from dataclasses import dataclass

CHARACTERS = 1_300_000
"""The texts of all attempts together: with its markup the page of a large run stays below three megabytes."""

MOST, LEAST = 8_000, 400
"""An attempt has room for so many characters at most, and at least."""

SHORTEST = 120
"""A text that is cut keeps so many characters at least."""


@dataclass(frozen=True, slots=True)
class Room:
    """The characters that the texts of one attempt have together."""

    attempt: int

    @classmethod
    def of(cls, attempts: int) -> "Room":
        """Share the room of the page among its attempts."""
        return cls(min(max(CHARACTERS // max(attempts, 1), LEAST), MOST))

    @property
    def prompt(self) -> int:
        """What the prompt of an item has, shared by all who answered it."""
        return self.attempt

    def each(self, texts: int) -> int:
        """Return what each of so many texts of an attempt has."""
        return max(self.attempt // max(texts, 1), SHORTEST)


def cut(text: str, limit: int) -> str:
    """Return a text of about `limit` characters at most; what is missing at its end is told."""
    missing = len(text) - limit
    if missing <= 24:  # shorter than the words that would stand for it
        return text
    return f"{text[:limit].rstrip()} … ({missing} characters cut)"
