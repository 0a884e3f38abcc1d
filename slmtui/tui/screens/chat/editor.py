"""The prompt in the user's own editor."""

from textual.app import SuspendNotSupported

from slmtui.tui.outside_editor import EditorError, edited
from slmtui.tui.screens.chat.running import ChatRunning

NO_EDITOR = "No editor is known: set $VISUAL or $EDITOR, for example to nano."


class ChatEditor(ChatRunning):
    """Gives the terminal to an editor for a while. A turn that runs goes on, and is drawn afterwards."""

    def action_external_editor(self) -> None:
        """Write the prompt in the editor that $VISUAL or $EDITOR names."""
        if not self.options.editor.strip():
            self.note(NO_EDITOR)
            return
        self.run_worker(self._edit(), group="editor", exclusive=True, exit_on_error=False)

    async def _edit(self) -> None:
        before = self.prompt.pastes.unfolded(self.prompt.text)
        written, problem = "", ""
        try:
            with self.app.batch_update(), self.app.suspend():  # nothing may be drawn over the editor
                try:
                    written = await edited(self.options.editor, f"{before}\n")
                except EditorError as error:  # past here the terminal would not be taken back
                    problem = str(error)
        except SuspendNotSupported:
            problem = "An editor needs a terminal of its own, which a browser has not."
        self.app.refresh(layout=True)
        if problem:
            self.note(f"{problem} Your prompt is kept.")
        else:
            self._take_edited(before, written.removesuffix("\n"))

    def _take_edited(self, before: str, after: str) -> None:
        if after == before:
            self.note("The editor changed nothing.")
        else:
            self.prompt.put(after)
            self.prompt.focus()
