"""The choice of arms: paradigms and models, each in or out, and whether a model is likely to fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.events import EngineFacts
from slmtui.comparing.conditions import MOST_ARMS
from slmtui.models.fit import Fit
from slmtui.tui import format as fmt
from slmtui.tui.options import ModelChoice
from slmtui.tui.plain import plain_line

Kind = Literal["paradigm", "model"]


@dataclass(slots=True)
class ChosenArms:
    """Every paradigm with every model. `loaded` is the name of the chat's model; others are paths.

    `forced` are the models that were asked for once more though they are not likely to fit.
    """

    paradigms: tuple[str, ...]
    models: tuple[str, ...]
    loaded: str
    forced: set[str] = field(default_factory=set)

    @property
    def arms(self) -> int:
        """How many arms that makes."""
        return len(self.paradigms) * len(self.models)

    @property
    def problem(self) -> str:
        """Why these cannot be compared, or nothing."""
        if not self.paradigms or not self.models:
            return "Choose a paradigm and a model at least."
        if self.arms > MOST_ARMS:
            return f"{self.arms} arms are too many to read side by side: {MOST_ARMS} at most."
        return ""

    def has(self, kind: Kind, name: str) -> bool:
        """Whether it is among them."""
        return name in (self.paradigms if kind == "paradigm" else self.models)

    def toggle(self, kind: Kind, name: str, order: Sequence[str]) -> None:
        """Take it in, or leave it out; `order` has all that there are, as they are listed."""
        chosen = self.paradigms if kind == "paradigm" else self.models
        wanted = set(chosen) ^ {name}
        kept = tuple(each for each in dict.fromkeys([*order, *chosen]) if each in wanted)
        if kind == "paradigm":
            self.paradigms = kept
        else:
            self.models = kept

    def refuse(self, choice: ModelChoice, fit: Fit | None) -> str:
        """Return why a model is not taken in; nothing where it fits, or was asked for once more."""
        if fit is None or fit.fits or choice.path in self.forced or self.has("model", choice.path):
            return ""
        self.forced.add(choice.path)
        return (
            f"{plain_line(choice.name, 40)} needs ~{fmt.size(fit.needed)}, and"
            f" {fmt.size(fit.available)} are free beside what is loaded. Choose it once more to"
            " take it all the same."
        )


def model_key(choice: ModelChoice, facts: EngineFacts | None, loaded: str) -> str:
    """Return what a model is called among the arms: the loaded one by its name, any other by its path."""
    return loaded if choice.is_loaded(facts) else choice.path


def fit_words(fit: Fit | None) -> str:
    """Return whether a model is likely to fit, with a sign and words."""
    if fit is None:
        return "? not known whether it fits"
    if fit.fits:
        return f"✓ likely to fit: ~{fmt.size(fit.needed)} of {fmt.size(fit.available)} free"
    return f"✗ not likely to fit: ~{fmt.size(fit.needed)}, {fmt.size(fit.available)} free"
