"""The items of a run: a filter above, and what each arm made of each of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from slmtui.tui import format as fmt
from slmtui.tui.bindings import bindings
from slmtui.tui.state.item_rows import Item, matching
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic


class ItemList(OptionList):
    """The list; its own key for opening is told in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("report", only=("report.open",))]


class ItemPicker(Vertical):
    """Lists the items that fit the filter."""

    class Picked(Message):
        """An item was chosen: the one at `place` of `among`, places in the run in the order shown."""

        def __init__(self, place: int, among: Sequence[int]) -> None:
            super().__init__()
            self.place, self.among = place, among

    listed = getters.query_one(ItemList)
    query_line = getters.query_one(LineInput)

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[Item] = ()
        self._shown: list[int] = []

    def compose(self) -> ComposeResult:
        """Filter above, the list below."""
        yield LineInput(
            placeholder="Filter: words, or ARM:STATE as in base:right -single:right", compact=True
        )
        yield PlainStatic(classes="items--tally")
        yield ItemList(markup=False)

    def show_items(self, items: Sequence[Item]) -> None:
        """List items, those that fit the filter."""
        self._items = items
        self._list()

    @property
    def _tally(self) -> str:
        return f"{fmt.count(len(self._shown))} of {fmt.count(len(self._items))} items"

    @on(Input.Changed)
    def _list(self) -> None:
        self._shown = matching(self._items, self.query_line.value)
        self.listed.set_options([_option(place, self._items[place]) for place in self._shown])
        if self._shown:
            self.listed.highlighted = 0
        self.query_one(".items--tally", PlainStatic).show(Content(self._tally))

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self.listed.focus()

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(event.option_index, tuple(self._shown)))


def _option(place: int, item: Item) -> Option:
    return Option(
        Content.assemble((f"{place + 1}  ", "dim"), item.line, "\n  ", item.states or "not attempted")
    )


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(ItemPicker())
