"""A search over the prompts that were sent before."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.find_prompts import found
from slmtui.tui.widgets.line_input import LineInput

SHOWN = 200


class FindPrompt(ModalScreen[str | None]):
    """Ends with a prompt, or with None. What is typed already is the first thing searched for."""

    CSS_PATH = "find_prompt.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="find.close"),
        Binding("up,ctrl+p", "move(-1)", "later", id="find.up", priority=True),
        Binding("down,ctrl+f", "move(1)", "earlier", id="find.down", priority=True),
    ]

    _list = getters.query_one(OptionList)

    def __init__(self, prompts: Sequence[str], query: str = "") -> None:
        super().__init__()
        self._prompts, self._query = prompts, plain_line(query, 100)
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """Show the search line over the list."""
        with Vertical():
            yield LineInput(self._query, placeholder="words of the prompt", select_on_focus=True)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """List what is there."""
        window = self.query_one(Vertical)
        window.border_title = "Prompts sent before"
        window.border_subtitle = "enter: take · ↑↓: mark · esc: leave"
        self._list.can_focus = False
        self._search(self._query)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, query: str) -> None:
        self._found = found(self._prompts, query)[:SHOWN]
        self._list.set_options([Option(Content(_line(prompt))) for prompt in self._found])
        if self._found:
            self._list.highlighted = 0
        else:
            self._list.add_option(Option("no prompt has that", disabled=True))

    def action_move(self, step: int) -> None:
        """Mark another prompt."""
        if step > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    @on(Input.Submitted)
    def _entered(self) -> None:
        index = self._list.highlighted
        if self._found and index is not None:
            self.dismiss(self._found[index])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])


def _line(prompt: str) -> str:
    lines = prompt.count("\n")
    more = f"  (+{fmt.count(lines)} line{'' if lines == 1 else 's'})" if lines else ""
    return f"{plain_line(prompt, 200)}{more}"
