"""The lines above and below a part of a long session that draw more of it."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from slmtui.tui import format as fmt
from slmtui.tui.widgets.plain_static import PlainStatic


class MoreLine(PlainStatic, can_focus=True):
    """`▴ load more (180 earlier turns)`. Enter, space or a click asks for them.

    `direction` is -1 for the line above the turns and 1 for the one below.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "more", "load more", id="more.load")]

    class Pressed(Message):
        """Turns further up (`direction` -1) or further down (1) are wanted."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    def __init__(self, direction: int) -> None:
        super().__init__()
        self.direction = direction
        self.display = False

    def show_number(self, number: int) -> None:
        """Say how many turns there are beyond, or hide the line."""
        self.display = number > 0
        plural = "" if number == 1 else "s"
        if self.direction < 0:
            self.show(Content(f"▴ load more ({fmt.count(number)} earlier turn{plural})"))
        else:
            self.show(Content(f"▾ load more ({fmt.count(number)} later turn{plural}) · end: the newest"))

    def action_more(self) -> None:
        """Ask for the turns."""
        self.post_message(self.Pressed(self.direction))

    def on_click(self) -> None:
        """Ask for the turns."""
        self.action_more()


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    line = MoreLine(-1)
    line.show_number(180)
    show_alone(line)
