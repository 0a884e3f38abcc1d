"""The user's notes from the chat: adding one, listing them, reading what others changed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from slmtui.tui.notes_desk import NotesDesk
from slmtui.tui.screens.chat.running import ChatRunning
from tools.note_files import NotesError

T = TypeVar("T")
NO_FOLDER = "No folder of notes is open: start with --notes FOLDER, or name it as notes in settings.toml."


class ChatNotes(ChatRunning):
    """What the chat can do with notes. The disk is read and written in a thread."""

    async def _with_notes(self, work: Callable[[NotesDesk], T]) -> T | None:
        """Return what `work` gives; without notes, or when it fails, say why and return None."""
        desk = self.options.notes
        if desk is None:
            self.note(NO_FOLDER)
            return None
        try:
            return await asyncio.to_thread(work, desk)
        except NotesError as error:
            self.note(str(error))
            return None

    async def add_note(self, text: str) -> None:
        """Write a note down. The user typed it, so nothing is asked."""
        name = await self._with_notes(lambda desk: desk.add(text))
        if name is not None:
            self.note(f"Noted in {name}.")

    def action_add_note(self) -> None:
        """Ask what to write down."""
        if self.options.notes is None:
            self.note(NO_FOLDER)
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - after the first paint

        self.app.push_screen(AskText("Add a note"), self._note_typed)

    async def _note_typed(self, text: str | None) -> None:
        if text:
            await self.add_note(text)

    async def action_list_notes(self) -> None:
        """List the files of the notes folder."""
        files = await self._with_notes(lambda desk: tuple(desk.files()))
        if files is None:
            return
        from slmtui.tui.screens.notes_list import NotesList  # noqa: PLC0415 - after the first paint

        self.app.push_screen(NotesList(files))

    async def action_reindex_notes(self) -> None:
        """Read what was changed in the notes by others."""
        done = await self._with_notes(lambda desk: desk.reindex())
        if done is not None:
            self.note(done)
