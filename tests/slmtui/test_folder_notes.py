from datetime import datetime
from pathlib import Path

import pytest

from slmtui.folder_notes import FolderNotes
from tools.note_files import NoteFile, NotesError, Skipped
from tools.notes_index import NotesIndex


def now() -> datetime:
    return datetime(2026, 1, 2, 3, 4, 5)


def test_a_note_is_written_found_and_listed(tmp_path: Path) -> None:
    index = NotesIndex()
    notes = FolderNotes(tmp_path, index, now)
    assert notes.add("The boiler was serviced") == "2026-01-02.md"
    assert [hit.name for hit in index.search("boiler")] == ["2026-01-02.md"]
    (tmp_path / "picture.md").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "link.md").symlink_to(tmp_path / "2026-01-02.md")
    listed = notes.files()
    assert {each.name for each in listed if isinstance(each, NoteFile)} >= {"2026-01-02.md"}
    assert {each.name for each in listed if isinstance(each, Skipped)} >= {"link.md"}


def test_what_others_wrote_is_found_after_reindexing(tmp_path: Path) -> None:
    index = NotesIndex()
    notes = FolderNotes(tmp_path, index, now)
    notes.reindex()
    (tmp_path / "garden.md").write_text("The roses are cut in March.")
    assert index.search("roses") == ()
    assert "1 read" in notes.reindex()
    assert [hit.name for hit in index.search("roses")] == ["garden.md"]


def test_a_folder_that_has_gone_is_told(tmp_path: Path) -> None:
    notes = FolderNotes(tmp_path / "gone", NotesIndex(), now)
    for work in (lambda: notes.add("x"), notes.files, notes.reindex):
        with pytest.raises(NotesError, match="no notes folder"):
            work()
