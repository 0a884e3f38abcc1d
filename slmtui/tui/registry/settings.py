"""The commands of the settings screen."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
