"""The commands of the engine's log."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "chat.log",
        "chat",
        "view: engine log",
        "Read what llama.cpp says of itself: the end of the engine's log.",
        "engine_log",
        keys=("ctrl+l",),
        slash="log",
        priority=True,
    ),
    Command(
        "log.filter",
        "log",
        "log: filter",
        "Show only the lines that hold a text.",
        "filter",
        keys=("slash",),
        footer="filter",
    ),
    Command(
        "log.follow",
        "log",
        "log: follow",
        "Stay at the end while the log grows, or stop there.",
        "follow",
        keys=("f",),
        footer="follow",
    ),
    Command(
        "log.start",
        "log",
        "log: start",
        "Go to the start of what is shown.",
        "ends(0)",
        keys=("home",),
        priority=True,
    ),
    Command(
        "log.end", "log", "log: end", "Go to the end and follow it.", "ends(1)", keys=("end",), priority=True
    ),
    Command(
        "log.close",
        "log",
        "log: back",
        "Take the filter away, or go back.",
        "close",
        keys=("escape",),
        footer="back",
    ),
)
