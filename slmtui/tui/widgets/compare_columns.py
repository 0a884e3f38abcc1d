"""The arms of a comparison side by side; where they do not fit, they scroll sideways."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import HorizontalScroll

from slmtui.tui.state.compare_column import Column
from slmtui.tui.widgets.compare_column import CompareColumn

NARROWEST = 38
"""Cells of a column: two fit on a screen of 80."""


class CompareColumns(HorizontalScroll, can_focus=True, inherit_bindings=False):
    """Holds a column an arm. Its keys are the screen's: they mark a column, and scroll that one."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_MAXIMIZE = False

    def __init__(self) -> None:
        super().__init__()
        self._marked = -1

    def on_resize(self) -> None:
        """Share the room anew."""
        self._share()

    def _share(self) -> None:
        """Make the columns as wide as there is room, and no narrower than can be read."""
        columns = self.columns
        if columns and self.size.width:
            width = max(NARROWEST, self.size.width // len(columns))
            for column in columns:
                column.styles.width = width

    @property
    def columns(self) -> list[CompareColumn]:
        """The columns, from left to right."""
        return [each for each in self.children if isinstance(each, CompareColumn)]

    async def show(self, columns: Sequence[Column]) -> None:
        """Draw the columns as they are."""
        await self._make(len(columns))
        for widget, column in zip(self.columns, columns, strict=True):
            await widget.show(column)
        marked = next((place for place, column in enumerate(columns) if column.marked), -1)
        if marked != self._marked:
            self._marked = marked
            self.call_after_refresh(self._bring_into_view)

    async def _make(self, number: int) -> None:
        """Have so many columns."""
        here = self.columns
        if len(here) != number:
            with self.app.batch_update():
                for widget in here[number:]:
                    await widget.remove()
                await self.mount_all([CompareColumn(place) for place in range(len(here), number)])
            self._share()

    def _bring_into_view(self) -> None:
        columns = self.columns
        if 0 <= self._marked < len(columns):
            self.scroll_to_widget(columns[self._marked], animate=False)

    def scroll_marked(self, lines: int) -> None:
        """Scroll the marked column by lines; up leaves the end, which it follows again from there."""
        columns = self.columns
        if 0 <= self._marked < len(columns):
            columns[self._marked].body.scroll_relative(y=lines, animate=False)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(CompareColumns())
