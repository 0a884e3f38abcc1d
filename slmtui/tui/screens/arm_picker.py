"""The choice of a comparison's arms: every paradigm with every model, each in or out."""

from collections.abc import Iterator
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agents.events import EngineFacts
from slmtui.models.fit import Fit
from slmtui.tui.options import AppOptions, ModelChoice
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_arms import ChosenArms, Kind, fit_words, model_key
from slmtui.tui.state.paradigms import choices
from slmtui.tui.widgets.plain_static import PlainStatic

LOOKING = "Looking for models on this machine…"
TAKE = "take"


class ArmPicker(ModalScreen[ChosenArms | None]):
    """Ends with the chosen arms, or with None. It opens at once and looks for models behind."""

    CSS_PATH = "arm_picker.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave", id="arms.leave"),
        Binding("space", "in_or_out", "in or out", id="arms.toggle"),
        Binding("c", "take", "compare these", id="arms.take"),
    ]

    listed = getters.query_one(OptionList)
    note = getters.query_one(PlainStatic)

    class Found(Message):
        """The models were found, each with whether it is likely to fit."""

        def __init__(self, models: tuple[tuple[ModelChoice, Fit | None], ...]) -> None:
            super().__init__()
            self.models = models

    def __init__(self, chosen: ChosenArms, options: AppOptions, facts: EngineFacts | None) -> None:
        super().__init__()
        self._chosen, self._options, self._facts = chosen, options, facts
        self._models: tuple[tuple[ModelChoice, Fit | None], ...] | None = None

    def compose(self) -> ComposeResult:
        """List the paradigms, and say below what is wrong."""
        with Vertical() as box:
            box.border_title = "Arms: each paradigm with each model"
            box.border_subtitle = "space: in or out · c: compare these · esc: leave"
            yield OptionList(markup=False)
            yield PlainStatic()

    def on_mount(self) -> None:
        """Look for models: it reads the disk, so not here."""
        self._list()
        self._find()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _find(self) -> None:
        found = tuple(each for each in self._options.models() if not each.problem)
        self.post_message(self.Found(tuple((each, self._options.fit_of(each.path)) for each in found)))

    @on(Found)
    def _found(self, message: Found) -> None:
        self._models = message.models
        self._list()

    # What is listed

    def _list(self) -> None:
        """List everything anew, and stay where one is."""
        place = self.listed.highlighted
        self.listed.set_options(list(self._shown()))
        self.listed.highlighted = 1 if place is None else min(place, self.listed.option_count - 1)
        self.note.show(Content(self._chosen.problem or " "))

    def _shown(self) -> Iterator[Option]:
        yield _heading("Paradigms")
        for choice in choices():
            yield self._option("paradigm", choice.name, f"{choice.title}  {choice.name}", choice.description)
        yield _heading("Models")
        if self._chosen.loaded:
            yield self._option("model", self._chosen.loaded, self._chosen.loaded, "✓ loaded in the chat")
        if self._models is None:
            yield Option(Content(LOOKING), disabled=True)
        for model, fit in self._models or ():
            if self._key(model) != self._chosen.loaded:
                facts = f"{plain_line(model.description, 60)}\n      {fit_words(fit)}"
                yield self._option("model", model.path, model.name, facts)
        yield Option(Content.styled(f"\n→ Compare these {self._chosen.arms} arms", "bold"), id=TAKE)

    def _option(self, kind: Kind, key: str, name: str, facts: str) -> Option:
        mark = "[x]" if self._chosen.has(kind, key) else "[ ]"
        return Option(Content(f"{mark} {plain_line(name, 60)}\n      {facts}"), id=f"{kind}:{key}")

    def _key(self, model: ModelChoice) -> str:
        return model_key(model, self._facts, self._chosen.loaded)

    # What is done

    def action_in_or_out(self) -> None:
        """Take in what is marked, or leave it out."""
        self.listed.action_select()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        kind, _, key = str(event.option.id).partition(":")
        if kind == TAKE:
            self.action_take()
        elif kind == "paradigm":
            self._chosen.toggle("paradigm", key, [choice.name for choice in choices()])
            self._list()
        else:
            self._toggle_model(key)

    def _toggle_model(self, key: str) -> None:
        """Take a model in, or leave it out; one that is not likely to fit takes a second word."""
        known = [model for model in self._models or () if model[0].path == key]
        for choice, fit in known:
            if refusal := self._chosen.refuse(choice, fit):
                self.note.show(Content(refusal))
                return
        order = [self._chosen.loaded, *(model.path for model, _ in self._models or ())]
        self._chosen.toggle("model", key, order)
        self._list()

    def action_take(self) -> None:
        """End with these arms, if they can be compared."""
        if not self._chosen.problem:
            self.dismiss(self._chosen)


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold"), disabled=True)
