"""The commands of the cost panel: of the chat for all of it, and of the panel while it has the focus."""

from slmtui.tui.command import Command
from slmtui.tui.state.panel_state import BOXES, digit

COMMANDS: tuple[Command, ...] = (
    Command(
        "chat.panel",
        "chat",
        "view: cost panel",
        "Show or hide the cost panel; with the name or digit of a box, fold or open that.",
        "toggle_panel",
        keys=("ctrl+b",),
        slash="panel",
        argument="BOX",
        takes="fold_named",
        priority=True,
    ),
    Command(
        "chat.panel_focus",
        "chat",
        "view: go to the cost panel",
        "Go to the cost panel, where digits fold its boxes and p pauses it; from there, hide it.",
        "focus_panel",
        keys=("f8",),
        priority=True,
    ),
    Command(
        "panel.pause",
        "panel",
        "panel: pause",
        "Let its figures stand still, or go on with what came meanwhile.",
        "pause",
        keys=("p",),
        footer="pause",
    ),
    *(
        Command(
            f"panel.{box}",
            "panel",
            f"panel: {box}",
            f"Fold the box of the {box}, or open it.",
            f"fold('{box}')",
            keys=(str(digit(box)),),
        )
        for box in BOXES
    ),
)
