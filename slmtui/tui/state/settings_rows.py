"""The settings as rows: the fields of the settings' model, then a key for every command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len

from slmtui.settings_desk import Setting, told
from slmtui.settings_keys import TABLE
from slmtui.tui.commands import COMMANDS, key_name
from slmtui.tui.keymap import Keymap, as_written
from slmtui.tui.plain import plain_line

Control = Literal["switch", "choice", "line", "file"]
NAME, VALUE, ORIGIN = 20, 18, 9
GONE = "✗ There is no command with this id: d takes it out of the file."


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One row. `typed` is the value as it is typed, and `control` how it is changed; `file`: not here.

    `details` is what there is to say of it when it is marked, and `when` from when on a change counts.
    """

    name: str
    section: str
    label: str
    value: str
    typed: str
    origin: str
    meaning: str
    control: Control
    choices: tuple[str, ...]
    details: tuple[str, ...]
    when: str = "now"

    @property
    def command(self) -> str:
        """The id of the command whose keys it has, or nothing."""
        return self.name.removeprefix(f"{TABLE}.") if self.section == TABLE else ""

    def beside(self, step: int) -> str | None:
        """Return the value before (-1) or after (1) among the choices, or None where there are none."""
        if self.control == "switch":
            return "off" if self.value == "on" else "on"
        if self.control != "choice":
            return None
        none = -1 if step > 0 else 0
        place = self.choices.index(self.typed) if self.typed in self.choices else none
        return self.choices[(place + step) % len(self.choices)]


def setting_rows(settings: Iterable[Setting], themes: Sequence[str]) -> list[SettingRow]:
    """Return a row for each field of the settings."""
    return [_row(replace(each, kind="choice", choices=tuple(themes)) if each.name == "theme" else each)
            for each in settings]  # fmt: skip


def _row(setting: Setting) -> SettingRow:
    control: Control = "line"
    if setting.kind == "tables":
        control = "file"
    elif setting.kind in {"switch", "choice"}:
        control = "switch" if setting.kind == "switch" else "choice"
    *tables, label = setting.place
    value = plain_line(told(setting.value), 200)
    return SettingRow(
        setting.name, ".".join(tables), label, value or "–", told(setting.value), setting.origin,
        setting.meaning, control, setting.choices, tuple(_details(setting)), setting.when,
    )  # fmt: skip


def _details(setting: Setting) -> Iterable[str]:
    yield f"{setting.meaning}."
    default = told(setting.default)
    yield f"It is {setting.allowed or _kinds(setting)}; the default is {default or 'nothing'}."
    if setting.overruled:
        filed = f"; the file says {plain_line(told(setting.filed), 60)}" if setting.filed is not None else ""
        yield f"‼ {setting.overruled} overrules the file{filed}: a change here counts once that is gone."
    if setting.kind == "tables":
        yield "It is a list of tables: edit it in the file."
    else:
        yield f"A change counts {setting.when}."


def _kinds(setting: Setting) -> str:
    if setting.kind == "choice":
        return (
            f"one of {', '.join(setting.choices)}"
            if len(setting.choices) <= 9
            else "one of many: enter lists them"
        )
    words = {
        "switch": "on or off",
        "number": "a number",
        "text": "a text",
        "list": "a list",
        "tables": "tables",
    }
    return words[setting.kind]


def key_rows(keymap: Keymap, overruled: str) -> list[SettingRow]:
    """Return a row for each command: its keys. `overruled` names what counts instead of the file, if any."""
    wrong = {problem.command: problem.text for problem in keymap.problems}
    rows = []
    for command in COMMANDS:
        here = keymap.keys_of(command)
        keys, typed = ", ".join(map(key_name, here)), ", ".join(map(as_written, here))
        own = command.id in keymap.own
        usual = ", ".join(map(key_name, command.keys)) or "no key"
        problem = (f"✗ {wrong[command.id]}.",) if command.id in wrong else ()
        details = (
            f"{command.title}. {command.description}",
            f"The default is {usual}. A change counts now. Commas between several.",
        )
        rows.append(
            SettingRow(
                f"{TABLE}.{command.id}", TABLE, command.id, keys or "–", typed,
                (overruled or "file") if own else "default", command.description, "line", (),
                (*details, *problem),
            )
        )  # fmt: skip
    return rows


def unknown_key_rows(own: Mapping[str, str]) -> list[SettingRow]:
    """Return a row for each id among the user's keys that no command has."""
    known = {command.id for command in COMMANDS}
    return [
        SettingRow(
            f"{TABLE}.{name}", TABLE, plain_line(name, 40), plain_line(keys, 40), keys, "file",
            "✗ there is no such command", "file", (), (GONE,),
        )
        for name, keys in own.items() if name not in known
    ]  # fmt: skip


def matching(rows: Iterable[SettingRow], query: str) -> list[SettingRow]:
    """Return the rows that hold every word."""
    words = query.lower().split()
    return [row for row in rows if all(word in _searched(row) for word in words)]


def _searched(row: SettingRow) -> str:
    return f"{row.name} {row.value} {row.origin} {row.meaning}".lower()


def row_line(row: SettingRow, width: int) -> str:
    """Return a row in `width` cells: name, value, where that is from, and what it does as far as it fits."""
    more = 4 if width >= 110 else 0
    cells = ((row.label, NAME + more), (row.value, VALUE + more), (_origin(row.origin), ORIGIN))
    line = "  ".join(_cell(text, room) for text, room in cells)
    return _cut(f"  {line}  {row.meaning}", width)


def _origin(origin: str) -> str:
    return "variable" if origin.isupper() else origin.lstrip("-") if len(origin) <= ORIGIN else "flag"


def _cell(text: str, room: int) -> str:
    text = _cut(text, room)
    return text + " " * (room - cell_len(text))


def _cut(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    while text and cell_len(text) > room - 1:
        text = text[:-1]
    return f"{text}…"
