"""The commands of notes."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "notes.add",
        "chat",
        "notes: add",
        "Write a note down.",
        "add_note",
        slash="note",
        argument="TEXT",
        takes="add_note",
    ),
    Command(
        "notes.list",
        "chat",
        "notes: list",
        "List the files of the notes folder.",
        "list_notes",
        slash="notes",
    ),
    Command(
        "notes.reindex",
        "chat",
        "notes: index anew",
        "Read what others changed in the notes.",
        "reindex_notes",
        slash="reindex",
    ),
)
