"""What `slmtui doctor` says of the tools: how many there are, which are off, and why."""

from slmtui.cli.check import Check
from slmtui.settings import Settings
from slmtui.toolboxes import gather_tools
from tools.extras import ToolOff

OF_NOTES = ("search_notes", "add_note")


def tools_check(settings: Settings) -> Check:
    """Return the check of the tools; those of the notes have a check of their own.

    The user's functions are loaded and the MCP servers started for it, and ended again.
    """
    supply = gather_tools(settings.model_copy(update={"notes": None}))
    supply.close()
    off = [each for each in supply.off if each.name not in OF_NOTES]
    wanted = [each for each in off if each.asked]
    return Check(
        "tools",
        "note" if wanted else "ok",
        f"{len(supply.tools)} that agents may call" + (f", {len(wanted)} off" if wanted else ""),
        "mend the settings, or what is said below; the other tools work" if wanted else "",
        details=tuple(_line(each) for each in off),
    )


def _line(off: ToolOff) -> str:
    return f"{off.name} is off: {off.reason}"
