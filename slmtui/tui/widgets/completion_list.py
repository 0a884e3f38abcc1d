"""The list of completions over the prompt."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.plain import plain_line
from slmtui.tui.state.completion import Choice, Offer, Picking

MOST_ROWS = 8
FRAME = 3
"""Rows beside the choices: the list's frame, and the border of the prompt that it must not cover."""


class CompletionList(OptionList, can_focus=False):
    """Shows an offer, the marked choice with a sign; the keys are the prompt's, a click chooses."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._shown: Offer | None = None
        self._marked: int | None = None
        self.display = False

    def on_mount(self) -> None:
        """Say in the frame what the keys do."""
        self.border_subtitle = "tab: take · ↑↓: mark · esc: close"

    def show(self, picking: Picking) -> None:
        """Draw what can be picked, or nothing."""
        offer = picking.offer
        self.display = offer is not None
        if offer is None:
            self._shown = None
            return
        if offer != self._shown:
            self._shown, self._marked = offer, None
            self.set_options([Option(self._line(choice)) for choice in offer.choices])
            self.styles.offset = (0, -min(len(offer.choices), MOST_ROWS) - FRAME)
        self._mark(offer, picking.index)

    def _mark(self, offer: Offer, index: int | None) -> None:
        """Set the sign before the marked choice: colour alone does not tell it."""
        for each in {self._marked, index}:
            if each is not None:
                line = self._line(offer.choices[each], CHOSEN if each == index else " ")
                self.replace_option_prompt_at_index(each, line)
        self._marked = self.highlighted = index

    def _line(self, choice: Choice, sign: str = " ") -> Content:
        width = max(len(each.label) for each in self._shown.choices) if self._shown else 0
        label = plain_line(choice.label, 100)
        about = plain_line(choice.about, 100)
        return Content.assemble(f"{sign} ", (f"{label:<{min(width, 40)}}", "bold"), (f"  {about}", "dim"))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    shown = CompletionList()
    shown.call_later(shown.show, Picking(Offer(0, 1, (Choice("/help", "/help", "Show the keys."),)), 0))
    show_alone(shown)
