"""The chat's reports: the runs that are kept, a comparison of this session's turns, an export of it."""

import asyncio

from sessions.errors import SessionsError
from slmtui.tui.screens.chat.running import ChatRunning

NOT_SAVED = "This session has no turn yet: send a prompt first."


class ChatReports(ChatRunning):
    """What the chat can do with what is stored, but for going on with it."""

    def action_runs(self) -> None:
        """List the runs."""
        from slmtui.tui.screens.runs import RunsScreen  # noqa: PLC0415 - after the first paint

        self.app.push_screen(RunsScreen(self.store, self.options))

    def action_report(self) -> None:
        """Compare the turns of this session."""
        if self.chat.session is None or not self.chat.records:
            self.note(NOT_SAVED)
            return
        from slmtui.tui.screens.run_report import open_report  # noqa: PLC0415 - after the first paint

        open_report(self.app, self.store, self.options, self.chat.session, is_run=False)

    def action_export(self) -> None:
        """Ask for a file, and write this session into it."""
        if self.chat.session is None:
            self.note(NOT_SAVED)
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - after the first paint

        question = "Write to a file: .md .json .csv  (FILE! replaces it)"
        self.app.push_screen(AskText(question, "session.md"), self._export_typed)

    async def _export_typed(self, line: str | None) -> None:
        if line:
            await self.export_to(line)

    async def export_to(self, line: str) -> None:
        """Write this session into the file that `line` names, as its ending says."""
        if self.chat.session is None:
            self.note(NOT_SAVED)
            return
        from slmtui.tui.exports import (  # noqa: PLC0415 - after the first paint
            SESSION_ENDINGS,
            ExportError,
            session_text,
            target,
        )

        try:
            file = await asyncio.to_thread(target, line, SESSION_ENDINGS)
            text = session_text(self.store, self.chat.session, file.ending)
            self.note(await asyncio.to_thread(file.write, text))
        except (ExportError, SessionsError) as error:
            self.note(str(error))
