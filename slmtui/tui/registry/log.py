"""The commands of the engine's log."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
