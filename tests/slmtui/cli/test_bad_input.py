"""What a user can get wrong: one clear line on standard error, the right exit code, and nothing else."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.models import write_tiny
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions
from tests.slmtui.models.gguf_files import write_gguf


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slmtui.cli.chat.at_terminal", lambda: True)


def check(slmtui: Slmtui, code: int, says: str, *args: object, stdin: bytes = b"") -> None:
    ran = slmtui(*args, stdin=stdin)
    assert (ran.code, ran.out) == (code, ""), ran
    assert ran.err.startswith("slmtui: ")
    assert ran.err.count("\n") == 1, ran.err
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["frobnicate"], "No such command"),
        (["ask"], "Missing argument"),
        (["ask", "hi", "--nope"], "No such option"),
        (["ask", "hi", "--seed", "many"], "--seed"),
        (["ask", ""], "the prompt is empty"),
        (["ask", " \n\t"], "the prompt is empty"),
        (["ask", "-"], "the prompt is empty"),
        (["ask", "hi", "--paradigm", "swarm"], "choose one of: base, single, multi"),
        (["ask", "hi", "--temperature", "99"], "--temperature is 99"),
        (["ask", "hi", "--max-tokens", "0"], "--max-tokens is 0"),
        (["ask", "hi", "--seed", "-1"], "--seed is -1"),
        (["ask", "hi", "--session", "nobody"], "no session 'nobody'"),
        (["--paradigm", "swarm"], "choose one of: base, single, multi"),
        (["--resume", "nobody"], "no session 'nobody'"),
        (["--continue"], "no session yet"),
        (["--continue", "--resume", "last"], "choose one"),
        (["--model", "x", "ask", "hi"], "options go behind the command: slmtui ask"),
        (["--continue", "doctor"], "options go behind the command"),
        (["sessions"], "Missing command"),
        (["sessions", "show", "nobody"], "no session 'nobody'"),
        (["sessions", "show", "\x1b[2J\n"], "no session"),
        (["sessions", "rename", "nobody", "x"], "no session 'nobody'"),
        (["sessions", "delete", "nobody"], "no session 'nobody'"),
        (["sessions", "export", "last", "--by", "week"], "--by"),
        (["sessions", "list", "--limit", "0"], "--limit"),
        (["replay", "nobody"], "no session 'nobody'"),
        (["replay", "last", "--speed", "0"], "--speed"),
        (["compare"], "Missing argument"),
        (["compare", "nobody"], "no session 'nobody'"),
        (["models", "show", "no-such-model.gguf"], "does not exist"),
        (["tools", "list", "--notes", "no-such-folder"], "no-such-folder"),
    ],
)
def test_wrong_command_lines(slmtui: Slmtui, args: list[str], says: str) -> None:
    check(slmtui, 2, says, *args)


def test_an_enormous_prompt(slmtui: Slmtui) -> None:
    check(slmtui, 2, "longer than 16 MiB", "ask", "-", stdin=b"x" * (16 * 2**20 + 1))


def test_a_prompt_that_does_not_fit_in_the_context(slmtui: Slmtui, tiny_model: Path) -> None:
    check(slmtui, 1, "The prompt is too long", "ask", "-", "--model", tiny_model, stdin=b"hello " * 5000)


def no_file(folder: Path) -> Path:
    return folder / "none.gguf"


def cut_short(folder: Path) -> Path:
    whole = write_tiny(folder / "whole.gguf").read_bytes()
    file = folder / "cut.gguf"
    file.write_bytes(whole[: len(whole) // 2])
    return file


def cut_in_header(folder: Path) -> Path:
    file = folder / "cut.gguf"
    file.write_bytes(write_tiny(folder / "whole.gguf").read_bytes()[:500])
    return file


def empty(folder: Path) -> Path:
    file = folder / "empty.gguf"
    file.touch()
    return file


def other_format(folder: Path) -> Path:
    file = folder / "model.gguf"
    file.write_bytes(b"PK\x03\x04" + bytes(100))
    return file


def vocabulary_only(folder: Path) -> Path:
    return write_gguf(folder / "vocabulary.gguf", tensors=False)


def a_folder(folder: Path) -> Path:
    return folder


BAD_MODELS = [
    (no_file, "does not exist"),
    (cut_short, "is truncated"),
    (cut_in_header, "is truncated"),
    (empty, "is empty"),
    (other_format, "is not a GGUF file"),
    (vocabulary_only, "holds a vocabulary only"),
    (a_folder, "is a folder"),
]


@pytest.mark.parametrize(("make", "says"), BAD_MODELS)
def test_files_that_are_no_model(
    slmtui: Slmtui, tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    model = make(tmp_path)
    check(slmtui, 2, says, "ask", "hi", "--model", model)
    check(slmtui, 2, says, "models", "show", model)
    check(slmtui, 2, says, "--model", model)


def test_a_model_without_a_chat_template(slmtui: Slmtui, tmp_path: Path) -> None:
    model = write_tiny(tmp_path / "plain.gguf", template=None)
    check(slmtui, 3, "has no chat template", "ask", "hi", "--model", model)


def test_a_model_that_llama_cpp_refuses(slmtui: Slmtui, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "odd.gguf")  # well formed, and no model of any kind
    check(slmtui, 3, "odd.gguf", "ask", "hi", "--model", model)


def test_names_of_models(slmtui: Slmtui, home: Path) -> None:
    write_gguf(home / "models" / "Qwen-a.gguf")
    write_gguf(home / "models" / "Qwen-b.gguf")
    check(slmtui, 3, "There is no model llama-x", "ask", "hi", "--model", "llama-x")
    check(slmtui, 3, "Qwen-a, Qwen-b", "ask", "hi", "--model", "qwen")


def not_sqlite(file: Path) -> None:
    file.write_text("a text file, and not a short one either")


def of_another_program(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE bookmarks (url)")


def from_the_future(file: Path) -> None:
    keep_sessions(file)
    with sqlite3.connect(file) as db:
        table = next(row[0] for row in db.execute("SELECT name FROM sqlite_master") if "migration" in row[0])
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(columns, db.execute(f"SELECT * FROM {table}").fetchone(), strict=True))
        row |= {"name": "from_the_future"} | ({"id": None} if "id" in row else {})
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def damaged(file: Path) -> None:
    keep_sessions(file)
    content = bytearray(file.read_bytes())
    content[100:4000] = b"\xff" * 3900
    file.write_bytes(content)


BAD_STORES = [
    (not_sqlite, "is not a SQLite database"),
    (of_another_program, "is a database of another program"),
    (from_the_future, "was written by a newer slmtui"),
    (damaged, "is damaged"),
    (Path.mkdir, "is not a file"),
]


@pytest.mark.parametrize(("make", "says"), BAD_STORES)
def test_files_that_are_no_store(
    slmtui: Slmtui, tmp_path: Path, make: Callable[[Path], None], says: str
) -> None:
    file = tmp_path / "kept.db"
    make(file)
    check(slmtui, 2, says, "sessions", "list", "--db", file)
    check(slmtui, 2, says, "ask", "hi", "--db", file)
    check(slmtui, 2, says, "--db", file)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_store_that_cannot_be_written(slmtui: Slmtui, tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    keep_sessions(file)
    file.chmod(0o400)
    check(slmtui, 2, "cannot be written", "sessions", "list", "--db", file)


def test_a_store_that_is_not_there(slmtui: Slmtui, tmp_path: Path) -> None:
    check(slmtui, 2, "there is no file", "sessions", "list", "--db", tmp_path / "typo.db")
    check(slmtui, 2, "no folder", "ask", "hi", "--db", tmp_path / "none" / "kept.db")
    assert not (tmp_path / "typo.db").exists()


def test_stored_sessions_asked_for_what_they_lack(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "kept.db")
    db = ("--db", tmp_path / "kept.db")
    check(slmtui, 2, "Did you mean 'paradigm'", "sessions", "export", first, "--columns", "paradigms", *db)
    check(slmtui, 2, "there is no turn 9", "replay", first, "--turn", 9, *db)
    check(slmtui, 2, "fits several sessions", "sessions", "show", first[:2], *db)


def test_notes_that_are_not_there(slmtui: Slmtui, tmp_path: Path) -> None:
    for wrong in (tmp_path / "none", write_tiny(tmp_path / "a.gguf")):
        check(slmtui, 2, wrong.name, "ask", "hi", "--notes", wrong)


def test_settings_that_are_wrong(slmtui: Slmtui, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "config" / "slmtui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[sampling]\ntemperature = 'hot'\n")
    for args in (["ask", "hi"], ["sessions", "list"], []):
        check(slmtui, 2, f"{file}: sampling.temperature is 'hot'", *args)
    file.unlink()
    monkeypatch.setenv("SLMTUI_MODLE", "x")
    check(slmtui, 2, "SLMTUI_MODLE is not a setting", "ask", "hi")


def test_a_folder_of_ours_that_cannot_be_made(
    slmtui: Slmtui, home: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "file"))
    check(slmtui, 2, str(home / "file"), "ask", "hi", "--model", tiny_model)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "file"))
    check(slmtui, 2, str(home / "file"), "sessions", "list")
