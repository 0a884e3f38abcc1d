"""The paradigms as the switcher lists them."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Choice:
    """A paradigm that can be chosen: its name, the word on the switch and what it does."""

    name: str
    title: str
    description: str


@cache
def choices() -> tuple[Choice, ...]:
    """Return the paradigms in the order in which the switcher goes round."""
    from agents.paradigms import PARADIGMS  # noqa: PLC0415 - not needed for the first paint

    return tuple(Choice(info.name, info.title, info.description) for info in PARADIGMS.values())


def title_of(name: str) -> str:
    """Return the word for a paradigm; one that is not known here keeps its own name."""
    return next((choice.title for choice in choices() if choice.name == name), name)


def after(name: str) -> str:
    """Return the name of the next paradigm, round and round."""
    names = [choice.name for choice in choices()]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
