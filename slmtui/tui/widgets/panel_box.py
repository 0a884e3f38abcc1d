"""A box of the cost panel: a head with its digit, its name and what it is at now, and lines below."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message

from slmtui.tui.state.cells import cut
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.state.panel_state import BoxName, digit
from slmtui.tui.widgets.plain_static import PlainStatic


class PanelBox(PlainStatic):
    """Draws itself only when it changed, and lays itself out only when its number of lines did."""

    ALLOW_SELECT = False
    BOX: ClassVar[BoxName]

    class HeadClicked(Message):
        """A click on the head folds the box, or opens it."""

        def __init__(self, box: BoxName) -> None:
            super().__init__()
            self.box = box

    def __init__(self) -> None:
        super().__init__()
        self.folded = False
        self._drawn: list[Content] = []
        self._lines = 0

    def draw(self, head: Content, body: Sequence[Content]) -> None:
        """Draw the head, which begins behind its sign, and the lines below it unless folded."""
        self._drawn = [head, *body]
        self._draw()

    def fold(self, *, folded: bool) -> None:
        """Fold, or open, with what was drawn last."""
        self.folded = folded
        self._draw()

    def _draw(self) -> None:
        if not self._drawn:
            return
        head, *body = self._drawn
        lines = [Content.styled("▸" if self.folded else "▾", "bold") + head, *(() if self.folded else body)]
        self.show(Content("\n").join(lines), layout=len(lines) != self._lines)
        self._lines = len(lines)

    def on_click(self, event: events.Click) -> None:
        """Fold or open, when it was the head that was clicked."""
        if event.y == 0:
            self.post_message(self.HeadClicked(self.BOX))


def head(box: BoxName, value: str) -> Content:
    """Return a head but for its sign: the name on the left, `value` on the right, a rule between."""
    left = f"{digit(box)} {box} "
    shown = cut(value, WIDTH - len(left) - 3)
    rule = "─" * (WIDTH - len(left) - cell_len(shown) - 2)
    return Content.assemble((left, "bold"), (rule, "dim"), (f" {shown}", "bold"))


def dim(lines: Sequence[str], number: int) -> list[Content]:
    """Return lines of small print, `number` of them whatever there is to say."""
    shown = [*lines[:number], *([""] * (number - len(lines)))]
    if len(lines) > number:
        shown[-1] = cut(" ".join(lines[number - 1 :]), WIDTH)
    return [Content.styled(line, "dim") for line in shown]


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(PanelBox())
