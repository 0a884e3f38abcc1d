import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from slmtui.cli.exits import Exit
from slmtui.cli.notes import notes
from tests.tools.note_folder import NOTES, write_notes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "notes")


def run(*words: object) -> Result:
    return CliRunner().invoke(notes, [str(word) for word in words])


def test_the_files_are_listed_and_what_is_left_out_is_told(folder: Path) -> None:
    (folder / ".hidden.md").write_text("x", encoding="utf-8")
    (folder / "evil\x1b[31m.md").write_text("x", encoding="utf-8")
    done = run("list", "--notes", folder)
    assert done.exit_code == 0
    assert all(name in done.stdout for name in NOTES)
    assert "\x1b" not in done.output
    assert "left out: .hidden.md: hidden" in done.stderr
    listed = json.loads(run("list", "--notes", folder, "--json").stdout)
    assert {each["name"] for each in listed} == {*NOTES, "evil\\x1b[31m.md"}
    assert next(each for each in listed if each["name"] == "house.md")["bytes"] == len(NOTES["house.md"])


def test_a_note_that_is_added_is_found(folder: Path) -> None:
    done = run("add", "The spare key is with Mr. Sato", "--notes", folder)
    assert done.exit_code == 0
    name = done.stdout.strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.md", name)
    assert "The spare key is with Mr. Sato" in (folder / name).read_text(encoding="utf-8")
    found = run("search", "spare", "key", "--notes", folder)
    assert found.stdout.startswith(f"{name}:3: {name[:-3]}: - ")
    (hit,) = json.loads(run("search", "spare key", "--json", "--notes", folder).stdout)
    assert (hit["name"], hit["line"]) == (name, 3)


def test_what_is_not_found_is_said_and_fails(folder: Path) -> None:
    done = run("search", "zeppelin", "--notes", folder)
    assert (done.exit_code, done.stdout) == (Exit.FAILED, "")
    assert "Nothing in the notes matches." in done.stderr
    assert json.loads(run("search", "zeppelin", "--notes", folder, "--json").stdout) == []


def test_the_index_reads_again_only_what_changed(folder: Path, home: Path) -> None:
    first = json.loads(run("index", "--notes", folder, "--json").stdout)
    assert (first["files"], first["read"], first["left_out"]) == (len(NOTES), len(NOTES), [])
    (folder / "house.md").unlink()
    (folder / "new.md").write_text("new", encoding="utf-8")
    second = json.loads(run("index", "--notes", folder, "--json").stdout)
    assert (second["files"], second["read"], second["removed"]) == (len(NOTES), 1, 1)
    assert f"{len(NOTES)} notes in {folder}: 0 read, 0 removed" in run("index", "--notes", folder).stdout
    assert list((home / "cache").rglob("*.db"))


def test_the_folder_of_the_settings_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLMTUI_NOTES", str(folder))
    assert "house.md:4" in run("search", "boiler").stdout


@pytest.mark.parametrize("command", [("list",), ("add", "x"), ("search", "x"), ("index",)])
def test_without_a_folder_the_way_to_name_one_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*command)
    assert done.exit_code == Exit.USAGE
    assert "name one with --notes" in done.stderr
    missing = run(*command, "--notes", tmp_path / "none")
    assert missing.exit_code == Exit.USAGE
    assert "There is no notes folder" in missing.stderr
    assert "create it, or name another." in missing.stderr


def test_an_empty_note_is_refused(folder: Path) -> None:
    done = run("add", " ", "--notes", folder)
    assert done.exit_code == Exit.USAGE
    assert "The note is empty" in done.stderr
    assert len(list(folder.rglob("*.*"))) == len(NOTES)
