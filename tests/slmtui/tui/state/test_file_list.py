from pathlib import Path

from slmtui.tui.state.file_list import files_under
from slmtui.tui.state.kept_list import FRESH_S, KeptList


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x", encoding="utf-8")


def test_near_files_come_first_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    make(tmp_path, "z.txt", "a/deep/x.py", "a/b.md", ".git/config", ".env", "node_modules/m.js", "my file")
    (tmp_path / "link").symlink_to(tmp_path / "z.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "evil\x1b[31m").write_text("x", encoding="utf-8")
    assert files_under(tmp_path) == ("my file", "z.txt", "a/b.md", "a/deep/x.py")


def test_the_walk_ends(tmp_path: Path) -> None:
    make(tmp_path, *(f"{number:02}.txt" for number in range(20)))
    assert files_under(tmp_path, most=3) == ("00.txt", "01.txt", "02.txt")
    assert files_under(tmp_path / "nowhere") == ()


def test_a_list_is_made_when_it_is_asked_for_and_again_when_it_is_old() -> None:
    kept = KeptList(lambda: ("a",))
    assert (kept.items, kept.wanted(5.0)) == ((), True)
    assert not kept.wanted(5.0 + FRESH_S / 2)
    assert kept.wanted(5.0 + FRESH_S)
