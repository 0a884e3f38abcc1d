import json
import subprocess
import sys
from pathlib import Path

import pytest

from slmtui.cli import chat
from slmtui.cli.exits import Exit
from tests.slmtui.cli.conftest import Slmtui


def file_of(home: Path) -> Path:
    return home / "config" / "slmtui" / "settings.toml"


def test_settings_are_listed_with_where_they_come_from(
    slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert slmtui("settings", "path").out.strip() == str(file_of(home))
    monkeypatch.setenv("SLMTUI_SAMPLING__SEED", "7")
    assert slmtui("settings", "set", "theme", "nord").code == 0
    lines = {line.split()[0]: line for line in slmtui("settings").out.splitlines()}
    assert lines["theme"].split()[1:3] == ["nord", "file"]
    assert lines["sampling.seed"].split()[1:3] == ["7", "SLMTUI_SAMPLING__SEED"]
    listed = {each["name"]: each for each in json.loads(slmtui("settings", "show", "--json").out)}
    assert (listed["theme"]["value"], listed["theme"]["from"]) == ("nord", "file")
    assert listed["sampling.top_p"]["allowed"] == "above 0, up to 1"


def test_a_setting_is_set_and_taken_out_and_remarks_stay(slmtui: Slmtui, home: Path) -> None:
    file_of(home).parent.mkdir(parents=True)
    file_of(home).write_text("# mine\n[sampling]  # so\nseed = 1\n")
    done = slmtui("settings", "set", "sampling.top_p", "0.5")
    assert (done.code, done.out) == (0, "")
    assert "it is 0.5 in new sessions" in done.err
    assert file_of(home).read_text() == "# mine\n[sampling]  # so\nseed = 1\ntop_p = 0.5\n"
    assert slmtui("settings", "unset", "sampling.top_p").code == 0
    assert file_of(home).read_text() == "# mine\n[sampling]  # so\nseed = 1\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sampling.top_p", "5"), "sampling.top_p is '5'; it should be less than or equal to 1"),
        (("modle", "x"), "modle is not a setting"),
        (("keys.chat.panel", "k"), "keys.chat.panel: k is needed for typing"),
        (("keys.chat.panle", "f12"), "did you mean chat.panel?"),
        (("keys.chat.panel", "ctrl+t"), "the key of chat.thinking"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    slmtui: Slmtui, home: Path, words: tuple[str, str], said: str
) -> None:
    done = slmtui("settings", "set", *words)
    assert (done.code, done.out, done.err.count("\n")) == (Exit.USAGE, "", 1)
    assert said in done.err
    assert not file_of(home).exists()


def test_a_key_is_set_and_the_table_of_keys_shows_it(slmtui: Slmtui, home: Path) -> None:
    assert slmtui("settings", "set", "keys.chat.panel", "ctrl+k").code == 0
    assert file_of(home).read_text() == '[keys]\n"chat.panel" = "ctrl+k"\n'
    assert "| `ctrl+k` | `/panel BOX` |" in slmtui("settings", "keys").out
    assert slmtui("settings", "unset", "keys.chat.panel").code == 0
    file_of(home).write_text("[keys]\n'chat.panle' = 'f12'\n")
    done = slmtui("settings", "keys")
    assert (done.code, "did you mean chat.panel?" in done.err) == (Exit.FAILED, True)


def test_what_the_file_and_the_environment_hold_is_said_plainly(
    slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(home).parent.mkdir(parents=True)
    file_of(home).write_text('[keys]\n"\\u001b[2Jkey" = "f12"\n')
    told = slmtui("settings", "keys").err
    monkeypatch.setenv("SLMTUI_MODEL", "\x1b[2Jmodel")
    told += slmtui("settings", "set", "model", "other").err
    told += slmtui("settings", "unset", "keys.\x1b[2J").err
    assert all(text in told for text in ("keys.[2Jkey: there", "it is [2Jmodel", "Took keys.[2J out"))
    assert "\x1b" not in told


def test_wrong_keys_end_the_start_of_the_app_with_their_line(
    slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "at_terminal", lambda: True)
    file_of(home).parent.mkdir(parents=True)
    file_of(home).write_text("# mine\n[keys]\n'chat.panle' = 'f12'\n'chat.log' = 'ctrl+t'\n")
    done = slmtui()
    assert (done.code, done.err.count("\n")) == (Exit.USAGE, 1)
    assert f"{file_of(home)}: line 3: keys.chat.panle: there is no command" in done.err
    assert "line 4: keys.chat.log: ctrl+t is the key of chat.thinking" in done.err


def test_the_version_is_told_without_the_app_or_the_settings() -> None:
    probe = (
        "import sys; sys.argv = ['slmtui', '--version']\n"
        "from slmtui.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version.startswith("slmtui ")
    assert not {"textual", "llama_cpp", "pydantic", "tomlkit", "rich.markdown"} & set(loaded.split())
