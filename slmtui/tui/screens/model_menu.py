"""The menu of the models on this machine, each with what it is."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agents.events import EngineFacts
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.options import ModelChoice
from slmtui.tui.plain import plain_line

LOOKING = "Looking for models on this machine…"
NONE_HERE = "No model was found. /model PATH loads any GGUF file."


class ModelMenu(ModalScreen[ModelChoice | None]):
    """Ends with the chosen model, or with None. It opens at once and looks for models behind."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    class Found(Message):
        """The models were found."""

        def __init__(self, choices: tuple[ModelChoice, ...]) -> None:
            super().__init__()
            self.choices = choices

    def __init__(self, models: Callable[[], Sequence[ModelChoice]], loaded: EngineFacts | None) -> None:
        super().__init__()
        self._models, self._loaded = models, loaded
        self._choices: tuple[ModelChoice, ...] = ()

    def compose(self) -> ComposeResult:
        """List nothing yet."""
        menu = OptionList(Option(Content(LOOKING), disabled=True), markup=False)
        menu.border_title = "Model"
        menu.border_subtitle = "enter: load · esc: leave"
        yield menu

    def on_mount(self) -> None:
        """Look for models: it reads the disk, so not here."""
        self._find()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _find(self) -> None:
        self.post_message(self.Found(tuple(self._models())))

    @on(Found)
    def _list(self, message: Found) -> None:
        """List the models, the loaded one marked, and begin there."""
        self._choices = message.choices
        menu = self.query_one(OptionList)
        nothing = [Option(Content(NONE_HERE), disabled=True)]
        menu.set_options([self._option(choice) for choice in self._choices] or nothing)
        loaded = (index for index, choice in enumerate(self._choices) if choice.is_loaded(self._loaded))
        usable = (index for index, choice in enumerate(self._choices) if not choice.problem)
        menu.highlighted = next(loaded, next(usable, None))

    def _option(self, choice: ModelChoice) -> Option:
        mark = CHOSEN if choice.is_loaded(self._loaded) else " "
        fact = f"✗ {choice.problem}" if choice.problem else choice.description
        text = f"{mark} {plain_line(choice.name)}\n    {plain_line(fact)}"
        return Option(Content(text), disabled=bool(choice.problem))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index])
