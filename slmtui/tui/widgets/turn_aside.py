"""What stands at the right end of a prompt: the turn's place among its siblings, a folded turn's figures."""

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from slmtui.tui.state.siblings import Place
from slmtui.tui.widgets.plain_static import PlainStatic


class TurnAside(PlainStatic):
    """A place between two angles: a click on the left half shows the sibling before, else the one after."""

    ALLOW_SELECT = False

    class Walked(Message):
        """The sibling before (-1) or after (1) is wanted."""

        def __init__(self, part: Widget, direction: int) -> None:
            super().__init__()
            self.part, self.direction = part, direction

    def __init__(self) -> None:
        super().__init__(classes="prompt--aside")
        self._place = Place()

    def show_place(self, place: Place, fold: str) -> None:
        """Draw the figures of a folded turn, and its place among its siblings."""
        self._place = place
        self.display = bool(place.switch or fold)
        self.show(Content("".join(f"  {part}" for part in (fold, place.switch) if part)))

    def on_click(self, event: events.Click) -> None:
        """Walk, if the click was on the switch."""
        direction = self._place.direction_at(self.size.width - 1 - event.x)
        if direction:
            event.stop()
            self.post_message(self.Walked(self, direction))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    shown = TurnAside()
    shown.show_place(Place(2, 3), "base · ↓19 · 0.77 s")
    show_alone(shown)
