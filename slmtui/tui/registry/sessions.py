"""The commands of the sessions picker."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "sessions.open",
        "sessions",
        "sessions: resume",
        "Resume the marked session.",
        "select",
        keys=("enter",),
        footer="resume",
        palette=False,
    ),
    Command(
        "sessions.replay",
        "sessions",
        "sessions: replay",
        "Play the marked session again.",
        "replay",
        keys=("f5", "p"),
        footer="replay",
    ),
    Command(
        "sessions.rename",
        "sessions",
        "sessions: rename",
        "Give it another title.",
        "rename",
        keys=("r",),
        footer="rename",
    ),
    Command(
        "sessions.delete",
        "sessions",
        "sessions: delete",
        "Delete it; u brings it back.",
        "delete",
        keys=("d", "delete"),
        footer="delete",
    ),
    Command(
        "sessions.undo",
        "sessions",
        "sessions: undo delete",
        "Bring back what was deleted last.",
        "undo",
        keys=("u",),
    ),
    Command(
        "sessions.search",
        "sessions",
        "sessions: search",
        "Search titles, prompts and answers.",
        "search",
        keys=("slash",),
        footer="find",
    ),
    Command(
        "sessions.close",
        "sessions",
        "sessions: back",
        "Go back to the chat.",
        "close",
        keys=("escape",),
        footer="back",
    ),
)
