import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.note_folder import NOTES, write_notes
from tools import note_files, notes_index
from tools.note_files import NotesError, Skipped
from tools.notes import notes_tool
from tools.notes_index import Hit, NotesIndex, index_file, match_expression
from tools.registry import ToolError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "notes")


@pytest.fixture(params=["in memory", "in a file"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NotesIndex]:
    index = NotesIndex(tmp_path / "deep" / "index %?#.db" if request.param == "in a file" else None)
    yield index
    index.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> NotesIndex:
    index = NotesIndex()
    index.build(write_notes(tmp_path_factory.mktemp("notes")))
    return index


def test_a_search_names_file_line_and_heading(index: NotesIndex, folder: Path) -> None:
    index.build(folder)
    assert index.search("boiler") == (
        Hit("house.md", 4, "Boiler", "Serial number BX-20417, serviced every October."),
    )
    assert index.search("bikes in utrecht")[0].line == 6


def test_only_what_changed_is_read_again(
    index: NotesIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = index.build(folder)
    assert (first.indexed, first.unchanged, first.removed, first.files) == (len(NOTES), 0, 0, len(NOTES))
    read: list[str] = []
    spied = notes_index.read_text
    monkeypatch.setattr(notes_index, "read_text", lambda file: (read.append(file.name), spied(file))[1])
    (folder / "house.md").write_text("The boiler was replaced by a heat pump.\n", encoding="utf-8")
    (folder / "reading.txt").unlink()
    (folder / "new.md").write_text("A violin teacher: Ms. Adeyemi.\n", encoding="utf-8")
    second = index.build(folder)
    assert (second.indexed, second.unchanged, second.removed) == (2, len(NOTES) - 2, 1)
    assert read == ["house.md", "new.md"]
    assert [hit.text for hit in index.search("boiler")] == ["The boiler was replaced by a heat pump."]
    assert index.search("Piranesi") == ()
    assert index.search("violin teacher")[0].name == "new.md"


def test_an_index_in_a_file_outlives_the_program(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "index.db"
    NotesIndex(database).build(folder)
    assert NotesIndex(database).search("wifi password")[0].line == 8
    assert NotesIndex(database).build(folder).indexed == 0


def test_a_refresh_reads_the_same_folder_again(index: NotesIndex, folder: Path) -> None:
    with pytest.raises(NotesError, match="not indexed yet"):
        index.refresh()
    index.build(folder)
    (folder / "new.md").write_text("A violin teacher: Ms. Adeyemi.\n", encoding="utf-8")
    report = index.refresh()
    assert (report.folder, report.indexed, report.unchanged) == (folder, 1, len(NOTES))
    assert index.search("violin")


def test_each_folder_has_an_index_file_of_its_own(tmp_path: Path) -> None:
    one, other = (index_file(tmp_path / name, tmp_path / "cache") for name in ("a", "b"))
    assert one != other
    assert one == index_file(tmp_path / "a", tmp_path / "cache")
    (tmp_path / "a").mkdir()
    NotesIndex(one).build(tmp_path / "a")
    assert one.parent.stat().st_mode & 0o077 == 0


def test_another_folder_replaces_the_first(index: NotesIndex, folder: Path, tmp_path: Path) -> None:
    index.build(folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("Only this.", encoding="utf-8")
    report = index.build(tmp_path / "other")
    assert (report.indexed, report.removed) == (1, 0)
    assert index.search("boiler") == ()


def test_an_index_of_another_version_is_made_anew(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "index.db"
    NotesIndex(database).build(folder)
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("DROP TABLE files")
    assert NotesIndex(database).build(folder).indexed == len(NOTES)


def test_what_is_left_out_is_told(index: NotesIndex, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("The secret sauce.", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "twin.md").symlink_to(folder / "house.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    (folder / "away").symlink_to(tmp_path)
    (folder / ".hidden.md").write_text("secret", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.md").write_text("secret", encoding="utf-8")
    (folder / "big.txt").write_text("secret " * 200_000, encoding="utf-8")
    (folder / "image.md").write_bytes(b"\x89PNG\x00\x01secret")
    (folder / "latin.txt").write_bytes(b"caf\xe9 secret")
    os.mkfifo(folder / "pipe.txt")
    (folder / "photo.jpg").write_bytes(b"secret")
    report = index.build(folder)
    assert set(report.skipped) == {
        Skipped(".git", "hidden"),
        Skipped(".hidden.md", "hidden"),
        Skipped("away", "link out of the folder"),
        Skipped("big.txt", "larger than 1000 kB"),
        Skipped("gone.md", "broken link"),
        Skipped("image.md", "not UTF-8 text"),
        Skipped("latin.txt", "not UTF-8 text"),
        Skipped("link.txt", "link out of the folder"),
        Skipped("pipe.txt", "not a regular file"),
        Skipped("twin.md", "link to another place in the folder"),
    }
    assert index.search("secret") == ()
    assert report.summary().startswith(f"{len(NOTES)} notes in ")
    assert "2 hidden" in report.summary()
    assert "2 link out of the folder" in report.summary()


def test_encodings_and_hostile_text(index: NotesIndex, tmp_path: Path) -> None:
    (tmp_path / "bom.txt").write_bytes("Crème brûlée\r\nsecond line".encode("utf-8-sig"))
    (tmp_path / "wide.txt").write_bytes("Notepad wrote this".encode("utf-16"))
    (tmp_path / "nul.txt").write_bytes(b"text\x00more")
    (tmp_path / "evil\x1b[31m\n.md").write_bytes(
        b"\x1b]0;title\x07hostile\x01 [red]=1+1[/red] \xe2\x80\xaetext"
    )
    report = index.build(tmp_path)
    assert report.skipped == (Skipped("nul.txt", "binary"),)
    assert index.search("creme brulee")[0].text == "Crème brûlée"
    assert index.search("second")[0].line == 2
    assert index.search("notepad")[0].name == "wide.txt"
    assert index.search("hostile") == (Hit("evil\\x1b[31m\\n.md", 1, "", "hostile [red]=1+1[/red] text"),)


def test_a_file_that_grew_after_it_was_looked_at_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b"a" * (note_files.MAX_FILE_BYTES + 1))
    file = note_files.NoteFile(tmp_path / "log.txt", "log.txt", 0, 5)
    assert note_files.read_text(file) == Skipped("log.txt", "larger than 1000 kB")


def test_a_note_swapped_for_a_link_is_not_followed(folder: Path) -> None:
    (folder / "swapped.md").symlink_to(folder / "house.md")
    file = note_files.NoteFile(folder / "swapped.md", "swapped.md", 0, 5)
    assert note_files.read_text(file) == Skipped("swapped.md", "cannot be read")


def test_a_folder_of_too_much_is_bounded(
    index: NotesIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_files, "MAX_FILES", 2)
    report = index.build(folder)
    assert (report.indexed, len(report.skipped)) == (2, len(NOTES) - 2)
    monkeypatch.setattr(note_files, "MAX_ENTRIES", 1)
    assert index.build(folder).skipped == (Skipped(".", "beyond 1 files and folders"),)


def test_a_folder_that_cannot_be_listed_is_told(
    index: NotesIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    refused = {"work"}
    monkeypatch.setattr(os, "scandir", refuse)
    assert Skipped("work", "cannot be read") in index.build(folder).skipped
    refused = {"notes"}
    with pytest.raises(NotesError, match=r"cannot be read \(Permission denied\): name another"):
        index.build(folder)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path / "missing", "There is no notes folder .*missing: create it, or name another."),
        (lambda path: path / "a\x1bb", r"There is no notes folder .*a\\x1bb: create it, or name another."),
        (
            lambda path: write(path / "file.txt"),
            "file.txt is not a folder: name the folder that holds the notes.",
        ),
        (lambda path: path / "nul\0", "cannot be read"),
        (lambda path: loop(path / "loop"), "cannot be read"),
    ],
    ids=["missing", "escape", "file", "nul", "loop"],
)
def test_a_folder_that_is_none(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    with pytest.raises(NotesError, match=says):
        NotesIndex().build(make(tmp_path))


def write(path: Path) -> Path:
    path.write_text("text", encoding="utf-8")
    return path


def loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


def test_a_database_that_is_not_ours_is_left_alone(folder: Path, tmp_path: Path) -> None:
    text = write(tmp_path / "notes.txt")
    with pytest.raises(NotesError, match=r"notes.txt is not a notes index .*: delete it, or name another."):
        NotesIndex(text).build(folder)
    assert text.read_text(encoding="utf-8") == "text"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE files (name TEXT)")
    with pytest.raises(NotesError, match="is a database of something else"):
        NotesIndex(other).build(folder)
    with pytest.raises(NotesError, match="cannot be used"):
        NotesIndex(folder).build(folder)
    with pytest.raises(NotesError, match="cannot be used"):
        NotesIndex(text / "index.db").build(folder)


def test_a_search_before_any_build(tmp_path: Path) -> None:
    for index in (NotesIndex(), NotesIndex(tmp_path / "none.db")):
        with pytest.raises(NotesError, match="not indexed yet"):
            index.search("boiler")
        with pytest.raises(ToolError, match="not indexed yet"):
            notes_tool(index).run(query="boiler")
    assert not (tmp_path / "none.db").exists()


def test_a_build_that_fails_leaves_the_index_as_it_was(
    index: NotesIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.build(folder)
    (folder / "house.md").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(notes_index, "passages", lambda text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        index.build(folder)
    assert index.search("boiler")


def test_a_search_cannot_write(index: NotesIndex, folder: Path) -> None:
    index.build(folder)
    with index._reader() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM files")


def test_a_runaway_search_is_stopped(
    index: NotesIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.build(folder)
    monkeypatch.setattr(notes_index, "_MAX_STEPS", -1)
    monkeypatch.setattr(notes_index, "_SEARCH", RUNAWAY)
    with pytest.raises(NotesError, match="took too long: use fewer words"):
        index.search("boiler")
    monkeypatch.undo()
    assert index.search("boiler")


RUNAWAY = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
SELECT max(i), ?1, ?2 FROM n
"""


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("What's the wifi password?", '"wifi" OR "password"'),
        ("C++", '"C"'),
        ("10:45", '"10:45"'),
        ("train AND", '"train"'),
        ("NOT NEAR(a b)", '"NOT" OR "NEAR(a" OR "NEAR" OR "b"'),
        ('say "hello"', '"hello"'),
        ("boiler/heating", '"boiler/heating" OR "boiler" OR "heating"'),
        ('a"b', '"a""b"'),
        ("title:secret*", '"title:secret" OR "title" OR "secret"'),
        ("Amina\u2019s books", '"Amina" OR "books"'),
        ("who are you", '"who" OR "are" OR "you"'),
        ("x\x00y \ud800", '"xy"'),
        ("?! \x1b[31m", ""),
        ("", ""),
    ],
)
def test_every_word_is_quoted(shared: NotesIndex, query: str, terms: str) -> None:
    assert match_expression(query) == terms
    shared.search(query)


@pytest.mark.parametrize(
    "query", ["what's left", "C++", "10:45", "train AND", 'timetable"', "bus*", "-train"]
)
def test_awkward_words_are_found(shared: NotesIndex, query: str) -> None:
    assert "code.txt" in {hit.name for hit in shared.search(query)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text() | st.text(st.sampled_from("ab\"'*:^()+-{}\x00 ANDORNOTNEAR\u2019_\ud800"), max_size=40)
)
def test_any_text_can_be_searched(shared: NotesIndex, query: str) -> None:
    assert all(hit.name in NOTES for hit in shared.search(query))


def test_a_query_is_bounded(shared: NotesIndex) -> None:
    assert match_expression("word " * 10_000) == '"word"'
    many = " ".join(f"w{number}" for number in range(1000))
    assert match_expression(many).count('"') == 48
    assert shared.search(many + " boiler") == ()


def test_results_far_weaker_than_the_best_are_left_out(index: NotesIndex, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(f"Water the plants, day {number}.", encoding="utf-8")
    (tmp_path / "pump.txt").write_text("The water pump: model ZX9.", encoding="utf-8")
    index.build(tmp_path)
    assert [hit.name for hit in index.search("water pump model")] == ["pump.txt"]
    assert len(index.search("water plants")) == 3
    assert len(index.search("water plants", limit=5)) == 5


def test_the_tool_tells_what_it_found(shared: NotesIndex) -> None:
    run = notes_tool(shared).run
    assert run(query="dentist") == "calendar.txt:2: Dentist appointment on 14 May at 10:45, Dr. Okafor."
    assert run(query="zebra\x1b[31m") == "Nothing in the notes matches 'zebra'."
    with pytest.raises(ToolError, match="The query has no words"):
        run(query="?!")
