"""The prompts that wait, shown above the one that is typed."""

from textual import events
from textual.content import Content
from textual.message import Message

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.prompt_queue import PromptQueue
from slmtui.tui.widgets.plain_static import PlainStatic

MOST_LINES = 3


class QueueLines(PlainStatic):
    """The last prompts of the queue, and why it stands still. A click on one takes it back."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """A prompt that waits was clicked; `index` is its place in the queue."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._number = 0
        self.display = False

    def show_queue(self, queue: PromptQueue) -> None:
        """Draw the last prompts that wait, or nothing."""
        self._number = len(queue.waiting)
        self._first = max(0, self._number - MOST_LINES)
        self.display = bool(queue.waiting)
        lines = [
            f"{number} waits: {plain_line(prompt.draft, 300)}"
            for number, prompt in enumerate(queue.waiting[self._first :], self._first + 1)
        ]
        if self._first:
            lines[0] = f"… {fmt.count(self._first)} before · {lines[0]}"
        self.show(Content("\n".join([*lines, _foot(queue)])))

    def on_click(self, event: events.Click) -> None:
        """Ask for the prompt of the line."""
        index = self._first + event.y
        if index < self._number:
            self.post_message(self.Clicked(index))


def _foot(queue: PromptQueue) -> str:
    if queue.paused:
        return f"‖ paused: {queue.paused} · enter on an empty prompt goes on · ↑ takes the last back"
    return "↑ takes the last back · esc stops the turn, they wait · alt+enter: now"


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone
    from slmtui.tui.state.composing import Composed

    shown = QueueLines()
    shown.show_queue(PromptQueue([Composed("And in French?", "And in French?")]))
    show_alone(shown)
