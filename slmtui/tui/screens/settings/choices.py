"""The values that a setting can have, as a list."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui.glyphs import CHOSEN


class ChoiceMenu(ModalScreen[str | None]):
    """Ends with the value that was chosen, or with None."""

    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    def __init__(self, name: str, choices: Sequence[str], current: str) -> None:
        super().__init__()
        self._name, self._choices, self._current = name, choices, current

    def compose(self) -> ComposeResult:
        """List the values, the current one marked."""
        marks = (CHOSEN if choice == self._current else " " for choice in self._choices)
        menu = OptionList(
            *(Option(Content(f"{mark} {each}")) for mark, each in zip(marks, self._choices, strict=True)),
            markup=False,
        )
        menu.border_title = self._name
        menu.border_subtitle = "enter: take · esc: leave"
        yield menu

    def on_mount(self) -> None:
        """Begin at the current one."""
        if self._current in self._choices:
            self.query_one(OptionList).highlighted = self._choices.index(self._current)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index])
