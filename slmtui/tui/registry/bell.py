"""The commands of the bell."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "chat.bell",
        "chat",
        "app: bell on or off",
        "Ring, and mark the window's title, when a long turn ends while you look elsewhere; or do not.",
        "toggle_bell",
        slash="bell",
        argument="on|off",
        takes="set_bell",
    ),
)
