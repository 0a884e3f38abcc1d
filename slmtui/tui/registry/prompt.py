"""The commands of the prompt."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "chat.send",
        "chat",
        "chat: send",
        "Send the prompt, or run the slash command.",
        "send",
        keys=("enter",),
        palette=False,
        footer="send",
    ),
    Command(
        "chat.newline",
        "chat",
        "chat: new line",
        "Begin a new line in the prompt.",
        "newline",
        keys=("shift+enter", "ctrl+j"),
        palette=False,
    ),
    Command(
        "chat.older",
        "chat",
        "chat: older prompt",
        "On the first line: the prompt sent before.",
        "older",
        keys=("up",),
        palette=False,
    ),
    Command(
        "chat.newer",
        "chat",
        "chat: newer prompt",
        "On the last line: the prompt sent after.",
        "newer",
        keys=("down",),
        palette=False,
    ),
)
