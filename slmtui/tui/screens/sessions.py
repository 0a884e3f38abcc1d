"""The sessions: resume, replay, rename, delete and bring back, search."""

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from sessions.errors import SessionsError
from sessions.listing import SessionSummary
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.state.session_rows import SessionRow, hit_rows, session_rows
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.status_line import StatusLine

HITS = 50
LISTED = 500
"""So many of the latest sessions are listed; the search finds what is in the others."""


class SessionList(OptionList):
    """The list; its own key for resuming is told in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sessions", only=("sessions.open",))]


class SessionsScreen(Screen[str | None]):
    """Lists the stored sessions, the latest first. Ends with the id of the one to resume, or None."""

    SCOPE: ClassVar[Scope] = "sessions"
    CSS_PATH = "sessions.tcss"
    AUTO_FOCUS = "SessionList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sessions", leave_out=("sessions.open",))]

    listed = getters.query_one(SessionList)
    query_line = getters.query_one(LineInput)
    status = getters.query_one(StatusLine)

    def __init__(self, store: Store, options: AppOptions) -> None:
        super().__init__()
        self.store, self.options = store, options
        self._summaries: list[SessionSummary] = []
        self._rows: list[SessionRow] = []
        self._deleted: list[str] = []

    def compose(self) -> ComposeResult:
        """Search above, the list below."""
        yield HeaderLine()
        yield LineInput(placeholder="Search titles, prompts and answers  ( / )", compact=True)
        yield SessionList(markup=False)
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """List everything."""
        self.query_one(HeaderLine).model = "Sessions"
        self._reload()

    def _reload(self) -> None:
        """Read the sessions anew, and draw them."""
        try:
            self._summaries = self.store.sessions(LISTED)
        except SessionsError as error:
            self.note(str(error))
            return
        self._list()

    def _list(self) -> None:
        """Draw those that fit what is searched for."""
        query = self.query_line.value.strip()
        marked = self.listed.highlighted or 0
        found = session_rows(self._summaries, query)
        try:
            hits = hit_rows(self.store.search(query, HITS)) if query else []
        except SessionsError as error:
            self.note(str(error))
            return
        self._rows = [*found, *hits]
        options: list[Option | None] = [_option(row) for row in found]
        if hits:
            options += [None, *(_option(row) for row in hits)]
        self.listed.set_options(options)
        if self._rows:
            self.listed.highlighted = min(marked, len(self._rows) - 1)
        self.query_one(HeaderLine).engine = _tally(len(found), len(hits), len(self._summaries), query)

    def note(self, text: str) -> None:
        """Say something in passing."""
        self.status.note(text)

    @property
    def _marked(self) -> SessionRow | None:
        index = self.listed.highlighted
        return self._rows[index] if index is not None and index < len(self._rows) else None

    @on(Input.Changed)
    def _search(self) -> None:
        self._list()

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self.listed.focus()

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        if self._marked is not None:
            self.dismiss(self._marked.session)

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_line.focus()

    def action_close(self) -> None:
        """From the search line back to the list; from the list back to the chat."""
        if self.focused is self.query_line:
            self.query_line.value = ""
            self.listed.focus()
        else:
            self.dismiss(None)

    def action_delete(self) -> None:
        """Delete the marked session."""
        row = self._marked
        if row is None:
            return
        try:
            self._deleted.append(self.store.delete(row.session))
        except SessionsError as error:
            self.note(str(error))
        else:
            self.note(f"Deleted «{row.title}». u brings it back.")
        self._reload()

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            self.note("Nothing was deleted here.")
            return
        try:
            self.store.undelete(self._deleted.pop())
        except SessionsError as error:
            self.note(str(error))
        else:
            self.note("It is back.")
        self._reload()

    def action_rename(self) -> None:
        """Ask for another title of the marked session."""
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        row = self._marked
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
        self._reload()

    def action_replay(self) -> None:
        """Play the marked session again."""
        from slmtui.tui.screens.replay import open_replay  # noqa: PLC0415 - only when it is asked for

        if self._marked is not None:
            open_replay(self.app, self.store, self.options, self._marked.session, self.note)


def _tally(found: int, hits: int, all_sessions: int, query: str) -> str:
    if not query:
        latest = "latest " if all_sessions == LISTED else ""
        return f"{latest}{all_sessions} session{'' if all_sessions == 1 else 's'}"
    more = "+" if hits == HITS else ""
    return f"{found} of {all_sessions} by title · {hits}{more} turn{'' if hits == 1 else 's'} by text"


def _option(row: SessionRow) -> Option:
    facts = Content(row.facts)
    for start, end in row.marked:
        facts = facts.stylize("bold underline", start, end)
    return Option(Content.assemble((row.title, "bold"), "  ", (row.when, "dim"), "\n  ", facts))
