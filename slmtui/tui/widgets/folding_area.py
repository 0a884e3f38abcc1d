"""A text area in which a long paste is folded into a label that the cursor treats as one piece."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.document._document import EditResult, Location, Selection
from textual.geometry import Offset
from textual.widgets import TextArea

from slmtui.backend import TokenCount
from slmtui.tui.plain import typed
from slmtui.tui.state.folded_paste import FoldedPastes, is_long
from slmtui.tui.state.token_guess import four_characters, guess

LABEL_STYLE = "folding-area--paste"


class FoldingArea(TextArea):
    """Folds what is pasted when it is long; `pastes` has the texts. `count` counts the tokens of a text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {LABEL_STYLE}

    def __init__(self, placeholder: str) -> None:
        self.pastes = FoldedPastes()
        self.count: Callable[[str], TokenCount] = four_characters
        super().__init__(soft_wrap=True, compact=True, highlight_cursor_line=False, placeholder=placeholder)

    def folded(self, text: str) -> str:
        """Return the label of a text, which it keeps."""
        return self.pastes.fold(text, guess(self.count, text).tokens)

    def take_paste(self, text: str) -> None:
        """Put a pasted text in the place of the selection, without what could not be seen, folded if long."""
        clean = typed(text)
        done = self._replace_via_keyboard(self.folded(clean) if is_long(clean) else clean, *self.selection)
        if done is not None:
            self.move_cursor(done.end_location)

    def open_paste(self) -> bool:
        """Put the text in the place of the label at the cursor. Returns whether there was one."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        for start, end in self.pastes.spans(line):
            if start <= column <= end:
                text = self.pastes.text_of(line[start:end])
                self.replace(text, (row, start), (row, end), maintain_selection_offset=False)
                return True
        return False

    def get_line(self, line_index: int) -> Text:
        """Return a line with the labels in it marked."""
        line = super().get_line(line_index)
        for start, end in self.pastes.spans(line.plain):
            line.stylize(self.get_component_rich_style(LABEL_STYLE, partial=True), start, end)
        return line

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.take_paste(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in the app."""
        self.take_paste(self.app.clipboard)

    def on_click(self) -> None:
        """Open the label that was clicked; ctrl+z folds it again."""
        if self.selection.is_empty:
            self.open_paste()

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor, once it is in the text.

        An undo that takes lines away draws before it moves the cursor, and Textual 8.2 fails there.
        """
        if self.selection.end[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    # One piece: neither the cursor nor the end of a deletion may stand inside a label.

    def _validate_selection(self, selection: Selection) -> Selection:
        start, end = super()._validate_selection(selection)
        cursor = self._snapped(end, self.selection.end)
        return Selection(cursor if start == end else self._snapped(start, self.selection.start), cursor)

    def _snapped(self, location: Location, before: Location) -> Location:
        """Return a location, or if it is inside a label, the end of it that lies in the way of the move."""
        row, column = location
        start, end = self._label_around(location) or (column, column)
        if before[0] == row and before[1] >= end:
            return row, start
        if before[0] == row and before[1] <= start:
            return row, end
        return row, start if column - start < end - column else end

    def _label_around(self, location: Location) -> tuple[int, int] | None:
        row, column = location
        spans = self.pastes.spans(self.document.get_line(row)) if row < self.document.line_count else []
        return next(((start, end) for start, end in spans if start < column < end), None)

    def _whole(self, start: Location, end: Location) -> tuple[Location, Location]:
        """Return a range, in order, made wide enough to hold the labels that it touches."""
        start, end = sorted((start, end))
        first, last = self._label_around(start), self._label_around(end)
        return (start[0], first[0]) if first else start, (end[0], last[1]) if last else end

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        return super()._delete_via_keyboard(*self._whole(start, end))

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        return super()._replace_via_keyboard(insert, *self._whole(start, end))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(FoldingArea("Paste something long; a click on its label opens it"))
