import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.opened_folder import write_files
from tools import file_places
from tools.file_places import FolderError, open_folder
from tools.plain_text import plain
from tools.read_file import MAX_CHARACTERS, MAX_LINES, read_file_tool
from tools.registry import Example, Tool, ToolError

SECRET = "the secret sauce"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside.txt").write_text(SECRET, encoding="utf-8")
    return write_files(tmp_path / "opened")


@pytest.fixture(params=["walk", "look"])
def tool(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    monkeypatch.setattr(file_places, "_CAN_WALK", request.param == "walk")
    return read_file_tool(root)


def error(tool: Tool, path: str, first_line: int = 1) -> str:
    with pytest.raises(ToolError) as raised:
        tool.run(path=path, first_line=first_line)
    assert SECRET not in str(raised.value)
    return str(raised.value)


def test_the_examples_are_what_the_tool_returns(root: Path) -> None:
    tool = read_file_tool(root)
    examples: tuple[Example, ...] = tool.examples
    assert 8 <= len(examples) <= 14
    for example in examples:
        assert tool.run(**example.arguments) == example.result


@pytest.mark.parametrize(
    "path", ["reports/march.md", "./reports//march.md", " reports\\march.md ", "{root}/reports/march.md"]
)
def test_a_path_as_a_model_writes_it(tool: Tool, root: Path, path: str) -> None:
    assert tool.run(path=path.replace("{root}", str(root))) == "1: # March\n2: Sales grew by 4 percent."


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../outside.txt", "leads out of the folder"),
        ("reports/../../outside.txt", "leads out of the folder"),
        ("..\\outside.txt", "leads out of the folder"),
        ("/etc/passwd", "is outside the folder"),
        ("~/secret.txt", "is outside the folder"),
        (".git/config", "is hidden"),
        ("reports/.env", "is hidden"),
        ("", "names no file"),
        ("./", "names no file"),
        ("a\0b", "is no name of a file"),
        ("a/" * 40 + "b", "is no name of a file"),
        ("x" * 5000, "cannot be read"),
        ("\ud800.txt", "cannot be read"),
        ("out.txt", "is a link, and links are not followed"),
        ("away/outside.txt", "is a link, and links are not followed"),
        ("inside.txt", "is a link, and links are not followed"),
        ("gone.txt", "is a link, and links are not followed"),
        ("pipe", "is not a regular file"),
        ("shopping.txt/more", "There is no file"),
    ],
)  # fmt: skip
def test_nothing_else_is_read(tool: Tool, root: Path, path: str, says: str) -> None:
    (root / "out.txt").symlink_to(root.parent / "outside.txt")
    (root / "away").symlink_to(root.parent)
    (root / "inside.txt").symlink_to(root / "todo.md")
    (root / "gone.txt").symlink_to(root / "nowhere")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text(SECRET, encoding="utf-8")
    (root / "reports" / ".env").write_text(SECRET, encoding="utf-8")
    os.mkfifo(root / "pipe")
    assert says in error(tool, path)


def test_a_folder_swapped_for_a_link_while_we_look_leads_nowhere(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = read_file_tool(root)
    (root.parent / "march.md").write_text(SECRET, encoding="utf-8")
    opened = os.open

    def swapping(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "reports":
            (root / "reports").rename(root / "moved")
            (root / "reports").symlink_to(root.parent)
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swapping)
    assert "is a link" in error(tool, "reports/march.md")


def test_errors_name_what_is_near(tool: Tool, root: Path) -> None:
    assert error(tool, "shoping.txt") == "There is no file 'shoping.txt': did you mean shopping.txt?"
    assert "did you mean reports/march.md?" in error(tool, "march.md")
    assert "did you mean src/hello.py?" in error(tool, "source/Hello.py")
    assert (
        "the files are motd.txt, settings.ini, shopping.txt, todo.md, reports/march.md and 1 more."
        in error(tool, "zzzz")
    )
    assert (
        error(tool, "reports") == "'reports' is a folder: name a file in it; the files are reports/march.md."
    )
    (root / "empty").mkdir()
    assert "it has no files to read" in error(tool, "empty")


def test_near_names_are_printable_and_none_is_hidden(tool: Tool, root: Path) -> None:
    (root / "evil\x1b[31m\nname.txt").write_text("x", encoding="utf-8")
    (root / ".hidden.txt").write_text("x", encoding="utf-8")
    assert "evil\\x1b[31m\\nname.txt" in error(tool, "evilname.txt")
    assert "hidden.txt" not in error(tool, "hidden_.txt").split(": ", 1)[1]


def test_an_empty_folder_and_one_of_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "the folder has no files to read" in error(read_file_tool(tmp_path), "a.txt")
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr(file_places, "MAX_NAMES", 4)
    assert len(list(open_folder(tmp_path).names())) < 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not UTF-8 text"),
        (b"a\0b", "it is binary"),
        (b"caf\xe9", "it is not UTF-8 text"),
        (b"x" * 2_000_001, "is larger than 2000 kB"),
    ],
    ids=["png", "nul", "latin", "large"],
)
def test_what_is_no_text_is_told(tool: Tool, root: Path, data: bytes, says: str) -> None:
    (root / "file").write_bytes(data)
    assert says in error(tool, "file")


