"""The specialists of the multi-agent paradigms: who they are, and the tools that each may call.

Their names begin with different letters, so that the first token of a name tells them apart.
"""

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
    Specialist("scheduler", "You know about dates.", ("days_between", "add_days", "weekday")),
    Specialist(
        "librarian", "You look things up in notes and files.", ("search_notes", "add_note", "read_file")
    ),
    Specialist("analyst", "You look things up in tables.", ("table_figure", "query_table")),
    Specialist(
        "editor",
        "You count, sort and compare text.",
        ("count_text", "sort_list", "compare_texts", "spell_text"),
    ),
    Specialist("programmer", "You run Python.", ("run_python",)),
)
OPERATOR = "operator"


def available(tools: Toolbox) -> tuple[Specialist, ...]:
    """Return the specialists that have something to work with, the writer always among them.

    The user's own tools, which no specialist names, are the operator's.
    """
    names = set(tools.names)
    known = tuple(s for s in SPECIALISTS if names & set(s.tools))
    own = tuple(name for name in tools.names if all(name not in s.tools for s in SPECIALISTS))
    operator = (Specialist(OPERATOR, "You use the user's own tools.", own),) if own else ()
    return (*known, *operator, WRITER)


def specialist_for(tool: str, specialists: tuple[Specialist, ...]) -> Specialist:
    """Return the specialist who has a tool; the writer for `none`, or for a tool that nobody has."""
    if tool == NO_TOOL:
        return WRITER
    return next((s for s in specialists if tool in s.tools), WRITER)
