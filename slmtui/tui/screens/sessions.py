"""The sessions: resume, replay, rename, tag, delete and bring back, search."""

from contextlib import suppress
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.state.session_list import FoundSessions
from slmtui.tui.state.session_rows import SessionRow
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.session_preview import SessionPreview
from slmtui.tui.widgets.status_line import StatusLine

PREVIEW_S = 0.1
"""The preview waits so long for the next key: a session of thousands of turns takes a moment to read."""


class SessionList(OptionList):
    """The list; its own key for resuming is told in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sessions", only=("sessions.open",))]


class SessionsScreen(Screen[str | None]):
    """Lists the stored sessions, the latest first. Ends with the id of the one to resume, or None.

    `deleted` are the ids of those that were deleted, the last one last; it outlives the screen.
    """

    SCOPE: ClassVar[Scope] = "sessions"
    CSS_PATH = "sessions.tcss"
    AUTO_FOCUS = "SessionList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - Textual's own declaration
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sessions", leave_out=("sessions.open",))]

    listed = getters.query_one(SessionList)
    query_line = getters.query_one(LineInput)
    preview = getters.query_one(SessionPreview)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)

    def __init__(self, store: Store, options: AppOptions, deleted: list[str]) -> None:
        super().__init__()
        self.store, self.options = store, options
        self.found = FoundSessions()
        self._deleted = deleted
        self._looking: Timer | None = None

    def compose(self) -> ComposeResult:
        """Search above, the list below, and beside it the end of what is marked."""
        yield HeaderLine()
        yield LineInput(placeholder="Search titles, prompts, answers and tag:words  ( / )", compact=True)
        with Horizontal():
            yield SessionList(markup=False)
            yield SessionPreview()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """List everything."""
        self.header.model = "Sessions"
        self.reload()

    def on_resize(self) -> None:
        """Preview where there is room for it now."""
        self._look_soon()

    def reload(self) -> None:
        """Read the sessions anew, and draw them."""
        try:
            self.found.read(self.store)
            self._search()
        except SessionsError as error:
            self.note(str(error))

    @on(Input.Changed)
    def _typed(self) -> None:
        try:
            self._search()
        except SessionsError as error:
            self.note(str(error))

    def _search(self) -> None:
        """Draw those that fit what is searched for. Raises a `SessionsError`."""
        marked = self.listed.highlighted or 0
        self.found.search(self.store, self.query_line.value)
        options: list[Option | None] = [_option(row) for row in self.found.by_title]
        if self.found.by_text:
            options += [None, *(_option(row) for row in self.found.by_text)]
        self.listed.set_options(options)
        if rows := self.found.rows:
            self.listed.highlighted = min(marked, len(rows) - 1)
        self.header.engine = self.found.tally
        self._look_soon()

    def note(self, text: str) -> None:
        """Say something in passing."""
        self.status.note(text)

    @property
    def marked(self) -> SessionRow | None:
        """The row under the cursor."""
        index, rows = self.listed.highlighted, self.found.rows
        return rows[index] if index is not None and index < len(rows) else None

    # The preview

    @on(OptionList.OptionHighlighted)
    def _look_soon(self) -> None:
        if self._looking is not None:
            self._looking.stop()
        self._looking = self.set_timer(PREVIEW_S, self._look)

    def _look(self) -> None:
        if self.preview.display:
            row = self.marked
            with suppress(SessionsError):  # it was deleted meanwhile: nothing is drawn then
                self.preview.show_turns(self.store.turns(row.session) if row else ())

    # Opening

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self.listed.focus()

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        row = self.marked
        if row is not None and row.chat and self._is_chat(row.session):
            self.dismiss(row.session)
        elif row is not None:
            self.action_replay()

    def _is_chat(self, session: str) -> bool:
        """Whether a session may be gone on with; one of a run would no longer be what was measured."""
        try:
            return self.store.session(session).kind == "chat"
        except SessionsError as error:
            self.note(str(error))
            return False

    def action_replay(self) -> None:
        """Play the marked session again."""
        from slmtui.tui.screens.replay import open_replay  # noqa: PLC0415 - only when it is asked for

        if self.marked is not None:
            open_replay(self.app, self.store, self.options, self.marked.session, self.note)

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_line.focus()

    def action_kinds(self) -> None:
        """List those of runs and what-ifs too, or the chats alone."""
        self.found.every_kind = not self.found.every_kind
        self.reload()
        told = "Those of runs and what-ifs too" if self.found.every_kind else "The chats alone"
        self.note(f"{told}. k changes it.")

    def action_close(self) -> None:
        """From the search line back to the list; from the list back to the chat."""
        if self.focused is self.query_line:
            self.query_line.value = ""
            self.listed.focus()
        else:
            self.dismiss(None)

    # Changing

    def action_delete(self) -> None:
        """Delete the marked session."""
        row = self.marked
        if row is None:
            return
        try:
            self._deleted.append(self.store.delete(row.session))
        except SessionsError as error:
            self.note(str(error))
        else:
            self.note(f"Deleted «{row.title}». u brings it back.")
        self.reload()

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            self.note("Nothing was deleted here.")
            return
        try:
            title = self.store.session(self.store.undelete(self._deleted.pop())).title
        except SessionsError as error:
            self.note(str(error))
        else:
            more = f" u brings back {len(self._deleted)} more." if self._deleted else ""
            self.note(f"«{title}» is back.{more}")
        self.reload()

    def action_rename(self) -> None:
        """Ask for another title of the marked session."""
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        row = self.marked
        if row is not None:
            self.app.push_screen(
                AskText("Rename the session", row.title), lambda title: self._rename(row.session, title)
            )

    def _rename(self, session: str, title: str | None) -> None:
        try:
            if title is not None:
                self.store.rename(session, title)
        except SessionsError as error:
            self.note(str(error))
        self.reload()

    def action_tag(self) -> None:
        """Ask for the tags of the marked session."""
        from slmtui.tui.screens.ask_tags import ask_tags  # noqa: PLC0415 - only when it is asked for

        row = self.marked
        if row is not None:
            ask_tags(self.app, self.store, row.session, self.note, self.reload)


def _option(row: SessionRow) -> Option:
    facts = Content(row.facts)
    for start, end in row.marked:
        facts = facts.stylize("bold underline", start, end)
    tags = ("  " + row.tags, "italic") if row.tags else ""
    return Option(Content.assemble((row.title, "bold"), "  ", (row.when, "dim"), tags, "\n  ", facts))
