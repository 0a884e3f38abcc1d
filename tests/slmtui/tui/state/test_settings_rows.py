from pathlib import Path

from slmtui.settings_desk import SettingsDesk
from slmtui.tui.commands import COMMANDS
from slmtui.tui.keymap import Keymap
from slmtui.tui.state.settings_rows import (
    SettingRow,
    key_rows,
    matching,
    row_line,
    setting_rows,
    unknown_key_rows,
)

THEMES = ("nord", "textual-dark")


def rows(folder: Path, text: str = "", environ: dict[str, str] | None = None) -> dict[str, SettingRow]:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    desk = SettingsDesk(environ or {}, folder, {})
    return {row.name: row for row in setting_rows(desk.every(), THEMES)}


def test_a_row_tells_value_origin_and_meaning(tmp_path: Path) -> None:
    row = rows(tmp_path, "[sampling]\nseed = 7\n")["sampling.seed"]
    line = row_line(row, 80)
    assert line.split()[:3] == ["seed", "7", "file"]
    assert line.endswith("the same seed draws the …")
    assert len(line) <= 80
    assert "the same seed draws the same answer" in row_line(row, 120)
    assert row.details == (
        "the same seed draws the same answer.",
        "It is from 0 to 4294967295; the default is 0.",
        "A change counts in new sessions.",
    )


def test_what_overrules_the_file_is_told(tmp_path: Path) -> None:
    row = rows(tmp_path, "[sampling]\nseed = 7\n", {"SLMTUI_SAMPLING__SEED": "8"})["sampling.seed"]
    assert row.value == "8"
    assert "‼ SLMTUI_SAMPLING__SEED overrules the file; the file says 7" in row.details[2]
    assert "variable" in row_line(row, 80)


def test_each_kind_has_its_control(tmp_path: Path) -> None:
    of = rows(tmp_path)
    assert (of["engine.share"].control, of["engine.share"].beside(1)) == ("switch", "off")
    assert (of["engine.kv_cache"].control, of["engine.kv_cache"].beside(-1)) == ("choice", "q4_0")
    assert (of["theme"].control, of["theme"].choices, of["theme"].beside(1)) == ("choice", THEMES, "nord")
    assert (of["sampling.seed"].control, of["sampling.seed"].beside(1)) == ("line", None)
    assert of["tools.mcp"].control == "file"
    assert of["model"].value == "–"
    assert of["model"].typed == ""


def test_a_choice_that_is_none_of_them_goes_to_the_first(tmp_path: Path) -> None:
    theme = rows(tmp_path, "theme = 'gone'")["theme"]
    assert (theme.value, theme.beside(1), theme.beside(-1)) == ("gone", "nord", "textual-dark")


def test_every_command_has_a_row_for_its_keys() -> None:
    found = key_rows(Keymap({"chat.panel": "ctrl+k, f12", "chat.log": "ctrl+t"}), "")
    assert [row.command for row in found] == [command.id for command in COMMANDS]
    of = {row.command: row for row in found}
    assert (of["chat.panel"].value, of["chat.panel"].origin) == ("ctrl+k, f12", "file")
    assert (of["chat.stop"].value, of["chat.stop"].origin) == ("esc", "default")
    assert "The default is ctrl+b." in of["chat.panel"].details[1]
    assert of["chat.log"].details[-1].startswith("✗ ctrl+t is the key of chat.thinking")
    assert {row.origin for row in key_rows(Keymap({"chat.panel": "f12"}), "SLMTUI_KEYS")} == {
        "default",
        "SLMTUI_KEYS",
    }


def test_a_key_of_no_command_has_a_row_that_says_so() -> None:
    (row,) = unknown_key_rows({"chat.panle": "\x1b[2J", "chat.panel": "f12"})
    assert (row.command, row.origin, row.control) == ("chat.panle", "file", "file")
    assert row_line(row, 80).isprintable()


def test_the_search_takes_names_values_origins_and_meanings(tmp_path: Path) -> None:
    of = rows(tmp_path, "[sampling]\nseed = 7\n")
    assert {"model", "sampling.seed"} <= {row.name for row in matching(of.values(), "file")}
    assert [row.name for row in matching(of.values(), "seed 7")] == ["sampling.seed"]
    assert {row.section for row in matching(of.values(), "Agents.Help.")} == {"agents.help"}
    assert matching(of.values(), "zeppelin") == []
