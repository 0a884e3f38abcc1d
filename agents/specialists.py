"""The specialists of the multi-agent paradigm: who they are, and the tools that each may call."""

from dataclasses import dataclass

from agents.examples import NO_TOOL
from tools.registry import Toolbox


@dataclass(frozen=True, slots=True)
class Specialist:
    """An agent for one kind of task."""

    name: str
    system: str
    tools: tuple[str, ...]


WRITER = Specialist("writer", "You are a helpful assistant.", ())

SPECIALISTS: tuple[Specialist, ...] = (
    Specialist("mathematician", "You calculate.", ("calculator",)),
    Specialist("converter", "You convert units.", ("convert_units",)),
    Specialist("calendar", "You know about dates.", ("days_between", "add_days", "weekday")),
    Specialist("librarian", "You look things up in the notes.", ("search_notes",)),
    WRITER,
)


def available(tools: Toolbox) -> tuple[Specialist, ...]:
    """Return the specialists that have something to work with, the writer always among them."""
    names = set(tools.names)
    return tuple(s for s in SPECIALISTS if not s.tools or names & set(s.tools))


def specialist_for(tool: str) -> Specialist:
    """Return the specialist who has a tool; the writer for `none`, or for a tool that nobody has."""
    if tool == NO_TOOL:
        return WRITER
    return next((s for s in SPECIALISTS if tool in s.tools), WRITER)
