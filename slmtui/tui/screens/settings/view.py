"""The settings as they are seen: a search, a row for each, what the marked one is, the line to type in."""

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from slmtui.settings import SettingsError
from slmtui.settings_desk import SettingsDesk
from slmtui.settings_keys import TABLE
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.keymap import Keymap
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.settings_rows import (
    SettingRow,
    key_rows,
    matching,
    row_line,
    setting_rows,
    unknown_key_rows,
)
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.setting_line import SettingLine
from slmtui.tui.widgets.setting_list import IN_LIST, SettingList
from slmtui.tui.widgets.status_line import StatusLine

FILTER = "Type to filter: a name, a word, file, environment  ( / )"
SECTIONS = {"": "general", TABLE: "keys, by the id of their command"}


class SettingsView(Screen[None]):
    """What the settings show. The file is read anew at every drawing: it may have been edited."""

    SCOPE: ClassVar[Scope] = "settings"
    CSS_PATH = "settings.tcss"
    AUTO_FOCUS = "SettingList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings", leave_out=IN_LIST)]

    listed = getters.query_one(SettingList)
    search = getters.query_one("#search", LineInput)
    line = getters.query_one(SettingLine)
    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)

    def __init__(self, desk: SettingsDesk, words: str = "") -> None:
        super().__init__()
        self.desk = desk
        self._words = words
        self._rows: list[SettingRow] = []
        self._shown: list[SettingRow | None] = []
        self.wanted = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine()
        yield LineInput(self._words, placeholder=FILTER, compact=True, id="search", select_on_focus=False)
        yield SettingList(markup=False)
        yield PlainStatic(classes="settings--details")
        yield SettingLine()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Read the settings."""
        self.header.model = "Settings"
        self.header.session = plain_line(str(self.desk.path))
        self.read()

    def on_resize(self) -> None:
        """Draw the columns that there is room for now."""
        self.call_after_refresh(self.draw)

    def read(self) -> bool:
        """Read the settings and draw them. Returns whether they could be read; what was read before stays."""
        try:
            settings, sources = self.desk.every(), self.desk.sources()
            own = dict(self.desk.keys())
        except SettingsError as error:
            self.query_one(".settings--details", PlainStatic).show(Content(f"✗ {plain(str(error))}.\n{MEND}"))
            self.header.engine = "✗ unreadable"
            return False
        origin = sources.origin((TABLE,))
        overruled = "" if origin in {"default", "file"} else origin
        self._rows = setting_rows(settings, sorted(self.app.available_themes))
        self._rows += unknown_key_rows(own) + key_rows(Keymap(own), overruled)
        self.header.engine = ""
        self.draw()
        return True

    def draw(self) -> None:
        """List the rows that fit the search, section by section, with the mark where it was."""
        if not self._rows:
            return
        self._shown = list(_with_heads(matching(self._rows, self.search.value)))
        width = max(self.listed.scrollable_content_region.width, 20)
        with self.listed.prevent(OptionList.OptionHighlighted):
            self.listed.set_options(_options(self._shown, width))
            self.listed.highlighted = self._place()
        self.show_marked()

    def _place(self) -> int | None:
        names = [row.name if row else None for row in self._shown]
        rows = [place for place, row in enumerate(self._shown) if row]
        return names.index(self.wanted) if self.wanted in names else next(iter(rows), None)

    @property
    def marked(self) -> SettingRow | None:
        """The row under the cursor."""
        place = self.listed.highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    def show_marked(self) -> None:
        """Say what the marked setting is."""
        row = self.marked
        text = "\n".join((row.name, *row.details)) if row else "No setting holds these words."
        self.query_one(".settings--details", PlainStatic).show(Content(plain(text)), layout=False)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        if self.marked is not None:
            self.wanted = self.marked.name
        self.show_marked()

    @on(Input.Changed, "#search")
    def _filter(self) -> None:
        self.draw()

    @on(Input.Submitted, "#search")
    def _to_list(self) -> None:
        self.listed.focus()

    def note(self, text: str) -> None:
        """Say something in passing."""
        self.status.note(text)


MEND = "Nothing is lost, and nothing is written. Mend the file, then r reads it again."


def _with_heads(rows: Iterable[SettingRow]) -> Iterable[SettingRow | None]:
    """Yield the rows with None before each section, for its head."""
    section = None
    for row in rows:
        if row.section != section:
            section = row.section
            yield None
        yield row


def _options(shown: list[SettingRow | None], width: int) -> list[Option]:
    options = []
    for row, following in zip(shown, [*shown, None][1:], strict=True):
        if row is not None:
            options.append(Option(Content(row_line(row, width))))
        elif following is not None:
            title = SECTIONS.get(following.section, following.section)
            options.append(Option(Content.styled(title, "bold underline"), disabled=True))
    return options
