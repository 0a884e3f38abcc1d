"""The switches of help, each with its value and what it does."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agents.helps import MEANING, Helps

NAME, VALUE = 12, 6


class SwitchesMenu(ModalScreen[str | None]):
    """Ends with the name of the switch to set, or with None."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    def __init__(self, helps: Helps, usual: Helps) -> None:
        super().__init__()
        self._now, self._usual = helps.told(), usual.told()

    def compose(self) -> ComposeResult:
        """List the switches, those that differ from the settings marked by a word."""
        menu = OptionList(*(self._option(name) for name in MEANING), markup=False)
        menu.border_title = "Help for small models, from the next prompt on"
        menu.border_subtitle = "enter: set · esc: leave"
        yield menu

    def _option(self, name: str) -> Option:
        value, usual = self._now[name], self._usual[name]
        changed = "" if value == usual else f"  set in this session; was {usual}"
        head = (f"{name:<{NAME}} {value:<{VALUE}}", "bold")
        return Option(Content.assemble(head, f"{changed}\n", (MEANING[name], "dim")), id=name)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
