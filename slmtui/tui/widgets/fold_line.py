"""A tool call, a hand-off or a thought, folded to one line that opens."""

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from slmtui.tui.plain import beginning_of
from slmtui.tui.state.blocks import Step
from slmtui.tui.widgets.plain_static import PlainStatic

NARROW = 70
"""Cells of a line whose width is not known yet."""


class FoldLine(PlainStatic, can_focus=True):
    """One step of a turn: `▸ calculator · 12 ms · ok`. Space, enter or a click opens it.

    A call that failed opens by itself, and folds again once its agent made up for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "fold", "open or fold", id="fold.toggle")]

    open = reactive(False, toggle_class="-open")

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step
        self._chosen = False
        self.set_class(step.thought, "-thought")
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Draw the step as it is now."""
        self._step = step
        self.set_class(step.failed, "-error")
        self.set_class(step.recovered, "-recovered")
        if not self._chosen:
            self.open = step.failed
        self._draw()

    def watch_open(self) -> None:
        """Draw the other of the two forms."""
        self._draw()

    def _draw(self) -> None:
        self.show(fold_content(self._step, is_open=self.open, width=self.content_size.width or NARROW))

    def action_fold(self) -> None:
        """Open or fold: from then on the reader decides, not the step."""
        self._chosen = True
        self.open = not self.open

    def on_click(self) -> None:
        """Open or fold, unless the click ended a selection of text."""
        if not self.screen.get_selected_text():
            self.action_fold()


def fold_content(step: Step, *, is_open: bool, width: int = NARROW) -> Content:
    """Return a step as one line, or with its headed texts under it.

    What is being written follows the line, as much of its end as there is room for in `width` cells.
    """
    parts = [f"{'▾' if is_open else '▸'} {step.line}"]
    if not is_open:
        tail = end_of(step.tail, width - cell_len(parts[0]) - 2)
        return Content.assemble(parts[0], (f"  {tail}" if tail else "", "dim"))
    for head, text in step.body:
        indented = "\n".join(f"    {line}" for line in beginning_of(text.strip()).split("\n"))
        parts.append(f"  {head}\n{indented}")
    return Content("\n".join(parts))


def end_of(text: str, width: int) -> str:
    """Return the end of a line in `width` cells, cut with an ellipsis."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}" if width > 1 else ""


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    arguments = (("arguments", '{"expression": "347 * 29"}'), ("result", "10063"))
    show_alone(FoldLine(Step("s", "calculator", ("12 ms",), "ok", arguments)))
