"""Every tool over the world of a suite, on a day that is always the same."""

from datetime import datetime, time
from pathlib import Path

from slmtui.settings import Settings
from slmtui.suites.suite import World
from slmtui.toolboxes import ToolSupply, gather_tools

LEFT_OUT = ("add_note",)
"""It would change the world for the items that come after."""


def tools_of(world: World, home: Path, settings: Settings) -> ToolSupply:
    """Write a world into an empty folder, and return the tools of the settings over it, without `LEFT_OUT`.

    The notes, folder and tables of the settings give way to those of the world; whatever else they have
    is there, and `today` is the world's, at noon. Raises as `gather_tools` does.
    """
    world.write(home)
    tools = settings.tools.model_copy(
        update={
            "folder": home / world.folder,
            "tables": tuple(home / table for table in world.tables),
            "disabled": (*settings.tools.disabled, *LEFT_OUT),
        }
    )
    noon = datetime.combine(datetime.fromisoformat(world.today), time(12))
    return gather_tools(
        settings.model_copy(update={"notes": home / world.notes, "tools": tools}), now=lambda: noon
    )
