"""The runs: of suites, and comparisons that were made by hand; each opens its report."""

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from sessions.errors import SessionsError
from sessions.run_records import RunRecord
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.state.run_rows import RunRow, run_rows
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.status_line import StatusLine

LISTED = 200
NONE_YET = (
    "There is no run yet.\n\n"
    "f4 in the chat compares one prompt under several paradigms and models.\n"
    "slmtui bench in a terminal asks a whole suite of questions: slmtui bench --help"
)


class RunList(OptionList):
    """The list; its own key for opening is told in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("runs", only=("runs.open",))]


class RunsScreen(Screen[None]):
    """Lists the runs, the latest first."""

    SCOPE: ClassVar[Scope] = "runs"
    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "RunList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("runs", leave_out=("runs.open",))]

    listed = getters.query_one(RunList)
    query_line = getters.query_one(LineInput)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)

    def __init__(self, store: Store, options: AppOptions) -> None:
        super().__init__()
        self.store, self.options = store, options
        self._runs: list[tuple[RunRecord, int]] = []
        self._rows: list[RunRow] = []

    def compose(self) -> ComposeResult:
        """Filter above, the list below."""
        yield HeaderLine()
        yield LineInput(placeholder="Filter by title, arms and state  ( / )", compact=True)
        yield RunList(markup=False)
        yield PlainStatic(Content(NONE_YET), classes="runs--none")
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """List everything."""
        self.header.model = "Runs and comparisons"
        self.action_reload()

    def action_reload(self) -> None:
        """Read the runs anew: one may be going on in another terminal."""
        try:
            self._runs = [(run, self.store.suites.scored(run.id)) for run in self.store.suites.runs(LISTED)]
        except SessionsError as error:
            self.status.note(str(error))
        self._list()

    @on(Input.Changed)
    def _list(self) -> None:
        query = self.query_line.value.strip()
        marked = self.listed.highlighted or 0
        self._rows = run_rows(self._runs, query)
        self.listed.set_options([_option(row) for row in self._rows])
        if self._rows:
            self.listed.highlighted = min(marked, len(self._rows) - 1)
        self.set_class(not self._runs, "-none")
        latest = "latest " if len(self._runs) == LISTED else ""
        counted = f"{latest}{len(self._runs)} run{'' if len(self._runs) == 1 else 's'}"
        self.header.engine = f"{len(self._rows)} of {counted}" if query else counted

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self.listed.focus()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        from slmtui.tui.screens.run_report import open_report  # noqa: PLC0415 - only when it is asked for

        open_report(self.app, self.store, self.options, self._rows[event.option_index].run, is_run=True)

    def action_search(self) -> None:
        """Go to the filter."""
        self.query_line.focus()

    def action_close(self) -> None:
        """From the filter back to the list; from the list back to where it was opened."""
        if self.focused is self.query_line:
            self.query_line.value = ""
            self.listed.focus()
        else:
            self.dismiss(None)


def _option(row: RunRow) -> Option:
    return Option(Content.assemble((row.title, "bold"), "  ", (row.when, "dim"), "\n  ", row.facts))
