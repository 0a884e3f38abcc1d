"""The settings as they are used: switching, choosing, typing, and back to the default."""

from textual import on
from textual.widgets import OptionList

from slmtui.settings import SettingsError
from slmtui.tui.keymap import Keymap
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.settings.view import SettingsView
from slmtui.tui.state.settings_rows import SettingRow
from slmtui.tui.widgets.setting_line import SettingLine

FEW = 3
"""So many choices are gone through one by one; of more there is a list."""


class SettingsScreen(SettingsView):
    """Changes settings in the file, one at a time. Each `action_…` is one line of the registry."""

    _in_line: SettingRow | None = None
    """The row whose value is typed: another may be marked meanwhile."""

    @on(OptionList.OptionSelected)
    def _change(self) -> None:
        row = self.marked
        if row is None:
            return
        if row.control == "file":
            self.note(f"{row.name}: {row.details[-1]}")
        elif row.control == "line":
            self._in_line = row
            self.line.begin(row.name, row.typed)
        elif row.control == "switch" or len(row.choices) <= FEW:
            self.action_turn(1)
        else:
            self._choose(row)

    def _choose(self, row: SettingRow) -> None:
        from slmtui.tui.screens.settings.choices import ChoiceMenu  # noqa: PLC0415 - rarely wanted

        def chosen(value: str | None) -> None:
            if value is not None:
                self.set(row, value)

        self.app.push_screen(ChoiceMenu(row.name, row.choices, row.typed), chosen)

    def action_turn(self, step: int) -> None:
        """Take the value before or after."""
        row = self.marked
        value = row.beside(step) if row else None
        if row is not None and value is not None:
            self.set(row, value)

    @on(SettingLine.Typed)
    def _typed(self, message: SettingLine.Typed) -> None:
        """Say what is wrong with what is being typed."""
        if self._in_line is not None:
            self.line.show_problem(self._wrong(self._in_line, message.text))

    @on(SettingLine.Taken)
    def _take(self, message: SettingLine.Taken) -> None:
        if self._in_line is not None and self.set(self._in_line, message.text):
            self.line.end()
            self.listed.focus()

    def _wrong(self, row: SettingRow, typed: str) -> str:
        """Return what is wrong with a value, or nothing."""
        try:
            if row.command:
                keymap = Keymap({**self.desk.keys(), row.command: typed})
                return next((each.text for each in keymap.problems if each.command == row.command), "")
            self.desk.checked(row.name, typed)
        except SettingsError as error:
            return str(error)
        return ""

    def set(self, row: SettingRow, typed: str) -> bool:
        """Write a value to the file, and let it count where it can. Returns whether it was taken."""
        wrong = self._wrong(row, typed)
        if wrong:
            self.line.show_problem(wrong)
            self.note(f"✗ {wrong}")
            return False
        return self._write(row, typed)

    def action_default(self) -> None:
        """Take the marked setting out of the file."""
        row = self.marked
        if row is not None and row.origin == "default":
            self.note(f"{row.name} is the default already.")
        elif row is not None:
            self._write(row, None)

    def _write(self, row: SettingRow, typed: str | None) -> bool:
        try:
            if row.command:
                self.desk.put_keys(row.command, typed)
            elif typed is None:
                self.desk.reset(row.name)
            else:
                self.desk.put(row.name, typed)
        except SettingsError as error:
            self.note(f"✗ {error}")
            return False
        self._written(row)
        return True

    def _written(self, row: SettingRow) -> None:
        """Draw what is in the file now, and let the app take it."""
        from slmtui.tui.app import SlmApp  # noqa: PLC0415 - the app imports this screen

        self.wanted = row.name
        if self.read() and isinstance(self.app, SlmApp):
            self.app.take_settings()
        now = self.marked
        if now is not None:
            overruled = "" if now.origin in {"default", "file"} else f"; {now.origin} overrules the file"
            self.note(f"✓ {now.name} is {plain_line(now.value, 60)} {now.when}{overruled}.")

    def action_find(self) -> None:
        """Go to the line that filters."""
        self.search.focus()

    def action_reload(self) -> None:
        """Read the file again."""
        if self.read():
            self.note("Read anew.")

    def action_close(self) -> None:
        """Leave the value as it is; else empty the search; else go back."""
        if self.line.is_open:
            self.line.end()
            self.listed.focus()
        elif self.search.value:
            self.search.value = ""
            self.listed.focus()
        elif self.focused is self.search:
            self.listed.focus()
        else:
            self.dismiss(None)
