"""The tools that each item of a run is answered with."""

from collections.abc import Mapping
from pathlib import Path

from slmtui.settings import Settings
from slmtui.suites.item import Item
from slmtui.suites.offered import offered_box
from slmtui.suites.suite import World
from slmtui.suites.world_tools import tools_of
from slmtui.toolboxes import ToolSupply, gather_tools
from tools.registry import Toolbox


class Boxes:
    """Boxes of tools, gathered when first asked for. Close it at the end: tools may have started processes.

    An item that brings tools has those; else the tools of its data set's world, written under `home`; else
    those of the settings.
    """

    def __init__(self, settings: Settings, worlds: Mapping[str, World], home: Path) -> None:
        self._settings = settings
        self._worlds = worlds
        self._home = home
        self._supplies: dict[str, ToolSupply] = {}

    def box(self, item: Item) -> Toolbox:
        """Return the tools for an item. The first time it may wait; raises as gathering does."""
        if item.offered:
            return offered_box(item.offered)
        name = item.data_set if item.data_set in self._worlds else ""
        if name not in self._supplies:
            self._supplies[name] = self._gathered(name)
        return self._supplies[name].box()

    def close(self) -> None:
        """End what the tools have started."""
        supplies, self._supplies = self._supplies, {}
        for supply in supplies.values():
            supply.close()

    def _gathered(self, name: str) -> ToolSupply:
        if not name:
            return gather_tools(self._settings)
        home = self._home / str(len(self._supplies))
        home.mkdir()
        return tools_of(self._worlds[name], home, self._settings)
