"""The comparison as it is used: every command of it, by key, by mouse and by the palette."""

from typing import ClassVar

from textual.binding import BindingType

from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.screens.compare.arms import CompareArms
from slmtui.tui.screens.compare.asking import CompareAsking
from slmtui.tui.screens.compare.exporting import CompareExporting
from slmtui.tui.screens.compare.marking import CompareMarking
from slmtui.tui.widgets.compare_prompt import KEYS

VIEWS = ("", "-figures", "-answers")


class CompareScreen(CompareMarking, CompareArms, CompareExporting, CompareAsking):
    """One prompt, several arms. Each `action_…` is one line of the registry."""

    SCOPE: ClassVar[Scope] = "compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare", leave_out=KEYS)]

    _view = 0

    def action_prompt(self) -> None:
        """Go to the prompt."""
        self.prompt.focus()

    def action_figures(self) -> None:
        """Show both answers and figures, or one of the two."""
        self._view = (self._view + 1) % len(VIEWS)
        for number, name in enumerate(VIEWS):
            if name:
                self.set_class(number == self._view, name)

    def action_copy(self) -> None:
        """Copy the marked column's answer."""
        order = self.state.order
        answer = self.state.answer(order[self.state.place].arm) if order else None
        text = answer.live.view.answer if answer is not None else ""
        if text:
            self.app.copy_to_clipboard(text)
            self.note(f"Copied {len(text)} characters.")
        else:
            self.note("There is no answer to copy in this column.")

    async def action_close(self) -> None:
        """Stop what runs; from the prompt go to the columns; from there leave."""
        if self.stop_round():
            return
        if self.focused is self.prompt and self.state.rounds:
            self.columns.focus()
            return
        self.dismiss(None)

    async def on_unmount(self) -> None:
        """Stop the engines that were started for this."""
        self.stop_round()
        await self.engines.close()
