"""The commands of runs and their comparisons."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = ()
