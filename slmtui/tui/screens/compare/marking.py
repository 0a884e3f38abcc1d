"""What is said of the answers: better, right, wrong; and which column is meant."""

from textual import on

from sessions.errors import SessionsError
from slmtui.tui.screens.compare.running import CompareRunning
from slmtui.tui.state.compare_marks import Marks
from slmtui.tui.widgets.compare_column import CompareColumn

NOTHING_TO_MARK = "There is no whole answer in this column to say that of."


class CompareMarking(CompareRunning):
    """Marks are in the store, and so in the comparison, as soon as they are made."""

    async def action_column(self, steps: int) -> None:
        """Mark another column."""
        self.state.move(steps)
        await self.draw_columns()

    def action_scroll(self, lines: int) -> None:
        """Scroll the marked column."""
        self.columns.scroll_marked(lines)

    def action_scroll_figures(self, lines: int) -> None:
        """Scroll the table and the verdict."""
        self.figures.scroll_relative(y=lines, animate=False)

    async def action_look(self, steps: int) -> None:
        """Look at an earlier or a later round."""
        if not self.state.look(steps):
            self.note("There are no answers before these." if steps < 0 else "These are the last answers.")
            return
        await self.draw()

    async def action_better(self, number: int) -> None:
        """Say that a column's answer is better than the others', counted from 1; 0 says that none is."""
        if number > len(self.state.arms):
            self.note(f"There are {len(self.state.arms)} columns.")
        elif self.state.round is None:
            self.note(NOTHING_TO_MARK)
        else:
            await self._keep(self.state.say_better(number - 1 if number else None))

    async def action_right(self, right: bool) -> None:
        """Say that the marked column's answer is right or wrong; said once more it is taken back."""
        if self.state.round is None:
            self.note(NOTHING_TO_MARK)
        else:
            await self._keep(self.state.say_right(self.state.place, right))

    async def action_take_back(self) -> None:
        """Take back what was said of the marked column's answer."""
        if self.state.round is None:
            self.note(NOTHING_TO_MARK)
        else:
            await self._keep(self.state.take_back(self.state.place))

    async def action_blind(self) -> None:
        """Hide whose answers they are until something was said of them, or show it."""
        self.state.blind = not self.state.blind
        await self.draw()
        self.note(
            "Blind: columns are shuffled and nameless until you press a number, or 0."
            if self.state.blind
            else "The columns have their names."
        )

    @on(CompareColumn.Chosen)
    async def _chosen(self, message: CompareColumn.Chosen) -> None:
        message.stop()
        self.state.place = message.place
        await self.draw_columns()

    @on(CompareColumn.Said)
    async def _said(self, message: CompareColumn.Said) -> None:
        message.stop()
        self.state.place = message.place
        if message.mark == "better":
            await self.action_better(message.place + 1)
        else:
            await self.action_right(message.mark == "right")

    async def _keep(self, said: dict[str, Marks]) -> None:
        """Store what was said, and draw what follows from it."""
        of = self.state.round
        if not said or of is None:
            self.note(NOTHING_TO_MARK)
            return
        try:
            for arm, marks in said.items():
                self.by_hand.mark(arm, of, right=marks.right, preferred=marks.preferred)
        except SessionsError as error:
            self.note(str(error))
        await self.draw()
        if not self.state.running:
            self.work_out()