def test_hostile_text_is_cleaned(tool: Tool, root: Path) -> None:
    (root / "evil.txt").write_bytes(
        b"\xef\xbb\xbf\x1b]0;title\x07one\x1b[2J\r\ntwo\xe2\x80\xae\x07 end\rthree"
    )
    assert tool.run(path="evil.txt") == "1: one\n2: two end\n3: three"
    (root / "wide.txt").write_bytes("Grüße".encode("utf-16"))
    assert tool.run(path="wide.txt") == "1: Grüße"


def test_long_files_come_in_parts(tool: Tool, root: Path) -> None:
    (root / "long.txt").write_text("".join(f"line {n}\n" for n in range(1, 101)), encoding="utf-8")
    first = tool.run(path="long.txt").split("\n")
    assert first[0] == "1: line 1"
    assert first[-2:] == [
        f"{MAX_LINES}: line {MAX_LINES}",
        f"40 more lines: read on with first_line {MAX_LINES + 1}",
    ]
    assert tool.run(path="long.txt", first_line=99).split("\n") == ["99: line 99", "100: line 100"]
    assert "has 100 lines: first_line must be from 1 to 100" in error(tool, "long.txt", 101)
    assert "from 1 to 100" in error(tool, "long.txt", 0)


def test_huge_lines_are_cut(tool: Tool, root: Path) -> None:
    (root / "huge.txt").write_text("x" * 1_000_000 + "\n" + "y" * 250 + "\nlast" * 400, encoding="utf-8")
    shown = tool.run(path="huge.txt")
    assert "… (999700 more characters)" in shown
    assert len(shown) <= MAX_CHARACTERS + 100
    assert "more lines: read on with first_line" in shown
    (root / "empty.txt").write_text("\n\n", encoding="utf-8")
    assert tool.run(path="empty.txt") == "The file is empty."


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(path=st.text() | st.text(st.sampled_from("./\\~ab\0:ou")))
def test_any_path_is_an_answer_or_a_sentence(root: Path, path: str) -> None:
    try:
        answer = read_file_tool(root).run(path=path)
    except ToolError as raised:
        answer = str(raised)
    assert SECRET not in answer
    assert answer == plain(answer)


def test_every_descriptor_is_closed(root: Path) -> None:
    tool = read_file_tool(root)
    (root / "link").symlink_to(root)
    before = os.open(root, os.O_RDONLY)
    os.close(before)
    for path in ("todo.md", "reports/march.md", "reports/no.md", "reports", "link/todo.md", "src/x/y"):
        try:
            tool.run(path=path)
        except ToolError:
            continue
    after = os.open(root, os.O_RDONLY)
    os.close(after)
    assert after == before


def test_the_folder_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"There is no folder .*: create it, or name another"):
        read_file_tool(tmp_path / "none")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FolderError, match="is not a folder: name the folder"):
        read_file_tool(tmp_path / "file")
    with pytest.raises(FolderError, match="cannot be read"):
        read_file_tool(tmp_path / "nul\0")
