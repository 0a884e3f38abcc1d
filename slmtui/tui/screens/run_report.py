"""The report of a run, or of the turns of a session: verdicts, tables, charts and items, a tab each."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Tab, Tabs

from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.exports import RUN_ENDINGS, TURNS_ENDINGS, ExportError, report_text, target
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.report_reading import Findings, Subject
from slmtui.tui.screens.run_item import RunItemScreen
from slmtui.tui.state.chapter_text import chapter_text
from slmtui.tui.state.chapters import Chapter, arms, costs, doubts, pairs, verdict
from slmtui.tui.state.item_rows import items_of
from slmtui.tui.state.report_charts import charts_text
from slmtui.tui.widgets.chapter_view import ChapterView
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.item_picker import ItemPicker
from slmtui.tui.widgets.status_line import StatusLine

TEXTS = ("verdict", "arms", "pairs", "costs", "doubts")
OF_RUNS = ("charts", "items")


class ReportScreen(Screen[None]):
    """Compares in a thread, and shows what came of it chapter by chapter."""

    SCOPE: ClassVar[Scope] = "report"
    CSS_PATH = "run_report.tcss"
    AUTO_FOCUS = "ChapterView"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("report", leave_out=("report.open",))]

    header = getters.query_one(HeaderLine)
    view = getters.query_one(ChapterView)
    picker = getters.query_one(ItemPicker)
    status = getters.query_one(StatusLine)
    tabs = getters.query_one(Tabs)

    def __init__(self, store: Store, options: AppOptions, subject: Subject) -> None:
        super().__init__()
        self.store, self.options, self.subject = store, options, subject
        self.findings: Findings | None = None
        self.names = TEXTS + (OF_RUNS if subject.is_run else ())
        self.chapter = TEXTS[0]
        self._chapters: dict[str, Chapter] = {}
        self._charts = ""

    def compose(self) -> ComposeResult:
        """Tabs above; below them a text, or the items."""
        yield HeaderLine()
        yield Tabs(*(Tab(f"{number} {name.title()}", id=name) for number, name in enumerate(self.names, 1)))
        yield ChapterView()
        yield ItemPicker()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin to compare."""
        self.header.model = "Report"
        self._say("Comparing …")
        self.action_reload()

    def action_reload(self) -> None:
        """Compare anew: more may have been stored since."""
        self._charts = ""
        self._compare()

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _compare(self) -> None:
        try:
            findings = await asyncio.to_thread(self.subject.findings)
        except SessionsError as error:
            self._say(str(error))
            return
        if not findings.comparison.arms:
            self._say("Nothing was attempted yet: there is nothing to compare.")
            return
        self._take(findings)

    def _take(self, findings: Findings) -> None:
        """Show what was found."""
        comparison = findings.comparison
        self.findings = findings
        self.header.session = plain_line(findings.title)
        counted = sum(arm.attempts for arm in comparison.arms)
        self.header.engine = f"{len(comparison.arms)} arms · {counted} attempts"
        made = (verdict(comparison), arms(comparison), pairs(comparison))
        spent = (costs(comparison, findings.money), doubts(comparison))
        self._chapters = dict(zip(TEXTS, (*made, *spent), strict=True))
        names = [arm.arm for arm in comparison.arms]
        self.picker.show_items(items_of(findings.items, findings.attempts, names))
        self.show_chapter(self.chapter)

    # Chapters

    @on(Tabs.TabActivated)
    def _tab(self, event: Tabs.TabActivated) -> None:
        event.stop()
        self.show_chapter(event.tab.id or TEXTS[0])

    def action_chapter(self, name: str) -> None:
        """Show a chapter."""
        if name in self.names:
            self.tabs.active = name  # which tells of itself
            (self.picker.listed if name == "items" else self.view).focus()
        else:
            self.status.note("Only a run has charts and items; these are turns of a session.")

    def show_chapter(self, name: str) -> None:
        """Draw a chapter, once there is something to draw."""
        self.chapter = name
        self.set_class(name == "items", "-items")
        if self.findings is None:
            return
        if name == "charts":
            self._show_charts()
        elif name in self._chapters:
            self.view.show_text(partial(chapter_text, self._chapters[name]))

    def _show_charts(self) -> None:
        if self._charts:
            self._say(self._charts)
            return
        self._say("Reading every turn of the run …")
        width = self.view.scrollable_content_region.width or self.size.width - 4
        self._draw_charts(width)

    @work(group="charts", exclusive=True, exit_on_error=False)
    async def _draw_charts(self, width: int) -> None:
        try:
            self._charts = await asyncio.to_thread(charts_text, self.subject, width)
        except SessionsError as error:
            self._charts = str(error)
        if self.chapter == "charts":
            self._say(self._charts)

    def _say(self, text: str) -> None:
        said = Content(plain(text))
        self.view.show_text(lambda _width: said)

    # Items

    def action_search(self) -> None:
        """Go to the filter of the items."""
        self.action_chapter("items")
        if "items" in self.names:
            self.call_after_refresh(self.picker.query_line.focus)

    @on(ItemPicker.Picked)
    def _open(self, message: ItemPicker.Picked) -> None:
        message.stop()
        if self.findings is not None:
            names = [arm.arm for arm in self.findings.comparison.arms]
            items = items_of(self.findings.items, self.findings.attempts, names)
            shown: Sequence[Any] = [items[place] for place in message.among]
            self.app.push_screen(RunItemScreen(self.store, self.options, shown, message.place))

    # Export

    def action_export(self) -> None:
        """Ask for a file, and write the report into it."""
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - only when it is asked for

        endings = RUN_ENDINGS if self.subject.is_run else TURNS_ENDINGS
        question = f"Write to a file: {' '.join(endings)}  (FILE! replaces it)"
        self.app.push_screen(AskText(question, f"report{endings[0]}"), self._export_to)

    def _export_to(self, line: str | None) -> None:
        if line and self.findings is not None:
            self._write(partial(_export, self.subject, self.findings, line))

    @work(group="export", exclusive=True, exit_on_error=False)
    async def _write(self, export: Callable[[], str]) -> None:
        self.status.note("Writing …", seconds=None)
        try:
            self.status.note(await asyncio.to_thread(export))
        except (ExportError, SessionsError) as error:
            self.status.note(str(error))

    def action_close(self) -> None:
        """From the filter back to the items; else back to where it was opened."""
        if self.focused is self.picker.query_line:
            self.picker.query_line.value = ""
            self.picker.listed.focus()
        else:
            self.dismiss(None)


def _export(subject: Subject, findings: Findings, line: str) -> str:
    """Write a report into the file that `line` names; return what to say. Raises `ExportError`."""
    file = target(line, RUN_ENDINGS if subject.is_run else TURNS_ENDINGS)
    return file.write(report_text(subject, findings, file.ending))


def open_report(app: App[Any], store: Store, options: AppOptions, ident: str, *, is_run: bool) -> None:
    """Show the report of a run, or of the turns of a session."""
    subject = Subject(store.path, ident, is_run, options.prices, options.encodings)
    app.push_screen(ReportScreen(store, options, subject))
