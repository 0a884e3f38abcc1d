"""The line above a long session that draws earlier turns."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from slmtui.tui import format as fmt
from slmtui.tui.widgets.plain_static import PlainStatic


class MoreLine(PlainStatic, can_focus=True):
    """`▴ load more (180 earlier turns)`. Enter, space or a click asks for them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "more", "load more", id="more.load")]

    class Pressed(Message):
        """Earlier turns are wanted."""

    def show_earlier(self, number: int) -> None:
        """Say how many turns there are above, or hide the line."""
        self.display = number > 0
        self.show(Content(f"▴ load more ({fmt.count(number)} earlier turn{'' if number == 1 else 's'})"))

    def action_more(self) -> None:
        """Ask for earlier turns."""
        self.post_message(self.Pressed())

    def on_click(self) -> None:
        """Ask for earlier turns."""
        self.action_more()
