"""The commands of the chat's model."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "model.switch",
        "chat",
        "model: switch",
        "Load another model: a name, a path or a menu.",
        "model_menu",
        keys=("f3",),
        slash="model",
        argument="NAME",
        takes="switch_model",
        priority=True,
    ),
    Command(
        "model.unload",
        "chat",
        "model: unload",
        "Give its memory back until the next prompt.",
        "unload_model",
        slash="unload",
    ),
)
