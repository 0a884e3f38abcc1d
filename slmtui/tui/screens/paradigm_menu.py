"""The menu of paradigms, each with what it does; the controls under a heading of their own."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.state.paradigms import Choice, controls, mains

CONTROLS = "Controls, for a fair comparison"


class ParadigmMenu(ModalScreen[str | None]):
    """Ends with the name of the chosen paradigm, or with None."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """List the paradigms, the current one marked."""
        menu = OptionList(*self._options(), markup=False)
        menu.border_title = "Paradigm"
        menu.border_subtitle = "enter: take · esc: leave"
        yield menu

    def _options(self) -> Iterator[Option]:
        yield from (self._option(choice) for choice in mains())
        if controls():
            yield Option(Content.styled(f"\n{CONTROLS}", "bold"), disabled=True)
        yield from (self._option(choice) for choice in controls())

    def _option(self, choice: Choice) -> Option:
        mark = CHOSEN if choice.name == self._current else " "
        return Option(Content(f"{mark} {choice.title}\n    {choice.description}"), id=choice.name)

    def on_mount(self) -> None:
        """Begin at the current one."""
        menu = self.query_one(OptionList)
        names = [option.id for option in menu.options]
        if self._current in names:
            menu.highlighted = names.index(self._current)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
