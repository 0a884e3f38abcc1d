"""A text area that offers to complete what is typed. The list is drawn by others; here are the keys."""

from collections.abc import Callable

from textual.document._document import EditResult, Selection
from textual.document._edit import Edit
from textual.message import Message

from slmtui.tui.state.completion import Offer, Picking
from slmtui.tui.widgets.folding_area import FoldingArea


def no_offer(_before: str, _row: int) -> Offer | None:
    """Return nothing: an area that was not told what can be completed."""
    return None


class CompletingArea(FoldingArea):
    """Asks `complete` after every edit, with the text before the cursor and the line's number."""

    class Offered(Message):
        """`picking` changed: there is a list to draw, or none any more."""

    def __init__(self, placeholder: str) -> None:
        self.picking = Picking()
        self._dismissed = True
        self.complete: Callable[[str, int], Offer | None] = no_offer
        super().__init__(placeholder)

    def edit(self, edit: Edit) -> EditResult:
        """Change the text, and see what can be completed now."""
        result = super().edit(edit)
        self._dismissed = False
        self.ask_again()
        return result

    def ask_late(self) -> None:
        """See what can be completed now that a list has come, unless the user closed it or moved on."""
        if not self._dismissed and not self.picking.is_open:
            self.ask_again()

    def load_text(self, text: str) -> None:
        """Replace the text; nothing is offered for what nobody typed."""
        super().load_text(text)
        self.action_close_list()

    def ask_again(self) -> None:
        """See what can be completed at the cursor."""
        self._show(self._offer())

    def _offer(self) -> Offer | None:
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        return self.complete(before, row) if self.selection.is_empty else None

    def watch_selection(self, _before: Selection, selection: Selection) -> None:
        """Take the offer away when the cursor leaves its place."""
        offer = self.picking.offer
        if offer is not None and selection != Selection.cursor((selection.end[0], offer.end)):
            self._show(None)

    def _show(self, offer: Offer | None) -> None:
        if offer is not None or self.picking.is_open:
            self.picking.show(offer)
            self.post_message(self.Offered())

    def move_mark(self, step: int) -> None:
        """Mark another choice."""
        self.picking.move(step)
        self.post_message(self.Offered())

    @property
    def typed_in_full(self) -> bool:
        """Whether the marked choice is what stands there already, but for a blank."""
        offer, chosen = self.picking.offer, self.picking.chosen
        if offer is None or chosen is None:
            return False
        row = self.cursor_location[0]
        stands, text = self.document.get_line(row)[offer.start : offer.end], chosen.text.rstrip()
        return stands == text or (text.startswith("/") and stands.lower() == text)

    def take(self, index: int | None = None) -> bool:
        """Put the marked choice, or that of `index`, in its place. Returns whether there was one."""
        offer = self.picking.offer
        if offer is not None and index is not None:
            self.picking.index = index
        chosen = self.picking.chosen
        if offer is None or chosen is None:
            return False
        row = self.cursor_location[0]
        self._show(None)
        self.replace(chosen.text, (row, offer.start), (row, offer.end), maintain_selection_offset=False)
        if self.typed_in_full:
            self._show(None)
        return True

    # Keys that mean the list while there is one. Those of the prompt come first in the subclass.

    def action_complete(self) -> None:
        """Take the marked choice, the first where none is marked; without a list, ask for one."""
        if not self.picking.is_open:
            self.ask_again()
            return
        self.picking.mark_first()
        self.take()

    def action_close_list(self) -> None:
        """Take the list away, until something else is typed."""
        self._dismissed = True
        self._show(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Leave tab and esc to others while there is nothing to complete."""
        if action == "close_list":
            return self.picking.is_open
        if action == "complete":
            return self.picking.is_open or self._offer() is not None
        return True


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(CompletingArea("Nothing is completed here: it shows the text area"))
