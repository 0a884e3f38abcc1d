"""The tools that come with slmtui and need nothing of the user's but, perhaps, notes."""

from tools.calculator import CALCULATOR
from tools.date_text import Now
from tools.dates import date_tools
from tools.notes import notes_tool
from tools.notes_index import NotesIndex
from tools.registry import Tool
from tools.text_tools import TEXT_TOOLS
from tools.units import UNITS


def standard_tools(*, now: Now, notes: NotesIndex | None) -> tuple[Tool, ...]:
    """Return the tools in their fixed order; `now` is the user's local time.

    The search in notes is there only with an index of notes. Whatever else there may be, files, tables,
    Python and the user's own tools, has a function of its own that makes it.
    """
    search = () if notes is None else (notes_tool(notes),)
    return (CALCULATOR, UNITS, *date_tools(now), *TEXT_TOOLS, *search)
