"""The mark that more was written below while the reader has scrolled up."""

from textual.content import Content
from textual.message import Message

from slmtui.tui import format as fmt
from slmtui.tui.widgets.plain_static import PlainStatic


class NewChip(PlainStatic):
    """`↓ 214 new`: tokens below that were not seen. A click goes to the end."""

    ALLOW_SELECT = False

    class Pressed(Message):
        """The reader wants to go to the end."""

    def show_new(self, tokens: int | None) -> None:
        """Show how many tokens are below, or hide with None."""
        self.display = tokens is not None
        if tokens is not None:
            self.show(Content(f" ↓ {fmt.count(tokens)} new · end " if tokens else " ↓ end "))

    def on_click(self) -> None:
        """Ask to go to the end."""
        self.post_message(self.Pressed())


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    chip = NewChip()
    chip.show_new(214)
    show_alone(chip)
