"""The details of a turn: its timeline, its parts, and everything about the part that is opened."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, OptionList

from agents.events import Event
from sessions.errors import SessionsError
from sessions.records import TurnRecord
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain_line
from slmtui.tui.state.entry_lines import entry_lines, entry_rows
from slmtui.tui.state.paradigms import title_of
from slmtui.tui.state.prompt_lines import prompt_text
from slmtui.tui.state.timeline import timeline_of
from slmtui.tui.state.turn_details import CallDetails, Entry, TurnDetails, details_of, entry_id
from slmtui.tui.widgets.entry_list import OWN, EntryList
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.origin_text import OriginText
from slmtui.tui.widgets.status_line import StatusLine
from slmtui.tui.widgets.timeline import TimelineView

LIVE_S = 1.0
COST = 20
"""A running turn is read again after a second, or after so many times what reading it took."""


class DetailsScreen(Screen[None]):
    """Shows a turn of the store, live while it runs. `turn_id` is the whole id of a turn."""

    SCOPE: ClassVar[Scope] = "details"
    CSS_PATH = "details.tcss"
    AUTO_FOCUS = "EntryList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 - Textual's own declaration
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]  # noqa: RUF012 - Textual's own declaration
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("details", leave_out=OWN)]

    header = getters.query_one(HeaderLine)
    timeline = getters.query_one(TimelineView)
    listed = getters.query_one(EntryList)
    text = getters.query_one(OriginText)
    status = getters.query_one(StatusLine)

    def __init__(self, store: Store, options: AppOptions, turn_id: str) -> None:
        super().__init__()
        self.store, self.options, self.turn_id = store, options, turn_id
        self.details = TurnDetails(TurnRecord(turn_id, "", "", "", ""))
        self._again: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the timeline above, the list and the open text below or beside each other."""
        yield HeaderLine()
        with VerticalScroll(id="timeline"):
            yield TimelineView()
        with Vertical(id="parts"):
            yield EntryList()
            yield OriginText()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Read the turn."""
        self.show_turn(self.turn_id)

    # Reading

    def show_turn(self, turn_id: str) -> None:
        """Show another turn, from its start; says so if it cannot be read."""
        try:
            events = self.store.events(turn_id)
        except SessionsError as error:
            self.status.note(str(error))
            return
        self.turn_id = turn_id
        self._close_part()
        self._take(events)
        self.listed.highlighted = 0
        self.query_one("#timeline").scroll_home(animate=False)
        self._read_later(0.0)

    def _read_later(self, took: float) -> None:
        if self._again is not None:
            self._again.stop()  # that of the turn before
        if self.details.record.status is None:
            self._again = self.set_timer(max(LIVE_S, COST * took), self._read_again)

    def _read_again(self) -> None:
        """Read a running turn as it stands now; what the reader looks at stays there."""
        began = self.options.clock()
        try:
            self._take(self.store.events(self.turn_id))
        except SessionsError as error:
            self.status.note(str(error))
            return
        if self.is_open:
            self._draw_part(keep_place=True)
        self._read_later(self.options.clock() - began)

    def _take(self, events: list[Event]) -> None:
        self.details = details_of(events)
        record = self.details.record
        self.timeline.show_timeline(timeline_of(events))
        self.listed.show_rows(entry_rows(self.details))
        self.header.model = f"Details · {plain_line(title_of(record.paradigm), 20)}"
        self.header.session = plain_line(record.prompt, 80)
        self.header.engine = record.status or "running"

    # The part that is open

    @property
    def is_open(self) -> bool:
        """Whether a part is open."""
        return self.has_class("-open")

    @property
    def _marked(self) -> Entry:
        entries = self.details.entries
        return entries[min(self.listed.highlighted or 0, len(entries) - 1)]

    @on(OptionList.OptionHighlighted)
    def _mark(self) -> None:
        self.timeline.mark(entry_id(self._marked))
        if self.is_open:
            self._draw_part()

    @on(OptionList.OptionSelected)
    def _open_or_close(self) -> None:
        if self.is_open:
            self._close_part()
        else:
            self.add_class("-open")
            self._draw_part()

    def _close_part(self) -> None:
        self.remove_class("-open")
        self.listed.focus()

    def _draw_part(self, *, keep_place: bool = False) -> None:
        self.text.show_lines(entry_lines(self._marked, self.details), keep_place=keep_place)

    # Keys

    def action_next_pane(self) -> None:
        """Go on to the next pane."""
        self.focus_next()

    def action_wrap(self) -> None:
        """Wrap long lines, or not."""
        self.status.note("Long lines are wrapped." if self.text.toggle_wrap() else "Long lines are scrolled.")

    def action_copy_part(self) -> None:
        """Copy the prompt of a call, or the lines of another part."""
        entry = self._marked
        if isinstance(entry, CallDetails):
            text, what = prompt_text(entry), "the prompt"
        else:
            text, what = "\n".join(line.text for line in entry_lines(entry, self.details)), "this part"
        self.app.copy_to_clipboard(text)
        self.status.note(f"Copied {what}: {len(text)} characters.")

    def action_turn(self, direction: int) -> None:
        """Go to the turn before or after, in the session."""
        try:
            turns = [record.turn for record in self.store.turns(self.details.record.session)]
        except SessionsError as error:
            self.status.note(str(error))
            return
        index = turns.index(self.turn_id) + direction if self.turn_id in turns else -1
        if 0 <= index < len(turns):
            self.show_turn(turns[index])
        else:
            self.status.note("This is the first turn." if direction < 0 else "This is the last turn.")

    def action_close(self) -> None:
        """Close the open part, or leave."""
        if self.is_open:
            self._close_part()
        else:
            self.dismiss(None)


def open_details(
    app: App[Any], store: Store, options: AppOptions, ref: str, note: Callable[[str], None]
) -> None:
    """Show the details of the turn that `ref` names, or say through `note` why there are none."""
    try:
        turn = store.turn(ref).turn
    except SessionsError as error:
        note(str(error))
        return
    app.push_screen(DetailsScreen(store, options, turn))
