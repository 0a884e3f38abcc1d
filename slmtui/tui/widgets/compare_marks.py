"""The words under an answer: better, right, wrong; a click says one of them."""

from textual import events
from textual.app import RenderResult
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from slmtui.tui.state.compare_marks import Mark, Marks, mark_at, marks_line


class MarksLine(Widget):
    """Draws what was said of an answer: in brackets and bold what was, plain what was not."""

    ALLOW_SELECT = False

    marks: reactive[Marks] = reactive(Marks())

    class Said(Message):
        """A word was clicked."""

        def __init__(self, mark: Mark) -> None:
            super().__init__()
            self.mark = mark

    def render(self) -> RenderResult:
        """Draw the words."""
        return marks_line(self.marks)

    def on_click(self, event: events.Click) -> None:
        """Say what was clicked."""
        mark = mark_at(event.x, self.marks)
        if mark is not None:
            event.stop()
            self.post_message(self.Said(mark))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    line = MarksLine()
    line.marks = Marks(right=True)
    show_alone(line)
