"""A question that is answered by one line of text."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.validation import Validator
from textual.widgets import Input

from slmtui.tui.plain import plain_line
from slmtui.tui.widgets.line_input import LineInput


class AskText(ModalScreen[str | None]):
    """Ends with what was typed, on one line, or with None."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="ask.close")]

    def __init__(self, question: str, text: str = "", validators: list[Validator] | None = None) -> None:
        super().__init__()
        self._question, self._text = question, plain_line(text)
        self._validators = validators or []

    def compose(self) -> ComposeResult:
        """Ask."""
        line = LineInput(self._text, validators=self._validators, select_on_focus=True)
        line.border_title = Content(self._question)
        line.border_subtitle = "enter: take · esc: leave"
        yield line

    @on(Input.Submitted)
    def _taken(self, event: Input.Submitted) -> None:
        if event.validation_result is None or event.validation_result.is_valid:
            self.dismiss(plain_line(event.value))
