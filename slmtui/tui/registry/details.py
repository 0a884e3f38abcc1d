"""The commands of a turn's details."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
