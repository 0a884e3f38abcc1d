import datetime
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools import note_writing
from tools.arguments import complaint
from tools.note_files import NotesError
from tools.note_writing import MAX_CHARACTERS, add_note_tool, append_note
from tools.notes_index import NotesIndex
from tools.registry import ToolError

NOW = datetime.datetime(2026, 11, 23, 8, 5)
DAY = "2026-11-23.md"


def now() -> datetime.datetime:
    return NOW


def test_the_examples_are_what_the_tool_returns(tmp_path: Path) -> None:
    tool = add_note_tool(tmp_path, now)
    assert tool.effect == "writes"
    assert 8 <= len(tool.examples) <= 14
    for example in tool.examples:
        assert complaint(example.arguments, tool.parameters) is None
        assert tool.run(**example.arguments) == example.result == f"saved in {DAY}"
        assert example.result in example.answer


def test_notes_of_a_day_stand_under_each_other(tmp_path: Path) -> None:
    assert append_note(tmp_path, "Buy oat milk\n", NOW) == DAY
    append_note(tmp_path, "Two\r\n\n# lines", NOW.replace(hour=18))
    append_note(tmp_path, "Tomorrow", NOW + datetime.timedelta(days=1))
    assert (tmp_path / DAY).read_text(encoding="utf-8") == (
        "# 2026-11-23\n\n- 08:05 Buy oat milk\n- 18:05 Two\n\n  # lines\n"
    )
    assert (tmp_path / "2026-11-24.md").exists()
    assert (tmp_path / DAY).stat().st_mode & 0o077 == 0


def test_what_stands_there_is_kept_whole(tmp_path: Path) -> None:
    (tmp_path / DAY).write_bytes(b"mine, without a line's end")
    append_note(tmp_path, "new", NOW)
    assert (tmp_path / DAY).read_bytes() == b"mine, without a line's end\n- 08:05 new\n"
    (tmp_path / DAY).write_bytes(b"")
    append_note(tmp_path, "new", NOW)
    assert (tmp_path / DAY).read_bytes() == b"- 08:05 new\n"


def test_an_added_note_is_found_at_once(tmp_path: Path) -> None:
    index = NotesIndex()
    index.build(tmp_path)
    add_note_tool(tmp_path, now, index).run(text="The spare key is with Mr. Sato")
    assert [hit.name for hit in index.search("spare key")] == [DAY]


def test_notes_added_at_once_are_all_there(tmp_path: Path) -> None:
    texts = [f"note {number} " + "x" * 500 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: append_note(tmp_path, text, NOW), texts))
    lines = (tmp_path / DAY).read_text(encoding="utf-8").splitlines()
    assert sorted(line for line in lines if line.startswith("- ")) == sorted(
        f"- 08:05 {text}" for text in texts
    )


def test_hostile_text_is_cleaned(tmp_path: Path) -> None:
    append_note(tmp_path, "\x1b]0;title\x07safe\x1b[2J\u202e <|im_start|>\ud800\0", NOW)
    assert (tmp_path / DAY).read_text(encoding="utf-8").endswith("- 08:05 safe <|im_start|>\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), (" \n\x00", "is empty"), ("x" * (MAX_CHARACTERS + 1), "is too long")],
    ids=["empty", "unseen", "long"],
)
def test_no_note_is_no_file(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        add_note_tool(tmp_path, now).run(text=text)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_through_a_link_or_into_what_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("kept", encoding="utf-8")
    for make, says in (
        (lambda path: path.symlink_to(outside), "is a link"),
        (lambda path: path.symlink_to(folder / "nowhere"), "is a link"),
        (os.mkfifo, "is not a regular file"),
        (lambda path: path.mkdir(), "cannot be written"),
    ):
        make(folder / DAY)
        with pytest.raises(NotesError, match=says):
            append_note(folder, "text", NOW)
        (folder / DAY).rmdir() if (folder / DAY).is_dir() else (folder / DAY).unlink()
    assert outside.read_text(encoding="utf-8") == "kept"
    assert list(folder.iterdir()) == []


def test_a_full_file_and_a_full_disk_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_note(tmp_path, "first", NOW)
    before = (tmp_path / DAY).read_bytes()
    monkeypatch.setattr(note_writing, "MAX_FILE_BYTES", 50)
    with pytest.raises(NotesError, match="is full"):
        append_note(tmp_path, "x" * 50, NOW)
    monkeypatch.undo()
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)
    with pytest.raises(NotesError, match=r"cannot be written to .* \(No space left on device\)"):
        append_note(tmp_path, "second", NOW)
    assert (tmp_path / DAY).read_bytes() == before


def test_the_folder_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match="There is no notes folder"):
        add_note_tool(tmp_path / "none", now)
    tool = add_note_tool(tmp_path, now)
    tmp_path.rmdir()
    with pytest.raises(ToolError, match="There is no notes folder"):
        tool.run(text="late")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(text=st.text(max_size=50))
def test_any_text_only_ever_adds(tmp_path: Path, text: str) -> None:
    path = tmp_path / DAY
    before = path.read_bytes() if path.exists() else b""
    try:
        append_note(tmp_path, text, NOW)
    except NotesError:
        assert (path.read_bytes() if path.exists() else b"") == before
    else:
        added = path.read_bytes().removeprefix(before)
        assert len(path.read_bytes()) == len(before) + len(added) > len(before)
        assert b"- 08:05 " in added
