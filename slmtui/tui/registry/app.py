"""The commands everywhere."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "app.palette",
        "app",
        "app: commands",
        "Find and run any command.",
        "command_palette",
        keys=("ctrl+p",),
        footer="palette",
        palette=False,
        priority=True,
    ),
    Command(
        "app.help",
        "app",
        "app: help",
        "Show the keys and commands.",
        "help",
        keys=("f1",),
        slash="help",
        footer="help",
        priority=True,
    ),
    Command("app.theme", "app", "app: theme", "Choose another theme.", "change_theme", slash="theme"),
    Command(
        "app.copy",
        "app",
        "app: copy or stop",
        "Copy the selection; else stop the running turn; twice with neither quits.",
        "copy_stop_quit",
        keys=("ctrl+c",),
        palette=False,
        priority=True,
    ),
    Command(
        "app.quit",
        "app",
        "app: quit",
        "Leave; a running turn is stopped and kept.",
        "quit",
        keys=("ctrl+q",),
        slash="quit",
        priority=True,
    ),
)
