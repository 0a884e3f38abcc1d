"""The menu of paradigms, each with what it does."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.state.paradigms import Choice, choices


class ParadigmMenu(ModalScreen[str | None]):
    """Ends with the name of the chosen paradigm, or with None."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """List the paradigms, the current one marked."""
        menu = OptionList(*(self._option(choice) for choice in choices()), markup=False)
        menu.border_title = "Paradigm"
        yield menu

    def _option(self, choice: Choice) -> Option:
        mark = CHOSEN if choice.name == self._current else " "
        return Option(Content(f"{mark} {choice.title}\n    {choice.description}"), id=choice.name)

    def on_mount(self) -> None:
        """Begin at the current one."""
        names = [choice.name for choice in choices()]
        if self._current in names:
            self.query_one(OptionList).highlighted = names.index(self._current)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
