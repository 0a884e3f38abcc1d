"""The commands of the switches of help."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "help.switches",
        "chat",
        "help: switches",
        "Show the switches of help for small models.",
        "switches",
        slash="switches",
    ),
    Command(
        "help.switch",
        "chat",
        "help: set a switch",
        "Set a switch for this session.",
        "switches",
        slash="switch",
        argument="NAME VALUE",
        takes="switch_named",
        palette=False,
    ),
)
