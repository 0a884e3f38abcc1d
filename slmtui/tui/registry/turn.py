"""The commands of a turn that is marked."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
