"""A prompt as it stands above its answer, hanging from its mark."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from slmtui.tui.glyphs import PROMPT
from slmtui.tui.plain import beginning_of, plain_line
from slmtui.tui.state.siblings import Place
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.turn_aside import TurnAside

FOLDED = "▸"
ONE_LINE = 300
"""Characters of a prompt on one line: more than the widest screen has cells."""
MOST_LINES = 200
"""Lines of a prompt that are drawn: the rest of a long paste is in the turn's details."""


class PromptLine(Horizontal):
    """A mark and the prompt beside it, over as many lines as it needs, or on one when the turn is folded."""

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._shown = (prompt, Place(), "")

    def compose(self) -> ComposeResult:
        """Set the mark beside the text."""
        yield PlainStatic(PROMPT, classes="prompt--mark")
        yield PlainStatic(Content(beginning_of(self._shown[0], MOST_LINES)), classes="prompt--text")

    def show(self, prompt: str, place: Place, fold: str = "") -> None:
        """Draw another prompt, with its place among its siblings; with `fold`, its figures, on one line."""
        if (prompt, place, fold) == self._shown:
            return
        self._shown = (prompt, place, fold)
        self.set_class(bool(fold), "-folded")
        self.query_one(".prompt--mark", PlainStatic).show(FOLDED if fold else PROMPT)
        text = plain_line(prompt, ONE_LINE) if fold else beginning_of(prompt, MOST_LINES)
        self.query_one(".prompt--text", PlainStatic).show(Content(text))
        self._show_aside(place, fold)

    def _show_aside(self, place: Place, fold: str) -> None:
        asides = self.query(TurnAside)
        if not asides and (place.of > 1 or fold):
            aside = TurnAside()
            self.mount(aside)
            aside.show_place(place, fold)
        for aside in asides:
            aside.show_place(place, fold)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(PromptLine("What is 347 * 29?"))
