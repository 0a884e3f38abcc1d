"""A tool call, a hand-off or a thought, folded to one line that opens."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from slmtui.tui.state.blocks import Step
from slmtui.tui.widgets.plain_static import PlainStatic


class FoldLine(PlainStatic, can_focus=True):
    """One step of a turn: `▸ calculator · 12 ms · ok`. Space, enter or a click opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "fold", "open or fold", id="fold.toggle")]

    open = reactive(False, toggle_class="-open")

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Draw the step as it is now."""
        self._step = step
        self.set_class(step.state == "error", "-error")
        self.show(fold_content(step, is_open=self.open))

    def watch_open(self) -> None:
        """Draw the other of the two forms."""
        self.show_step(self._step)

    def action_fold(self) -> None:
        """Open or fold."""
        self.open = not self.open

    def on_click(self) -> None:
        """Open or fold, unless the click ended a selection of text."""
        if not self.screen.get_selected_text():
            self.action_fold()


def fold_content(step: Step, *, is_open: bool) -> Content:
    """Return a step as one line, or with its headed texts under it."""
    parts = [f"{'▾' if is_open else '▸'} {step.line}"]
    if not is_open:
        return Content(parts[0])
    for head, text in step.body:
        indented = "\n".join(f"    {line}" for line in text.strip().splitlines())
        parts.append(f"  {head}\n{indented}")
    return Content("\n".join(parts))
