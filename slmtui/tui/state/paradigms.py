"""The paradigms as the switcher lists them: the main three, and the controls beside them."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Choice:
    """A paradigm that can be chosen: its name, the word on the switch and what it does.

    A `control` is there for a fair comparison, and is not on the way round.
    """

    name: str
    title: str
    description: str
    control: bool = False


@cache
def choices() -> tuple[Choice, ...]:
    """Return the paradigms that can be had in a chat, the main ones first, each kind in its order."""
    from agents.paradigms import PARADIGMS  # noqa: PLC0415 - not needed for the first paint

    listed = (info for info in PARADIGMS.values() if info.chat)
    found = (Choice(info.name, info.title, info.description, info.control) for info in listed)
    return tuple(sorted(found, key=lambda choice: choice.control))


def mains() -> tuple[Choice, ...]:
    """Return the paradigms in the order in which the switcher goes round."""
    return tuple(choice for choice in choices() if not choice.control)


def controls() -> tuple[Choice, ...]:
    """Return the controls, in the order of the menu."""
    return tuple(choice for choice in choices() if choice.control)


def on_switch(chosen: str) -> tuple[Choice, ...]:
    """Return the paradigms that stand on the switch: the main ones, and the chosen one if it is a control."""
    return (*mains(), *(choice for choice in controls() if choice.name == chosen))


def title_of(name: str) -> str:
    """Return the word for a paradigm; one that is not known here keeps its own name."""
    from agents.paradigms import PARADIGMS  # noqa: PLC0415 - not needed for the first paint

    return PARADIGMS[name].title if name in PARADIGMS else name


def after(name: str) -> str:
    """Return the name of the next main paradigm, round and round; the first one after a control."""
    names = [choice.name for choice in mains()]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
