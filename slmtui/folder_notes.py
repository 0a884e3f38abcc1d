"""The user's folder of notes, as the app uses it; see `slmtui.tui.notes_desk.NotesDesk`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.note_files import NoteFile, Skipped, checked_folder, walk
from tools.note_writing import append_note
from tools.notes_index import NotesIndex


@dataclass(frozen=True, slots=True)
class FolderNotes:
    """Notes in a folder, with the index that the model's tool searches. Every method raises `NotesError`."""

    folder: Path
    index: NotesIndex
    now: Callable[[], datetime]

    def add(self, text: str) -> str:
        """Write a note down, index it, and return the name of its file."""
        name = append_note(self.folder, text, self.now())
        self.index.build(self.folder)
        return name

    def files(self) -> tuple[NoteFile | Skipped, ...]:
        """Return the files of the folder, and those that are left out with why."""
        return tuple(walk(checked_folder(self.folder)))

    def reindex(self) -> str:
        """Read what was changed since; return what was done, on one line."""
        return self.index.build(self.folder).summary()
