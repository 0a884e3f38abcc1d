"""Every tool over the generated folder, on a day that is always the same."""

from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

from slmtui.settings import Settings
from slmtui.toolboxes import ToolSupply, gather_tools
from tests.benchmarks.agent_world import write_world


class FixedClock(datetime):
    """The time of day of every run: what is said to be today is in the prompt, and must not change."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return noon of a Wednesday."""
        return cls(2026, 4, 15, 12, 0, tzinfo=tz)


def tools_in(home: Path, settings: Settings) -> ToolSupply:
    """Write the folder into a home and return the tools of the settings, which are over it."""
    write_world(home)
    return gather_tools(settings, now=FixedClock.now)
