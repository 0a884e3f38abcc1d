"""The menu of paradigms, and of models where there are others, under which a prompt is answered again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agents.events import EngineFacts
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.options import ModelChoice
from slmtui.tui.plain import plain_line
from slmtui.tui.state.paradigms import after, controls, mains

HINT = "tab: the other list · enter: answer again · esc: leave"


@dataclass(frozen=True, slots=True)
class AgainAs:
    """A paradigm, and the model to load first, or None for the one that is loaded."""

    paradigm: str
    model: ModelChoice | None = None


class AgainMenu(ModalScreen[AgainAs | None]):
    """Ends with what is marked in the two lists, or with None. Models are looked for behind."""

    CSS_PATH = "turn_menus.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close", id="menu.close")]

    class Found(Message):
        """The models were found."""

        def __init__(self, choices: tuple[ModelChoice, ...]) -> None:
            super().__init__()
            self.choices = choices

    def __init__(
        self, paradigm: str, models: Callable[[], Sequence[ModelChoice]], loaded: EngineFacts | None
    ) -> None:
        super().__init__()
        self._paradigm, self._find, self._loaded = paradigm, models, loaded
        self._models: tuple[ModelChoice, ...] = ()

    def compose(self) -> ComposeResult:
        """List the paradigms; the list of models comes when there are others."""
        with Vertical():
            paradigms = OptionList(*map(self._paradigm_option, self._names()), markup=False, id="paradigms")
            paradigms.border_title = "Answer again under"
            paradigms.border_subtitle = "enter: answer again · esc: leave"
            yield paradigms
            models = OptionList(markup=False, id="models")
            models.border_title = "with the model"
            models.border_subtitle = HINT
            models.display = False
            yield models

    def _names(self) -> list[tuple[str, str]]:
        return [(choice.name, choice.title) for choice in (*mains(), *controls())]

    def _paradigm_option(self, choice: tuple[str, str]) -> Option:
        name, title = choice
        mark = f"{CHOSEN} {title} · as before" if name == self._paradigm else f"  {title}"
        return Option(Content(mark), id=name)

    def on_mount(self) -> None:
        """Begin at the paradigm after the turn's own, and look for models: it reads the disk, so not here."""
        names = [name for name, _ in self._names()]
        menu = self.query_one("#paradigms", OptionList)
        menu.highlighted = names.index(after(self._paradigm))
        menu.focus()
        self._look()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _look(self) -> None:
        self.post_message(self.Found(tuple(self._find())))

    @on(Found)
    def _list(self, message: Found) -> None:
        """List the models that can be loaded, if there is any other."""
        usable = tuple(choice for choice in message.choices if not choice.problem)
        if all(choice.is_loaded(self._loaded) for choice in usable):
            return
        self._models = usable
        menu = self.query_one("#models", OptionList)
        menu.set_options(map(self._model_option, usable))
        loaded = (index for index, choice in enumerate(usable) if choice.is_loaded(self._loaded))
        menu.highlighted = next(loaded, 0)
        menu.display = True

    def _model_option(self, choice: ModelChoice) -> Option:
        mark = f"{CHOSEN} " if choice.is_loaded(self._loaded) else "  "
        loaded = " · loaded" if choice.is_loaded(self._loaded) else ""
        return Option(Content(f"{mark}{plain_line(choice.name, 60)}{loaded}"))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        paradigm = self.query_one("#paradigms", OptionList).highlighted_option
        index = self.query_one("#models", OptionList).highlighted
        model = self._models[index] if self._models and index is not None else None
        if model is not None and model.is_loaded(self._loaded):
            model = None
        if paradigm is not None and paradigm.id is not None:
            self.dismiss(AgainAs(paradigm.id, model))
