"""One arm of a comparison: its answer as it is written, the line of figures, and what was said of it."""

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from slmtui.tui.state.compare_column import Column
from slmtui.tui.state.compare_marks import Mark, Marks
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.widgets.compare_marks import MarksLine
from slmtui.tui.widgets.foot_line import FootLine
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.turn_block import TurnBlock


class CompareColumn(Vertical):
    """Draws what `Column` says. A click marks it; a click on a word under it says that of its answer."""

    class Chosen(Message):
        """The column of this place was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class Said(Message):
        """Something was said of the answer in the column of this place."""

        def __init__(self, place: int, mark: Mark) -> None:
            super().__init__()
            self.place, self.mark = place, mark

    body = getters.query_one(VerticalScroll)
    place_of_answer = getters.query_one(".compare--answer", Vertical)
    said_of = getters.query_one(".compare--note", PlainStatic)
    figures = getters.query_one("CompareColumn > FootLine", FootLine)
    marks = getters.query_one(MarksLine)

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self._turn: LiveTurn | None = None

    def compose(self) -> ComposeResult:
        """Lay out the answer, the figures and the marks."""
        with VerticalScroll(can_focus=False), Vertical(classes="compare--answer"):
            yield PlainStatic(classes="compare--note")
        yield FootLine()
        yield MarksLine()

    def on_mount(self) -> None:
        """Follow what is written."""
        self.body.anchor()

    async def show(self, column: Column) -> None:
        """Draw the column as it is."""
        self.border_title = Content(column.title)
        self.set_class(column.marked, "-marked")
        self.set_class(column.bare, "-bare")
        self.said_of.display = bool(column.note)
        self.said_of.show(Content(column.note))
        if column.turn is not self._turn:
            await self._swap(column.turn)
        if column.turn is not None and self.is_attached:
            await self.query_one(TurnBlock).sync(column.now)
        self.figures.show(column.foot, column.progress)
        self.marks.display = column.marks is not None
        self.marks.marks = column.marks or Marks()

    async def _swap(self, turn: LiveTurn | None) -> None:
        """Draw another turn, or none."""
        self._turn = turn
        with self.app.batch_update():
            await self.query(TurnBlock).remove()
            if turn is not None:
                await self.place_of_answer.mount(TurnBlock(turn))
                self.body.anchor()

    def on_click(self, event: events.Click) -> None:
        """Mark this column."""
        event.stop()
        self.post_message(self.Chosen(self.place))

    def on_marks_line_said(self, message: MarksLine.Said) -> None:
        """Say so of this column's answer."""
        message.stop()
        self.post_message(self.Said(self.place, message.mark))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(CompareColumn(0))
