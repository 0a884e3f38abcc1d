"""The chat pane: the transcript, what it shows while empty, and the mark of what is new below."""

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical

from slmtui.tui.state.engine_state import EngineState
from slmtui.tui.widgets.empty_state import EmptyState
from slmtui.tui.widgets.new_chip import NewChip
from slmtui.tui.widgets.transcript import Transcript


class ChatPane(Vertical):
    """Holds the transcript; with the class `-empty` it shows the empty state instead."""

    transcript = getters.query_one(Transcript)
    _empty = getters.query_one(EmptyState)
    _chip = getters.query_one(NewChip)

    def compose(self) -> ComposeResult:
        """Hold the three, the mark on a layer of its own."""
        yield Transcript()
        yield EmptyState()
        yield NewChip()

    def on_mount(self) -> None:
        """Begin at the end."""
        self._chip.show_new(None)

    def show_engine(self, engine: EngineState, first_run: str) -> None:
        """Say in the empty pane what the engine does or lacks."""
        self._empty.show_engine(engine, first_run)

    @on(Transcript.Following)
    def _show_chip(self, message: Transcript.Following) -> None:
        message.stop()
        self._chip.show_new(message.unseen)

    @on(NewChip.Pressed)
    def _go_to_end(self, message: NewChip.Pressed) -> None:
        message.stop()
        self.transcript.go_to_end()


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(ChatPane())
