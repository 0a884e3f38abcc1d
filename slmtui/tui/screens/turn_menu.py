"""The menu of what can be done with a turn, made from the registry."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui.command import Command
from slmtui.tui.commands import in_scope, key_name

KEYS = 7
"""Cells of the column of keys, unless the user's own are longer."""
MOVES = {"turn.first", "turn.last"}
"""Commands that do nothing with the turn."""


class TurnMenu(ModalScreen[str | None]):
    """Ends with the action that was chosen, or with None. `lacking` names actions that cannot be had now."""

    CSS_PATH = "turn_menus.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    def __init__(self, title: str, lacking: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._title, self._lacking = title, lacking

    def compose(self) -> ComposeResult:
        """List the commands, each with its key."""
        commands = [each for each in in_scope("turn") if each.palette and each.id not in MOVES]
        keys = [self._key(command) for command in commands]
        width = max(KEYS, *(len(key) + 2 for key in keys))
        options = (
            self._option(command, f"{key:<{width}}") for command, key in zip(commands, keys, strict=True)
        )
        menu = OptionList(*options, markup=False)
        menu.border_title = Content(self._title)
        menu.border_subtitle = "enter: do it · esc: leave"
        yield menu

    def _key(self, command: Command) -> str:
        """Return the first key that gives the command here, the user's own if there is one."""
        keymap = getattr(self.app, "keymap", None)
        keys = command.keys if keymap is None else keymap.keys_of(command)
        return key_name(keys[0]) if keys else ""

    def _option(self, command: Command, key: str) -> Option:
        text = Content(f"{key}{command.description}")
        return Option(text, id=command.action, disabled=command.action in self._lacking)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
