"""The tools of an item that brings its own: described to the model, and never run."""

from collections.abc import Iterable
from typing import Any

from slmtui.suites.item import OfferedTool
from slmtui.suites.suite import SuiteError
from slmtui.tool_schemas import fitting
from tools.registry import Tool, Toolbox

RESULT = "Done."
"""What every call of an offered tool comes back with."""


def offered_box(offered: Iterable[OfferedTool]) -> Toolbox:
    """Return a box of the tools that an item offers; whatever is called, the result is `RESULT`.

    Their arguments are loosened where no grammar can hold them. Raises `SuiteError` where none can at all,
    or where two tools have one name.
    """
    try:
        return Toolbox(map(_tool, offered))
    except ValueError as error:
        raise SuiteError(f"the tools of an item cannot be offered: {error}") from error


def _tool(offered: OfferedTool) -> Tool:
    tool = Tool(offered.name, offered.description, offered.parameters, (), _done, source="the suite")
    fitted = fitting(tool)
    if fitted is None:
        raise SuiteError(
            f"the tool {offered.name} cannot be offered: its arguments are too odd for a grammar"
        )
    return fitted


def _done(**_arguments: Any) -> str:
    return RESULT
