"""The form of the session's sampling settings."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from agents.message import Sampling
from slmtui.tui.state.sampling_values import MEANING, SamplingError, changed, span, told
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic

NAME = max(len(name) for name in MEANING)


class SamplingForm(ModalScreen[Sampling | None]):
    """Ends with the settings as they were set, or with None when nothing is to change."""

    CSS_PATH = "chat_settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave", id="sampling.leave"),
        Binding("ctrl+s", "take", "take", id="sampling.take", priority=True),
        Binding("up", "app.focus_previous", "up", id="sampling.up"),
        Binding("down", "app.focus_next", "down", id="sampling.down"),
    ]

    def __init__(self, sampling: Sampling, usual: Sampling) -> None:
        super().__init__()
        self._sampling, self._usual = sampling, usual

    def compose(self) -> ComposeResult:
        """Show a line for each setting, with what it means, then what is wrong, then what can be done."""
        values = told(self._sampling)
        with Vertical():
            for name, meaning in MEANING.items():
                with Horizontal(classes="sampling--row"):
                    yield PlainStatic(f"{name:<{NAME}}", classes="sampling--name")
                    yield LineInput(values[name], name=name, compact=True, select_on_focus=True)
                    yield PlainStatic(f"{span(name)}: {meaning}", classes="sampling--meaning")
            yield PlainStatic(classes="sampling--problem")
            with Horizontal(classes="sampling--buttons"):
                yield Button("Take (enter)", id="take", compact=True, variant="primary")
                yield Button("Back to the settings'", id="usual", compact=True)
                yield Button("Leave (esc)", id="leave", compact=True)

    def on_mount(self) -> None:
        """Say what the form is for."""
        self.query_one(Vertical).border_title = "Sampling of this session, from the next prompt on"

    def _values(self) -> dict[str, str]:
        return {str(line.name): line.value.strip() for line in self.query(LineInput)}

    @on(Input.Changed)
    def _check(self) -> None:
        """Say what is wrong as soon as it is typed."""
        try:
            changed(self._sampling, self._values())
            problem = ""
        except SamplingError as error:
            problem = f"✗ {error}"
        self.query_one(".sampling--problem", PlainStatic).show(Content(problem))

    @on(Input.Submitted)
    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        """End with the settings, if they can be."""
        try:
            self.dismiss(changed(self._sampling, self._values()))
        except SamplingError:
            self._check()

    @on(Button.Pressed, "#usual")
    def _take_usual(self) -> None:
        self.dismiss(self._usual)

    @on(Button.Pressed, "#leave")
    def _leave(self) -> None:
        self.dismiss(None)
