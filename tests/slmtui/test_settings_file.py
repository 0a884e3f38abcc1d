import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.settings_file import changed, write_whole

FILE = """\
# My settings.
model = "x"  # the small one

# How it draws.
[sampling]
seed = 1  # lucky

# The machine.
[engine]  # a laptop
threads = 2

[[money.hosted]]  # mine
name = "mini"
"""


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("theme",), "nord", 'model = "x"  # the small one\ntheme = "nord"\n\n# How it draws.\n[sampling]'),
        (("model",), "y", '# My settings.\nmodel = "y"  # the small one\n'),
        (("sampling", "top_k"), 5, "seed = 1  # lucky\ntop_k = 5\n\n# The machine.\n[engine]"),
        (("sampling", "seed"), 2, "seed = 2  # lucky\n"),
        (("engine", "flash_attention"), True, "threads = 2\nflash_attention = true\n"),
        (("tools", "tables"), ["a.csv", "b.csv"], '[tools]\ntables = ["a.csv", "b.csv"]\n'),
        (("keys", "chat.panel"), "ctrl+k", '[keys]\n"chat.panel" = "ctrl+k"\n'),
        (("agents", "limits", "max_steps"), 3, "[agents.limits]\nmax_steps = 3\n"),
        (("money", "currency"), "USD", '[money]\ncurrency = "USD"\n'),
    ],
)
def test_a_setting_goes_where_it_belongs_and_the_rest_stays(place: Any, value: Any, where: str) -> None:
    after = changed(FILE, place, value)
    assert where in after
    assert [line for line in FILE.splitlines() if "#" in line and line.split()[0] != place[-1]] == [
        line for line in after.splitlines() if "#" in line and line.split()[0] != place[-1]
    ]
    assert changed(after, place, value) == after


def test_a_setting_that_is_taken_out_leaves_the_rest() -> None:
    assert changed(FILE, ("sampling", "seed"), None).count("seed") == 0
    assert changed(FILE, ("theme",), None) == FILE
    assert changed("[agents.limits]\nmax_steps = 3\n", ("agents", "limits", "max_steps"), None).strip() == ""
    kept = changed("[sampling]\n# about the seed\nseed = 1\n", ("sampling", "seed"), None)
    assert kept == "[sampling]\n# about the seed\n"


@pytest.mark.parametrize(
    "text",
    [
        "[keys]\nchat.panel = 'a'\nchat.log = 'b'\n",
        "keys.chat.panel = 'a'\nkeys.chat.log = 'b'\n",
        "[keys.chat]\npanel = 'a'\nlog = 'b'\n",
        "[keys]\n'chat.panel' = 'a'\n'chat.log' = 'b'\n",
        "keys = {'chat.panel' = 'a', chat.log = 'b'}\n",
    ],
)
def test_a_key_is_changed_however_its_command_is_spelled(text: str) -> None:
    after = tomllib.loads(changed(text, ("keys", "chat.panel"), "f12"))["keys"]
    flat = {name: keys for name, keys in after.items() if isinstance(keys, str)}
    assert flat["chat.panel"] == "f12"
    assert "panel" not in after.get("chat", {})
    assert "b" in (flat.get("chat.log"), after.get("chat", {}).get("log"))
    gone = tomllib.loads(changed(text, ("keys", "chat.panel"), None))["keys"]
    assert "chat.panel" not in gone
    assert "panel" not in gone.get("chat", {})


@pytest.mark.parametrize(
    "text", ["sampling = {seed = 1}\r\nx = 1\r\n", "a = 1", "", "# only this", "sampling.seed = 1\n"]
)
def test_unusual_files_are_changed_too(text: str) -> None:
    after = changed(changed(text, ("sampling", "top_k"), 5), ("theme",), "nord")
    assert tomllib.loads(after) == {
        **tomllib.loads(text), "theme": "nord",
        "sampling": {**tomllib.loads(text).get("sampling", {}), "top_k": 5},
    }  # fmt: skip
    if "\r\n" in text:
        assert "\n" not in after.replace("\r\n", "")


def test_a_file_that_is_not_toml_is_not_touched() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        changed("a = = b", ("theme",), "nord")


NAMES = st.sampled_from(["model", "theme", "seed", "top_k", "a", "b"])
VALUES = st.one_of(st.integers(-9, 9), st.booleans(), st.text(st.characters(codec="ascii"), max_size=5))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A settings file with comments, blank lines and tables."""
    lines: list[str] = []
    for table in ["", *draw(st.lists(st.sampled_from(["sampling", "engine", "agents.help"]), unique=True))]:
        lines += [f"# about {table}", f"[{table}]  # here"] if table else []
        for name in draw(st.lists(NAMES, unique=True, max_size=3)):
            lines += draw(st.sampled_from([[], [""], ["# a remark"]]))
            lines.append(f"{name} = {draw(st.integers(0, 9))}{draw(st.sampled_from(['', '  # so']))}")
        lines += draw(st.sampled_from([[], [""]]))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@given(files(), st.sampled_from([(), ("sampling",), ("agents", "help"), ("limits",)]), NAMES, VALUES)
def test_any_file_keeps_its_remarks_and_gets_the_value(
    text: str, table: tuple[str, ...], name: str, value: Any
) -> None:
    after = changed(text, (*table, name), value)
    read: Any = tomllib.loads(after)
    for part in (*table, name):
        read = read[part]
    assert read == value
    kept = [line for line in text.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line.startswith("#")] == kept
    assert tomllib.loads(changed(after, (*table, name), None)).get(name) is None or table


def test_a_file_is_written_whole_with_its_rights_behind_its_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "settings.toml"
    real.parent.mkdir()
    real.write_text("a = 1\n")
    real.chmod(0o600)
    link = tmp_path / "settings.toml"
    link.symlink_to(real)
    write_whole(link, "a = 2\r\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"a = 2\r\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert [path.name for path in real.parent.iterdir()] == ["settings.toml"]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "settings.toml"
    write_whole(path, "a = 1\n")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "a = 2\n")
    assert path.read_text() == "a = 1\n"
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]
