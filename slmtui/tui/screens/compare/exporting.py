"""The comparison as files: its table as CSV, its report as HTML."""

import asyncio
from pathlib import Path

from textual import on
from textual.message import Message

from sessions.errors import SessionsError
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.compare.running import STILL, CompareRunning


class CompareExporting(CompareRunning):
    """Asks for a name, and again before anything is overwritten."""

    class Exported(Message):
        """The files were written, or `problem` says why not and what to do."""

        def __init__(self, files: tuple[Path, ...], problem: str = "") -> None:
            super().__init__()
            self.files, self.problem = files, problem

    def action_export(self) -> None:
        """Ask where to."""
        from slmtui.tui.compare_files import ENDINGS  # noqa: PLC0415 - only when it is asked for

        run = self.by_hand.run
        if self.state.running:
            self.note(STILL)
        elif run is None:
            self.note("There is nothing to export yet: ask something first.")
        else:
            self._ask_name(
                f"comparison-{run.id[-6:].lower()}", f"Name of the files, for {' and '.join(ENDINGS)}"
            )

    def _ask_name(self, name: str, question: str, known: str = "") -> None:
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        self.app.push_screen(AskText(question, name), lambda given: self._named(given, known))

    def _named(self, given: str | None, known: str) -> None:
        """Write, unless it would overwrite what the user was not asked about."""
        if not given or self.by_hand.run is None:
            return
        from slmtui.tui.compare_files import files_of  # noqa: PLC0415 - only when it is asked for
        from slmtui.tui.exports import ExportError  # noqa: PLC0415 - only when it is asked for

        try:
            there = [file.path.name for file in files_of(given) if file.path.exists()]
        except ExportError as error:
            self.note(str(error))
            return
        if there and given != known:
            names = plain_line(" and ".join(there), 60)
            self._ask_name(given, f"{names} is there: enter overwrites it", given)
            return
        self.run_worker(self._write(given, self.by_hand.run.id), group="export", exit_on_error=False)

    async def _write(self, name: str, run: str) -> None:
        from slmtui.tui.compare_files import write_files  # noqa: PLC0415 - only when it is asked for
        from slmtui.tui.exports import ExportError  # noqa: PLC0415 - only when it is asked for

        prices, encodings = self.options.prices, self.options.encodings()
        try:
            files = await asyncio.to_thread(write_files, self.store.path, run, name, prices, encodings)
        except (ExportError, SessionsError) as error:
            self.post_message(self.Exported((), str(error)))
        else:
            self.post_message(self.Exported(files))

    @on(Exported)
    def _exported(self, message: Exported) -> None:
        message.stop()
        if message.problem:
            self.note(message.problem)
        else:
            self.note(f"Wrote {' and '.join(map(str, message.files))}.")
