"""The commands of the compare screen."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
