"""What the app needs of the user's notes. The assembler has the real one; tests have another."""

from collections.abc import Sequence
from typing import Protocol

from tools.note_files import NoteFile, Skipped


class NotesDesk(Protocol):
    """A folder of notes. Every method may block, and raises `NotesError`, which says what to do."""

    def add(self, text: str) -> str:
        """Write a note down, so that it can be found at once; return the name of its file."""
        ...

    def files(self) -> Sequence[NoteFile | Skipped]:
        """Return the files of the folder, and those that are left out with why."""
        ...

    def reindex(self) -> str:
        """Read what was changed by others since; return what was done, on one line."""
        ...
