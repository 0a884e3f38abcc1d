"""The line of the picker that says what is pulled: the offer, a bar while it comes, how it ended."""

from textual import events
from textual.message import Message

from slmtui.models.pulling import Offered, PullState
from slmtui.tui.state.pull_line import pull_content
from slmtui.tui.widgets.plain_static import PlainStatic


class DownloadLine(PlainStatic):
    """Shows a pull; it is not there while there is none. A click does what `p` does."""

    ALLOW_SELECT = False

    class Pressed(Message):
        """It was clicked."""

    def show_pull(self, state: PullState) -> None:
        """Draw how a pull stands."""
        self.display = state.phase != "idle"
        self.set_class(state.phase == "failed", "-failed")
        self.show(pull_content(state, max(self.content_size.width, 20)))

    def on_click(self, event: events.Click) -> None:
        """Pull what is offered."""
        event.stop()
        self.post_message(self.Pressed())


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    offered = Offered("owner/Tiny-GGUF", "Tiny-Q4_K_M.gguf", 98_000_000, "mit", False, "~/models", 10**10)
    line = DownloadLine()
    line.call_later(
        lambda: line.show_pull(PullState("pulling", "tiny", offered, 31_000_000, 98_000_000, 4e6))
    )
    show_alone(line)
