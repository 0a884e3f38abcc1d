"""The parts of a turn under one another: its calls, tools and hand-offs, one a line."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList

from slmtui.tui.bindings import bindings

OWN = ("details.open", "details.up", "details.down")


class EntryList(OptionList):
    """The list; its own keys are told in the registry."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("details", only=OWN)]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._shown: list[str] = []

    def show_rows(self, rows: Sequence[str]) -> None:
        """List rows; the mark stays where it is when they are more of the same."""
        if list(rows) == self._shown:
            return
        marked = self.highlighted
        self._shown = list(rows)
        self.set_options([Content(row) for row in rows])
        if marked is not None and rows:
            self.highlighted = min(marked, len(rows) - 1)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    entries = EntryList()
    entries.show_rows(["● the turn", "1 agent · answer"])
    show_alone(entries)
