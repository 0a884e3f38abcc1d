"""The transport of a replay: what is played, how fast, and how far it is."""

from textual import events
from textual.content import Content
from textual.message import Message

from slmtui.tui.state.player import Player
from slmtui.tui.state.transport import TransportLines, transport_lines
from slmtui.tui.widgets.plain_static import PlainStatic


class TransportBar(PlainStatic):
    """Two lines: what is played, and a bar from the start to the end. A click on the bar goes there."""

    ALLOW_SELECT = False

    class Sought(Message):
        """The bar was clicked at this share (0 to 1) of the whole."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    class Toggled(Message):
        """The line above the bar was clicked: play, or pause."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: TransportLines | None = None

    def show_player(self, player: Player, told: str = "") -> None:
        """Draw the position, and what is `told` of the turn."""
        lines = self._lines = transport_lines(player, max(self.content_size.width, 20), told)
        bar = (lines.bar, "$primary")
        self.show(
            Content.assemble((lines.facts, "bold"), f"\n{lines.begin} ", bar, f" {lines.end}"), layout=False
        )

    def show_reading(self, read: int, turns: int) -> None:
        """Say how many of the turns are read, before any is played."""
        self._lines = None
        self.show(Content(f"Reading the recording: {read} of {turns} turns"), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Go to the moment that was clicked, or play and pause."""
        at = event.get_content_offset(self)
        if at is None or self._lines is None:
            return
        event.stop()
        share = self._lines.share(at.x) if at.y == 1 else None
        if at.y == 0:
            self.post_message(self.Toggled())
        elif share is not None:
            self.post_message(self.Sought(share))


if __name__ == "__main__":
    from slmtui.sample import read_sample
    from slmtui.tui.alone import show_alone

    sample, bar = read_sample(), TransportBar()
    bar.call_later(lambda: bar.show_player(Player(sample, sample.records), "base"))
    show_alone(bar)
